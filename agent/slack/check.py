"""`qm slack check`: whether the connection will work, and how to mend what will not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from agent.bootstrap import Company
from agent.health.check import Check
from agent.slack.client import Client, SlackProblem, client_of
from agent.slack.manifest import SCOPES
from engine.service import people

SKEW_SECONDS = 120  # Slack refuses signatures older than five minutes


@dataclass(frozen=True)
class _Said:
    answer: Any
    scopes: frozenset[str]
    at: datetime | None


async def checks(company: Company) -> AsyncIterator[Check]:
    """Tokens, scopes, clock, channels, people; the first failure that stops the rest ends it."""
    settings = company.settings.slack
    if settings.bot_token is None:
        yield _fail(
            "bot token",
            "slack.bot_token is not set.",
            "Create the app with `qm slack manifest`, install it, set QM_SLACK_BOT_TOKEN.",
        )
        return
    client = client_of(settings.bot_token.get_secret_value(), settings)
    try:
        said = await _auth(client)
    except SlackProblem as problem:
        yield _fail(
            "bot token",
            f"Slack refuses it: {problem}.",
            "Install the app again and set the xoxb-... token it shows.",
        )
        return
    yield _ok(
        "bot token", f"{said.answer['user']} in {said.answer['team']} ({said.answer['team_id']})"
    )
    yield _scopes(said)
    yield _clock(said, company.clock.now())
    yield await _app_token(company)
    for name in ("approvals_channel", "operators_channel"):
        channel = str(getattr(settings, name))
        if channel:
            yield await _channel(client, name, channel)
    yield _people(company, str(said.answer["team_id"]))


async def _auth(client: Client) -> _Said:
    answer = await client.raw("auth.test")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    told = headers.get("x-oauth-scopes", "")
    at = headers.get("date")
    return _Said(
        answer=answer.data,
        scopes=frozenset(part.strip() for part in told.split(",") if part.strip()),
        at=parsedate_to_datetime(at) if at else None,
    )


def _scopes(said: _Said) -> Check:
    missing = sorted(set(SCOPES) - said.scopes)
    if missing:
        return _fail(
            "scopes",
            f"missing: {', '.join(missing)}",
            "Paste `qm slack manifest` into the app's manifest and install it again.",
        )
    return _ok("scopes", f"all {len(SCOPES)}")


def _clock(said: _Said, now: datetime) -> Check:
    skew = abs((said.at - now).total_seconds()) if said.at else 0.0
    if skew > SKEW_SECONDS:
        return _fail(
            "clock",
            f"differs from Slack's by {skew:.0f} s",
            "Set this machine's clock (NTP); signed requests are refused otherwise.",
        )
    return _ok("clock", f"within {max(1, round(skew))} s of Slack's")


async def _app_token(company: Company) -> Check:
    settings = company.settings.slack
    if settings.transport == "http":
        if settings.signing_secret is None:
            return _fail(
                "signing secret",
                "slack.signing_secret is not set.",
                "Copy it from the app's Basic Information to QM_SLACK_SIGNING_SECRET.",
            )
        return _ok("signing secret", "set; requests over HTTP are checked with it")
    if settings.app_token is None:
        return _fail(
            "app token",
            "slack.app_token is not set.",
            "Make one with connections:write under Basic Information, App-Level Tokens.",
        )
    try:
        await client_of(settings.app_token.get_secret_value(), settings).call(
            "apps.connections.open"
        )
    except SlackProblem as problem:
        return _fail(
            "app token",
            f"Slack refuses it: {problem}.",
            "It must begin with xapp- and have the scope connections:write.",
        )
    return _ok("app token", "Socket Mode opens")


async def _channel(client: Client, name: str, channel: str) -> Check:
    try:
        told = (await client.call("conversations.info", channel=channel))["channel"]
    except SlackProblem as problem:
        return _fail(
            name,
            f"{channel}: {problem}",
            "Give the channel's id (C...), and /invite @Quartermaster in it.",
        )
    if told.get("is_archived"):
        return _fail(name, f"{channel} is archived", "Name another channel, or unarchive it.")
    if not told.get("is_member"):
        return _fail(name, f"we are not in {channel}", "Type /invite @Quartermaster there.")
    return _ok(name, f"{channel}: we are in it")


def _people(company: Company, team: str) -> Check:
    with company.stores.database.read() as look:
        known = people.slack_people(look, team)
    if not known:
        return Check(
            area="slack", name="people", verdict="warn",
            finding=f"nobody in the people file has a Slack id of {team}",
            next_step=f"Add slack: [{{team_id: {team}, user_id: U...}}] beside each person.",
        )  # fmt: skip
    return _ok("people", f"{known} mapped in {team}")


def _ok(name: str, finding: str) -> Check:
    return Check(area="slack", name=name, verdict="ok", finding=finding)


def _fail(name: str, finding: str, next_step: str) -> Check:
    return Check(area="slack", name=name, verdict="fail", finding=finding, next_step=next_step)
