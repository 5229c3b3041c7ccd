"""Several workspaces: installing, tokens sealed and renewed, and who is turned away."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from pydantic import SecretStr

from agent.bootstrap import Company
from agent.slack import installing, oauth
from agent.slack.client import Refused
from agent.slack.installing import Installations
from agent.slack.sealing import Tokens, sealer_of
from agent.slack.workspaces import InstalledWorkspaces
from agent.surfaces import SLACK, SlackSettings
from agent.threads import Threads
from engine.errors import BadSettings
from engine.service import inbox, installations
from engine.store.tables.surfaces import installations as table
from evals.rigs.slacksim import acts
from evals.rigs.slacksim.living import living
from evals.rigs.slacksim.server import Slack, until
from evals.rigs.slacksim.state import Json, Workspace
from support.agent import assistant_for
from support.slack import BEA, MAX, said

OLD, NEW = "an old key that is long enough", "a new key that is long enough"
HOURS_11 = timedelta(hours=11)


@dataclass
class Shop:
    """The pages of `qm serve`, a browser, and the workspaces it may install into."""

    slack: Slack
    company: Company
    browser: httpx.AsyncClient
    installed: Installations
    threads: Threads

    def workspaces(self) -> InstalledWorkspaces:
        """One more replica."""
        return InstalledWorkspaces(self.company, self.installed, self.threads)

    async def begin(self) -> dict[str, str]:
        """Press "Add to Slack": the state that Slack is told, and the cookie beside it."""
        page = await self.browser.get("/slack/install")
        address = re.search(r'href="([^"]+oauth/v2/authorize[^"]+)"', page.text)
        assert address is not None
        state = parse_qs(urlsplit(address[1].replace("&amp;", "&")).query)["state"][0]
        assert state in page.headers["set-cookie"]
        assert "Secure" in page.headers["set-cookie"]
        return {"state": state}

    async def come_back(self, world: Workspace, state: str, *, cookie: bool = True) -> int:
        code = self.slack.installs.agree(world, MAX)
        cookies = {"slack-app-oauth-state": state} if cookie else {}
        answer = await self.browser.get(
            "/slack/oauth_redirect", params={"code": code, "state": state},
            headers={"cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())},
        )  # fmt: skip
        return answer.status_code

    async def install(self, world: Workspace) -> int:
        return await self.come_back(world, (await self.begin())["state"])


def installable(company: Company, slack: Slack, **other: object) -> Company:
    settings = SlackSettings(
        client_id=slack.installs.client_id, api_url=slack.url,
        client_secret=SecretStr(slack.installs.client_secret), seal_key=SecretStr(OLD),
        app_token=SecretStr(slack.app_token), signing_secret=SecretStr(slack.signing_secret),
        public_url="https://qm.test", teams=("T2",), poll_seconds=0.02, **other,  # type: ignore[arg-type]  a test's own
    )  # fmt: skip
    loaded = replace(
        company.loaded, settings=company.settings.model_copy(update={"slack": settings})
    )
    return replace(company, loaded=loaded)


@pytest.fixture
async def shop(company: Company, slack: Slack) -> AsyncIterator[Shop]:
    living_in, threads = installable(company, slack, transport="http"), Threads(2)
    app = FastAPI()
    app.include_router(oauth.router(oauth.install_flow(living_in, threads)))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://qm.test") as browser:
        installed = Installations(living_in, sealer_of(living_in.settings), threads)
        yield Shop(slack, living_in, browser, installed, threads)
    threads.close()


def other_world(slack: Slack, team: str = "T2") -> Workspace:
    world = Workspace(team=team, bot_user="U0SECOND")
    world.add_user(BEA)
    world.direct(BEA)
    world.upload_url = slack.world.upload_url
    return world


def kept(company: Company) -> list[str]:
    return [each.team for each in installations.every(company.stores.database, SLACK)]


async def test_a_workspace_installs_and_its_tokens_rest_sealed(shop: Shop) -> None:
    world = other_world(shop.slack)
    assert await shop.install(world) == 200
    assert kept(shop.company) == ["T2"]
    with shop.company.stores.database.read() as look:
        row = look.execute(sa.select(table)).one()
    assert b"xox" not in row.sealed
    assert row.installed_by == MAX
    client = await shop.workspaces().client("T2")
    assert (await client.call("auth.test"))["team_id"] == "T2"
    client = await shop.workspaces().client("")  # channels of the settings: the only workspace
    assert (await client.call("auth.test"))["team_id"] == "T2"


async def test_a_way_back_is_used_once_in_time_by_the_browser_that_began(shop: Shop) -> None:
    world, state = other_world(shop.slack), (await shop.begin())["state"]
    assert await shop.come_back(world, state, cookie=False) == 400
    assert await shop.come_back(world, "made-up") == 401
    assert await shop.come_back(world, state) == 200
    assert await shop.come_back(world, state) == 401
    late = (await shop.begin())["state"]
    shop.company.clock.advance(601)  # type: ignore[attr-defined]  set by hand
    assert await shop.come_back(world, late) == 401


async def test_a_workspace_that_nobody_named_is_refused(shop: Shop) -> None:
    assert await shop.install(other_world(shop.slack, "T9")) == 500
    assert kept(shop.company) == []
    assert await shop.install(other_world(shop.slack, "T1")) == 200  # people are of it


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_each_workspace_is_answered_with_its_own_token_and_strangers_are_not(
    shop: Shop, transport: str
) -> None:
    one, two = shop.slack.world, other_world(shop.slack)
    for world in (one, two):
        await shop.install(world)
    company = installable(shop.company, shop.slack, transport=transport)
    async with living(assistant_for(company), shop.slack):
        await shop.slack.deliver("events_api", acts.say(shop.slack, BEA, "D1", "help"))
        await until(lambda: one.of_bot("D1"))
        await shop.slack.deliver("events_api", _of(two, acts.say(shop.slack, BEA, "D1", "help")))
        answer = await until(lambda: two.of_bot("D1"))
        assert "I do not know you yet" in said(answer[0])  # known in T1 by this id, not in T2
        foreign = _of(other_world(shop.slack, "T9"), acts.say(shop.slack, BEA, "D1", "help"))
        await shop.slack.deliver("events_api", foreign)
        await until(lambda: inbox.counts(company.stores.database) == {"done": 2})


def _of(world: Workspace, event: Json) -> Json:
    """The same, as another workspace would send it."""
    event["event"]["team"] = event["team_id"] = event["authorizations"][0]["team_id"] = world.team
    return event


@pytest.mark.parametrize(
    ("event", "is_gone"),
    [
        ({"type": "app_uninstalled"}, True),
        ({"type": "tokens_revoked", "tokens": {"bot": ["U0SECOND"]}}, True),
        ({"type": "tokens_revoked", "tokens": {"oauth": [BEA]}}, False),
    ],
    ids=["uninstalled", "token revoked", "a person's token revoked"],
)
async def test_who_uninstalls_is_forgotten(shop: Shop, event: Json, *, is_gone: bool) -> None:
    await shop.install(other_world(shop.slack))
    if is_gone:
        shop.slack.installs.worlds.clear()  # as Slack takes back its tokens before it says so
    async with living(assistant_for(shop.company), shop.slack):
        body = _of(other_world(shop.slack), acts.say(shop.slack, BEA, "D1", ""))
        await shop.slack.deliver("events_api", {**body, "event": event})
        await until(lambda: kept(shop.company) == ([] if is_gone else ["T2"]))
        if is_gone:
            with pytest.raises(Refused, match="not_installed"):
                await shop.workspaces().client("T2")


async def test_an_old_word_of_uninstalling_does_not_end_a_new_installation(shop: Shop) -> None:
    await shop.install(other_world(shop.slack))
    shop.slack.installs.worlds.clear()
    await shop.install(other_world(shop.slack))
    await shop.workspaces().gone("T2")
    assert kept(shop.company) == ["T2"]


async def test_a_token_that_ends_soon_is_renewed_once_whoever_asks(shop: Shop) -> None:
    await shop.install(other_world(shop.slack))
    replicas = [shop.workspaces() for _ in range(2)]
    before = (await replicas[0].client("T2")).web.token
    shop.company.clock.advance(HOURS_11.total_seconds())  # type: ignore[attr-defined]  by hand
    await asyncio.gather(*(each.client("T2") for each in (*replicas, *replicas)))
    found = await shop.installed.find("T2")
    assert found is not None
    assert found.tokens.bot != before
    assert len([name for name, _ in shop.slack.calls if name == "oauth.v2.access"]) == 2
    assert (await replicas[1].client("T2")).web.token == found.tokens.bot


async def test_a_token_that_cannot_be_renewed_now_is_used_while_it_lives(shop: Shop) -> None:
    await shop.install(other_world(shop.slack))
    replica = shop.workspaces()
    before = (await replica.client("T2")).web.token
    shop.company.clock.advance(HOURS_11.total_seconds())  # type: ignore[attr-defined]  by hand
    shop.slack.installs.refreshes.clear()
    assert (await replica.client("T2")).web.token == before


async def test_a_request_is_taken_without_waiting_for_a_token_to_be_renewed(shop: Shop) -> None:
    await shop.install(other_world(shop.slack))
    shop.company.clock.advance(HOURS_11.total_seconds())  # type: ignore[attr-defined]  by hand
    asked = len(shop.slack.calls)
    known = await shop.workspaces().authorized("T2")
    assert known is not None
    assert known.team_id == "T2"
    assert len(shop.slack.calls) == asked


async def test_the_key_is_changed_without_losing_a_token(shop: Shop) -> None:
    await shop.install(other_world(shop.slack))
    both = with_key(shop.company, f"{NEW},{OLD}")
    assert installing.reseal(both, sealer_of(both.settings)) == 1
    only_new = with_key(shop.company, NEW)
    found = Installations(only_new, sealer_of(only_new.settings), shop.threads)
    assert (await found.find("T2")) is not None
    with pytest.raises(BadSettings, match="QM_SLACK_SEAL_KEY"):
        await shop.installed.find("T2")


def with_key(company: Company, key: str) -> Company:
    slack = company.settings.slack.model_copy(update={"seal_key": SecretStr(key)})
    settings = company.settings.model_copy(update={"slack": slack})
    return replace(company, loaded=replace(company.loaded, settings=settings))


async def test_tokens_moved_to_another_workspaces_row_are_not_used(shop: Shop) -> None:
    for team in ("T1", "T2"):
        await shop.install(other_world(shop.slack, team))
    with shop.company.stores.database.write() as work:
        sealed = work.execute(sa.select(table.c.sealed).where(table.c.team == "T1")).scalar_one()
        work.execute(sa.update(table).where(table.c.team == "T2").values(sealed=sealed))
    with pytest.raises(Refused, match="another_key"):
        await shop.workspaces().client("T2")


def test_a_key_that_can_be_guessed_is_refused_and_a_missing_one_is_made(company: Company) -> None:
    with pytest.raises(BadSettings, match=r"slack\.seal_key"):
        sealer_of(with_key(company, f"{NEW},short").settings)
    sealed = sealer_of(company.settings).seal(Tokens(team="T1", bot="xoxb-1"))
    assert sealer_of(company.settings).opened(sealed, "T1").bot == "xoxb-1"
    assert "xoxb" not in repr(Tokens(team="T1", bot="xoxb-1"))
