"""Buttons. Those that decide are kept and worked; those that open a form open it at once."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from agent.slack.actions import EDIT, REJECT, RequestRef, unpacked
from agent.slack.client import SlackProblem
from agent.slack.identity import person_of_slack
from agent.slack.listeners.context import Listening
from agent.slack.render.build import Block
from agent.slack.render.modals import FormOrigin, edit_form, reject_form, told
from agent.views.approval import card_view
from engine.errors import PlanningError, Stale
from engine.service import approve


def register(app: AsyncApp, listening: Listening) -> None:
    @app.action(re.compile(".*"))
    async def pressed(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        if action["action_id"] in (EDIT, REJECT):
            await _open_form(listening, body, action)


async def _open_form(listening: Listening, body: dict[str, Any], action: dict[str, Any]) -> None:
    """Within the three seconds that the trigger lives; nothing is decided by opening."""
    view = await listening.threads.run_reserved(_form, listening, body, action)
    client = await listening.workspaces.client(str(body["team"]["id"]))
    try:
        await client.call("views.open", trigger_id=body["trigger_id"], view=view)
    except SlackProblem:
        return  # the trigger has expired; the button is still there to be pressed again


def _form(listening: Listening, body: dict[str, Any], action: dict[str, Any]) -> Block:
    company = listening.company
    try:
        person = person_of_slack(company, str(body["team"]["id"]), str(body["user"]["id"]))
        ref = unpacked(RequestRef, str(action.get("value", "")))
        card = approve.card(company.stores, ref.request, now=company.clock.now())
        if (card.state, card.revision, card.digest) != ("pending", ref.revision, ref.digest):
            raise Stale(f"{card.number} was decided or changed since this card was drawn.")
    except PlanningError as reason:
        return told("Not possible", str(reason))
    container = body.get("container", {})
    origin = FormOrigin(
        ref=ref,
        channel=str(body.get("channel", {}).get("id") or body["user"]["id"]),
        ts=str(container.get("message_ts", "")),
    )
    if action["action_id"] == EDIT:
        return edit_form(card.content, origin)
    return reject_form(card_view(card, person.id, company.settings.terminal.locale), origin)
