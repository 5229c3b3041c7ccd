"""Buttons. Those that decide are kept and worked; those that open a form open it at once."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from agent.bootstrap import Company
from agent.slack.actions import ASSIGN, EDIT, FORMS, SNOOZE, FindingRef, RequestRef, unpacked
from agent.slack.client import SlackProblem
from agent.slack.identity import person_of_slack
from agent.slack.incoming import team_of
from agent.slack.listeners.context import Listening
from agent.slack.render.build import Block
from agent.slack.render.modals import (
    Choice,
    FormOrigin,
    assign_form,
    edit_form,
    reject_form,
    snooze_form,
    told,
)
from agent.views.approval import card_view
from agent.views.digest import finding_of
from engine.errors import PlanningError, Stale
from engine.model.people import Person
from engine.service import approve, people
from engine.service.company import order_day
from engine.service.reading import run_header

TOO_LATE = "The form could not be opened in time, and nothing was changed. Press it again."
log = structlog.get_logger("qm.slack")
A_WEEK = 7  # days: what is offered as the end of a snooze


def register(app: AsyncApp, listening: Listening) -> None:
    @app.action(re.compile(".*"))
    async def pressed(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], context: Mapping[str, Any]
    ) -> None:
        await ack()
        if action["action_id"] in FORMS:
            await _open_form(listening, body, action, str(context["team_id"]))


async def _open_form(
    listening: Listening, body: dict[str, Any], action: dict[str, Any], home: str
) -> None:
    """Within the three seconds that the trigger lives; nothing is decided by opening."""
    view = await listening.threads.run_reserved(_form, listening, body, action)
    try:
        client = await listening.workspaces.client(home)
        await client.call("views.open", trigger_id=body["trigger_id"], view=view)
    except SlackProblem as problem:
        log.warning("no form", action=action["action_id"], reason=str(problem))
        await _say_again(listening, body, home)


async def _say_again(listening: Listening, body: dict[str, Any], home: str) -> None:
    """The trigger has expired, or Slack failed: nothing was decided, and the button still works."""
    user = str(body["user"]["id"])
    channel = str(body.get("channel", {}).get("id") or user)
    with suppress(SlackProblem):
        client = await listening.workspaces.client(home)
        await client.call("chat.postEphemeral", channel=channel, user=user, text=TOO_LATE)


def _form(listening: Listening, body: dict[str, Any], action: dict[str, Any]) -> Block:
    company, value = listening.company, str(action.get("value", ""))
    try:
        person = person_of_slack(company, team_of(body), str(body["user"]["id"]))
        if action["action_id"] in (SNOOZE, ASSIGN):
            finding = unpacked(FindingRef, value)
            return _finding_form(company, body, action["action_id"], finding)
        return _order_form(company, body, person, action["action_id"], unpacked(RequestRef, value))
    except PlanningError as reason:
        return told("Not possible", str(reason))


def _order_form(
    company: Company, body: dict[str, Any], person: Person, action: str, ref: RequestRef
) -> Block:
    card = approve.card(company.stores, ref.request, now=company.clock.now())
    if (card.state, card.revision, card.digest) != ("pending", ref.revision, ref.digest):
        raise Stale(f"{card.number} was decided or changed since this card was drawn.")
    if action == EDIT:
        return edit_form(card.content, _origin(body, ref))
    view = card_view(card, person.id, company.settings.terminal.locale)
    return reject_form(view, _origin(body, ref))


def _finding_form(company: Company, body: dict[str, Any], action: str, ref: FindingRef) -> Block:
    now, locale = company.clock.now(), company.settings.terminal.locale
    finding = finding_of(company.stores, run_header(company.stores, ref.run), ref.key, locale, now)
    if finding is None:
        raise Stale("This is settled or put off already.")
    origin = _origin(body, ref)
    with company.stores.database.read() as look:
        until = order_day(look, now) + timedelta(days=A_WEEK)
    if action == SNOOZE:
        return snooze_form(finding.headline, until, origin)
    known = [Choice(each.id, each.name) for each in people.everyone(company.stores)]
    return assign_form(finding.headline, known, until, origin)


def _origin(body: dict[str, Any], ref: RequestRef | FindingRef) -> FormOrigin:
    return FormOrigin(
        ref=ref,
        channel=str(body.get("channel", {}).get("id") or body["user"]["id"]),
        ts=str(body.get("container", {}).get("message_ts", "")),
    )
