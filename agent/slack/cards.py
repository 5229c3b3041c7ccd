"""Where approval cards stand, and keeping them true whoever decides, wherever they decide."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from agent.bootstrap import Company
from agent.slack.drawing import FINAL, card_state
from agent.surfaces import SLACK
from agent.views.notices import told as told_as
from engine.errors import UnknownName
from engine.service import approve, conversation, people, posts
from engine.service.approval_card import ApprovalCard
from engine.service.conversation import Notice
from engine.service.posts import Place

CARDS = ("card", "reminder")  # kinds of posts that show a request


def want_card(company: Company, work: sa.Connection, request_id: int, now: datetime) -> None:
    """Have the card of a request stand in the approvals channel, or with each who may approve."""
    for place in _places(company, request_id):
        posts.want(
            work, key=f"card:{request_id}:{place.channel}", surface=SLACK, place=place,
            kind="card", ref={"request": request_id}, now=now,
        )  # fmt: skip


def keep_cards(company: Company) -> int:
    """Cards for new requests, and anew for those whose request stands otherwise than shown."""
    stores, now = company.stores, company.clock.now()
    waiting = {card.request_id: card for card in approve.pending(stores, now=now)}
    standing = posts.standing(stores.database, surface=SLACK, kinds=CARDS, final=FINAL)
    stale = [
        each.key for each in standing
        if _state(company, waiting.get(int(each.ref["request"])), int(each.ref["request"]), now)
        != each.seen
    ]  # fmt: skip
    missing = [
        request for request in waiting
        if not posts.exists(stores.database, f"card:{request}:")
    ]  # fmt: skip
    if stale or missing:
        with stores.database.write() as work:
            for key in stale:
                posts.redraw(work, key, now)
            for request in missing:
                want_card(company, work, request, now)
    return len(stale) + len(missing)


def tell_outcomes(company: Company) -> int:
    """Whoever asked hears what became of it, in a message of their own; once."""
    now = company.clock.now()
    told = 0
    with company.stores.database.write() as work:
        for notice in conversation.untold_notices(work):
            place = _own_messages(work, notice.person_id)
            if place is None or notice.kind == "reminder":  # its own post asks with the card
                continue  # they look elsewhere: the terminal tells them
            posts.want(
                work, key=f"notice:{notice.key}:{notice.person_id}", surface=SLACK, place=place,
                **_said(notice), now=now,
            )  # fmt: skip
            conversation.mark_told(work, notice.id, now)
            told += 1
    return told


def _said(notice: Notice) -> dict[str, Any]:
    """A decision is told as it stands when it is drawn, anything else in its own sentence."""
    if notice.kind == "decision":
        return {"kind": "outcome", "ref": {"request": notice.payload["request_id"]}}
    if notice.kind == "assigned":
        given = notice.payload
        lead = f"{given['by']} asks you to look after this."
        return {"kind": "assignment", "ref": {"assignment": given["assignment"], "lead": lead}}
    return {"kind": "note", "ref": {"text": told_as(notice.kind, notice.payload)}}


def _places(company: Company, request_id: int) -> Iterable[Place]:
    slack = company.settings.slack
    if slack.approvals_channel:
        return [Place(team=slack.team, channel=slack.approvals_channel)]
    card = approve.card(company.stores, request_id, now=company.clock.now())
    with company.stores.database.read() as look:
        own = [_own_messages(look, person) for person in card.who_may]
    return [place for place in own if place is not None]


def _own_messages(look: sa.Connection, person_id: str) -> Place | None:
    """A person's direct messages; None for one without a Slack identity."""
    identity = people.slack_identity(look, person_id)
    return None if identity is None else Place(team=identity.team_id, channel=identity.user_id)


def _state(company: Company, waiting: ApprovalCard | None, request_id: int, now: datetime) -> str:
    if waiting is not None:
        return card_state(waiting)
    try:
        return card_state(approve.card(company.stores, request_id, now=now))
    except UnknownName:
        return FINAL
