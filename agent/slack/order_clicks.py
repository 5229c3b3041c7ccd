"""An order changed by a form, and all its lines as files."""

from collections.abc import Mapping
from typing import Any

from agent.bootstrap import Company
from agent.slack.actions import RequestRef
from agent.slack.answered import Answered, answer
from agent.slack.incoming import home_of
from agent.slack.render.modals import LINE
from agent.surfaces import SLACK
from engine.errors import InvalidInput, Stale
from engine.model.people import Person
from engine.purchase.order import OrderContent
from engine.purchase.revise import Change, ChangeUnits, RemoveLine
from engine.service import approve, posts, purchase
from engine.service.posts import Place

DIGITS = 9  # of a quantity: more is no order, and more than a database holds


def edit(
    company: Company,
    person: Person,
    payload: Mapping[str, Any],
    ref: RequestRef,
    reason: str,
) -> Answered:
    """A new revision, proposed at once: whoever changed it cannot approve it themselves."""
    now = company.clock.now()
    card = approve.card(company.stores, ref.request, now=now)
    if (card.revision, card.digest) != (ref.revision, ref.digest):
        raise Stale(f"{card.number} was changed since the form was opened. Look at its new card.")
    view = purchase.revise(
        company.stores,
        card.number,
        changes=_changes(card.content, payload["values"]),
        person=person,
        now=now,
        why=reason or "changed in Slack",
        expected_revision=ref.revision,
    )
    if view.revision == ref.revision:
        return answer(payload, f"{card.number} stays as it was: nothing was changed.")
    proposed = purchase.propose(company.stores, card.number, person=person, now=now)
    sentence = f"{card.number} is changed and waits for approval at revision {proposed.revision}."
    return answer(payload, sentence, request=ref.request)


def all_lines(company: Company, payload: Mapping[str, Any], ref: RequestRef) -> Answered:
    """The whole order as files in the card's thread, for everybody who decides on it."""
    place = Place(team=home_of(payload), channel=str(payload["channel"]), thread=payload["ts"])
    with company.stores.database.write() as work:
        for kind in ("pdf", "csv"):
            posts.want(
                work, key=f"order:{ref.request}:{ref.revision}:{place.channel}:{kind}",
                surface=SLACK, place=place, kind="order",
                ref={"request": ref.request, "format": kind}, now=company.clock.now(),
            )  # fmt: skip
    return answer(payload, "All lines follow in the thread of the card.")


def _changes(content: OrderContent, values: Mapping[str, str]) -> list[Change]:
    """The lines whose quantity differs; zero takes one out."""
    changes: list[Change] = []
    for place, line in enumerate(content.lines):
        given = values.get(f"{LINE}{place}", "").strip()
        if not given:
            continue
        if not (given.isascii() and given.isdecimal() and len(given) <= DIGITS):
            raise InvalidInput(f"{given!r} is no number of units of {line.sku}.")
        units = int(given)
        if units != line.units:
            changes.append(
                ChangeUnits(line=line.line, units=units) if units else RemoveLine(line=line.line)
            )
    return changes
