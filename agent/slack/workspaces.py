"""The client of each workspace: one bot token from the settings, or those that installed us."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import structlog
from slack_bolt.authorization import AuthorizeResult

from agent.bootstrap import Company
from agent.slack.client import Client, Refused, SlackProblem, client_of
from agent.slack.installing import Installations, Installed
from agent.slack.sealing import Tokens, sealer_of
from agent.surfaces import SlackSettings
from agent.threads import Threads
from agent.worker.loop import new_owner
from engine.errors import BadSettings
from engine.service.leases import Lease, acquire_lease

RENEWED_BEFORE = timedelta(hours=2)  # a token lives for twelve; both work for a while
LEASE_SECONDS = 30.0
UNREADABLE = "tokens_sealed_with_another_key"
log = structlog.get_logger("qm.slack")


class Workspaces(Protocol):
    async def client(self, team: str) -> Client:
        """Raises Refused for a workspace that has not installed us."""
        ...

    async def authorized(self, team: str) -> AuthorizeResult | None:
        """Who we are there; None for a workspace whose requests we do not take."""
        ...

    async def gone(self, team: str) -> None:
        """The workspace has uninstalled us, or revoked our token."""
        ...


def workspaces_of(company: Company, threads: Threads) -> Workspaces:
    """As the settings say; a bot token wins, because it is the simpler thing."""
    slack = company.settings.slack
    if slack.bot_token is not None:
        return OneWorkspace(slack)
    if slack.is_installable:
        installed = Installations(company, sealer_of(company.settings), threads)
        return InstalledWorkspaces(company, installed, threads)
    raise BadSettings(
        "Neither a Slack bot token nor a client id with its secret. Create the app with `qm slack "
        "manifest`, install it, and set QM_SLACK_BOT_TOKEN to its xoxb-... token; for workspaces "
        "that install it themselves set QM_SLACK_CLIENT_ID and QM_SLACK_CLIENT_SECRET."
    )


class OneWorkspace:
    """A single bot token; which workspace it is of, Slack is asked once."""

    def __init__(self, settings: SlackSettings) -> None:
        if settings.bot_token is None:
            raise BadSettings("No Slack bot token: set QM_SLACK_BOT_TOKEN.")
        self._settings = settings
        self._token = settings.bot_token.get_secret_value()
        self._client = client_of(self._token, settings)
        self._known: AuthorizeResult | None = None
        self._asking = asyncio.Lock()

    async def client(self, team: str) -> Client:  # noqa: ARG002  the token is of one workspace
        return self._client

    async def authorized(self, team: str) -> AuthorizeResult | None:
        try:
            known = await self._who_we_are()
        except SlackProblem:  # what people do meanwhile is kept, if we know that it is theirs
            if team != self._settings.team:
                raise
            return AuthorizeResult(enterprise_id=None, team_id=team, bot_token=self._token)
        if team != known.team_id:
            log.warning("another workspace", team=team)
            return None
        return known

    async def gone(self, team: str) -> None:
        log.error("the bot token was revoked: install the app again", team=team)

    async def _who_we_are(self) -> AuthorizeResult:
        async with self._asking:
            if self._known is None:
                said = await self._client.call("auth.test")
                self._known = AuthorizeResult(
                    enterprise_id=said.get("enterprise_id"), team_id=said["team_id"],
                    bot_user_id=said["user_id"], bot_id=said.get("bot_id"), bot_token=self._token,
                )  # fmt: skip
            return self._known


class InstalledWorkspaces:
    """Tokens of workspaces that installed us, renewed before they end by one of the replicas."""

    def __init__(self, company: Company, installed: Installations, threads: Threads) -> None:
        self._company = company
        self._installed = installed
        self._threads = threads
        self._owner = new_owner()
        self._renewing = asyncio.Lock()

    async def client(self, team: str) -> Client:
        found = await self._current(team or await self._installed.only_team())
        if found is None:
            raise Refused("not_installed")
        return client_of(found.tokens.bot, self._company.settings.slack)

    async def authorized(self, team: str) -> AuthorizeResult | None:
        found = await self._opened(team)  # renewed by whoever answers: an ack waits for nobody
        if found is None:
            log.warning("not installed", team=team)
            return None
        kept = found.kept
        return AuthorizeResult(
            enterprise_id=kept.enterprise, team_id=kept.team, bot_user_id=kept.bot_user_id,
            bot_id=kept.bot_id, bot_token=found.tokens.bot,
        )  # fmt: skip

    async def gone(self, team: str) -> None:
        """Forget the workspace, unless its token works.

        Slack sends again what it thinks unheard: an old word of uninstalling must not end an
        installation that was made since.
        """
        try:
            await (await self.client(team)).call("auth.test")
        except SlackProblem:
            await self._installed.async_delete_all(team_id=team)
            return
        log.warning("said to be uninstalled, but its token works", team=team)

    async def _opened(self, team: str) -> Installed | None:
        try:
            return await self._installed.find(team)
        except BadSettings as reason:  # a person must give the key; nothing is lost until then
            log.error("tokens cannot be opened", team=team, reason=str(reason))  # noqa: TRY400  no bug
            raise Refused(UNREADABLE) from reason

    async def _current(self, team: str) -> Installed | None:
        found = await self._opened(team)
        if found is None or not self._is_ending(found) or not await self._is_mine_to_renew(team):
            return found
        try:
            async with self._renewing:
                return await self._renewed(team)
        except SlackProblem as problem:  # the old one lives for a while; tried again soon
            log.warning("token not renewed", team=team, reason=str(problem))
            return found

    def _is_ending(self, found: Installed) -> bool:
        ends, has_refresh = found.kept.expires_at, found.tokens.refresh is not None
        return (
            has_refresh and ends is not None and ends - self._company.clock.now() < RENEWED_BEFORE
        )

    async def _is_mine_to_renew(self, team: str) -> bool:
        """A refresh token works once: only one replica may use it."""
        return await self._threads.run(self._lease, team) is not None

    def _lease(self, team: str) -> Lease | None:
        return acquire_lease(
            self._company.stores.database, name=f"slack-token:{team}", owner=self._owner,
            now=self._company.clock.now(), seconds=LEASE_SECONDS,
        )  # fmt: skip

    async def _renewed(self, team: str) -> Installed | None:
        found = await self._installed.find(team)
        if found is None or not self._is_ending(found):  # another replica was first
            return found
        slack, now = self._company.settings.slack, self._company.clock.now()
        said = await client_of(None, slack).call_form(
            "oauth.v2.access", client_id=slack.client_id, client_secret=secret_of(slack),
            grant_type="refresh_token", refresh_token=found.tokens.refresh,
        )  # fmt: skip
        ends = now + timedelta(seconds=int(said["expires_in"]))
        made = Installed(
            kept=replace(found.kept, expires_at=ends),
            tokens=Tokens(team=team, bot=said["access_token"], refresh=said["refresh_token"]),
        )
        await self._installed.keep(made)
        log.info("token renewed", team=team)
        return made


def secret_of(slack: SlackSettings) -> str:
    """The client secret; raises BadSettings without one."""
    if slack.client_secret is None:
        raise BadSettings("slack.client_id is set, but QM_SLACK_CLIENT_SECRET is not: set both.")
    return slack.client_secret.get_secret_value()
