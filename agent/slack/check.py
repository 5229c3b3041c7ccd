"""`qm slack check`: whether the connection will work, and how to mend what will not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from agent.bootstrap import Company
from agent.health.check import Check
from agent.slack.client import Client, SlackProblem, client_of
from agent.slack.installing import Installations, teams
from agent.slack.manifest import INSTALL_PATH, SCOPES
from agent.slack.sealing import sealer_of
from agent.slack.workspaces import InstalledWorkspaces
from agent.threads import Threads
from engine.service import people

SKEW_SECONDS = 120  # Slack refuses signatures older than five minutes


@dataclass(frozen=True)
class _Said:
    answer: Any
    scopes: frozenset[str]
    at: datetime | None


async def checks(company: Company) -> AsyncIterator[Check]:
    """Tokens, scopes, clock, channels, people; the first failure that stops the rest ends it."""
    slack = company.settings.slack
    if slack.bot_token is not None:
        client = client_of(slack.bot_token.get_secret_value(), slack)
        async for each in _workspace(company, "bot token", client):
            yield each
    elif slack.client_id:
        async for each in _installed(company):
            yield each
    else:
        yield _fail(
            "bot token",
            "neither slack.bot_token nor slack.client_id is set.",
            "Create the app with `qm slack manifest`, install it, set QM_SLACK_BOT_TOKEN.",
        )
        return
    yield await _app_token(company)


async def _workspace(company: Company, name: str, client: Client) -> AsyncIterator[Check]:
    """Everything that one workspace's token has to do with."""
    settings = company.settings.slack
    try:
        said = await _auth(client)
    except SlackProblem as problem:
        yield _fail(
            name,
            f"Slack refuses it: {problem}.",
            "Install the app again and set the xoxb-... token it shows.",
        )
        return
    team = str(said.answer["team_id"])
    yield _ok(name, f"{said.answer['user']} in {said.answer['team']} ({team})")
    yield _scopes(said)
    yield _clock(said, company.clock.now())
    if settings.team in ("", team):
        for channel_name in ("approvals_channel", "operators_channel"):
            channel = str(getattr(settings, channel_name))
            if channel:
                yield await _channel(client, channel_name, channel)
        for digest in company.settings.digests:
            yield await _channel(client, f"digest {digest.name}", digest.channel)
    elif settings.bot_token is not None:
        yield _fail(
            "workspace",
            f"slack.team is {settings.team}, but the bot token is of {team}.",
            "Set QM_SLACK_TEAM to the token's workspace, or leave it out.",
        )
    yield _people(company, team)


async def _installed(company: Company) -> AsyncIterator[Check]:
    """Each workspace that installed us, and what the next one needs."""
    slack = company.settings.slack
    if slack.client_secret is None:
        yield _fail(
            "client secret",
            "slack.client_secret is not set.",
            "Copy it from the app's Basic Information to QM_SLACK_CLIENT_SECRET.",
        )
        return
    if not slack.public_url.startswith("https://"):
        yield _fail(
            "public url",
            f"slack.public_url is {slack.public_url!r}; Slack sends browsers back over https only.",
            "Set QM_SLACK_PUBLIC_URL to the address of `qm serve`, as in the manifest.",
        )
    threads = Threads(1)
    try:
        sealer, found = sealer_of(company.settings), teams(company)
        workspaces = InstalledWorkspaces(company, Installations(company, sealer, threads), threads)
        for team in found:
            try:
                client = await workspaces.client(team)
            except SlackProblem as problem:
                yield _fail(team, str(problem), "See slack.seal_key; or install it there again.")
                continue
            async for each in _workspace(company, team, client):
                yield each
    finally:
        threads.close()
    if not found:
        yield Check(
            area="slack", name="workspaces", verdict="warn", finding="none has installed it yet",
            next_step=f"Open {slack.public_url.rstrip('/')}{INSTALL_PATH} while `qm serve` runs.",
        )  # fmt: skip


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
