"""Workspaces that install us themselves: slack_sdk's ports on our tables, tokens sealed.

Only workspaces that the settings or the people file name may install; anybody else's administrator
who finds the address is refused, whatever Slack says.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from logging import Logger
from typing import Any

import structlog
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Bot, Installation as Given
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from agent.bootstrap import Company
from agent.slack.sealing import Sealer, Tokens
from agent.surfaces import SLACK
from agent.threads import Threads
from engine.service import installations, people
from engine.service.installations import Installation

STATE_SECONDS = 600
log = structlog.get_logger("qm.slack")


@dataclass(frozen=True, kw_only=True)
class Installed:
    """A workspace with its tokens opened."""

    kept: Installation
    tokens: Tokens


class Installations(AsyncInstallationStore):
    """What Bolt's flow saves into, and what everything here reads tokens from."""

    def __init__(self, company: Company, sealer: Sealer, threads: Threads) -> None:
        self._company = company
        self._database = company.stores.database
        self._sealer = sealer
        self._threads = threads

    @property
    def logger(self) -> Logger:
        raise NotImplementedError("structlog writes what is worth telling")

    async def async_save(self, installation: Given) -> None:
        """Raises BoltError, which the flow shows as a failure, for a workspace that may not."""
        team = installation.team_id
        if team is None or installation.bot_token is None or installation.is_enterprise_install:
            raise BoltError("Quartermaster is installed in one workspace, not in an organisation.")
        if not await self._threads.run(may_install, self._company, team):
            log.warning("installation refused", team=team)
            raise BoltError(f"Workspace {team} is not among those that may install this.")
        kept = Installation(
            team=team, enterprise=installation.enterprise_id, bot_id=installation.bot_id,
            bot_user_id=installation.bot_user_id, scopes=tuple(installation.bot_scopes or ()),
            sealed=b"", installed_by=installation.user_id,
            expires_at=self._ends(installation),
        )  # fmt: skip
        refresh = installation.bot_refresh_token
        tokens = Tokens(team=team, bot=installation.bot_token, refresh=refresh)
        await self.keep(Installed(kept=kept, tokens=tokens))
        log.info("installed", team=team, by=installation.user_id)

    def _ends(self, installation: Given) -> datetime | None:
        """When its token ends, by our clock; slack_sdk reads the machine's."""
        ends = installation.bot_token_expires_at
        if ends is None:
            return None
        lives = max(ends - installation.installed_at, 0.0)
        return self._company.clock.now() + timedelta(seconds=lives)

    async def keep(self, installed: Installed) -> None:
        """Seal the tokens and write the row."""
        await self._threads.run(self._keep, installed)

    async def find(self, team: str) -> Installed | None:
        """Raises BadSettings when the tokens are sealed with a key that is not given."""
        return await self._threads.run_ack(self._find, team)

    async def async_find_bot(self, *, team_id: str | None, **_ids: object) -> Bot | None:
        found = await self.find(team_id or "")
        return None if found is None else _as_given(found).to_bot()

    async def async_find_installation(self, *, team_id: str | None, **_ids: object) -> Given | None:
        found = await self.find(team_id or "")
        return None if found is None else _as_given(found)

    async def async_delete_bot(self, *, team_id: str | None, **_ids: object) -> None:
        await self.async_delete_all(team_id=team_id)

    async def async_delete_all(self, *, team_id: str | None, **_ids: object) -> None:
        """Uninstalled, or its tokens were revoked: they are forgotten at once."""
        team = team_id or ""
        if await self._threads.run(installations.remove, self._database, SLACK, team):
            log.warning("uninstalled", team=team)

    async def only_team(self) -> str:
        """The workspace of channels that the settings name without one: the only one there is."""
        every = await self._threads.run(installations.every, self._database, SLACK)
        return every[0].team if len(every) == 1 else ""

    def _keep(self, installed: Installed) -> None:
        sealed = replace(installed.kept, sealed=self._sealer.seal(installed.tokens))
        installations.save(self._database, SLACK, sealed, now=self._company.clock.now())

    def _find(self, team: str) -> Installed | None:
        kept = installations.find(self._database, SLACK, team)
        if kept is None:
            return None
        return Installed(kept=kept, tokens=self._sealer.opened(kept.sealed, team))


class InstallStates(AsyncOAuthStateStore):
    """Each way to Slack and back is used once, within ten minutes, whichever replica it reaches."""

    def __init__(self, company: Company, threads: Threads) -> None:
        self._company = company
        self._threads = threads

    @property
    def logger(self) -> Logger:
        raise NotImplementedError("structlog writes what is worth telling")

    async def async_issue(self, *_given: Any, **_more: Any) -> str:  # noqa: ANN401  slack_sdk's port
        state = secrets.token_urlsafe(32)
        await self._threads.run(self._begin, state)
        return state

    async def async_consume(self, state: str) -> bool:
        return await self._threads.run(self._take, state)

    def _begin(self, state: str) -> None:
        now = self._company.clock.now()
        until = now + timedelta(seconds=STATE_SECONDS)
        installations.begin(self._company.stores.database, state, expires_at=until, now=now)

    def _take(self, state: str) -> bool:
        now = self._company.clock.now()
        return installations.take_begun(self._company.stores.database, state, now=now)


def may_install(company: Company, team: str) -> bool:
    """The settings name the workspace, or somebody in the people file is of it."""
    if team in company.settings.slack.teams:
        return True
    with company.stores.database.read() as look:
        return people.slack_people(look, team) > 0


def teams(company: Company) -> tuple[str, ...]:
    """The workspaces that have installed us."""
    every = installations.every(company.stores.database, SLACK)
    return tuple(each.team for each in every)


def reseal(company: Company, sealer: Sealer) -> int:
    """Seal every workspace's tokens with the first key; how many there are."""
    database, now = company.stores.database, company.clock.now()
    every = installations.every(database, SLACK)
    for each in every:
        sealed = sealer.seal(sealer.opened(each.sealed, each.team))
        installations.save(database, SLACK, replace(each, sealed=sealed), now=now)
    return len(every)


def _as_given(found: Installed) -> Given:
    kept, tokens = found.kept, found.tokens
    return Given(
        team_id=kept.team, enterprise_id=kept.enterprise, bot_token=tokens.bot,
        bot_id=kept.bot_id, bot_user_id=kept.bot_user_id, bot_scopes=list(kept.scopes),
        bot_refresh_token=tokens.refresh, bot_token_expires_at=kept.expires_at,
        user_id=kept.installed_by or "",
    )  # fmt: skip
