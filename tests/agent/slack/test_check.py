"""`qm slack check`: what would not work is found before anybody misses a card, with its fix."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from pydantic import SecretStr

from agent.bootstrap import Company
from agent.clock import SystemClock
from agent.health.check import Check
from agent.occasions import DigestSettings
from agent.slack.check import checks
from agent.surfaces import SlackSettings
from engine.service import installations
from evals.rigs.slacksim.server import Slack
from support.slack import BUYING, connected

KEY = "a seal key that is long enough"


async def found(company: Company) -> dict[str, Check]:
    return {each.name: each async for each in checks(company)}


def ready(company: Company, slack: Slack, **other: object) -> Company:
    return replace(connected(company, slack, **other), clock=SystemClock())


async def test_a_workspace_in_which_all_is_well(company: Company, slack: Slack) -> None:
    told = await found(ready(company, slack))
    assert {name: each.verdict for name, each in told.items()} == dict.fromkeys(
        ("bot token", "scopes", "clock", "approvals_channel", "people", "app token"), "ok"
    )
    assert "xox" not in str(told)


BROKEN: dict[str, tuple[Callable[[Slack], None], str, str]] = {
    "scope": (
        lambda slack: setattr(slack, "scopes", slack.scopes - {"files:write"}),
        "scopes", "missing: files:write",
    ),
    "token": (lambda slack: setattr(slack, "bot_token", "xoxb-new"), "bot token", "invalid_auth"),
    "app token": (lambda slack: setattr(slack, "app_token", "xapp-new"), "app token",
                  "invalid_auth"),
    "kicked": (
        lambda slack: slack.world.channels[BUYING].members.remove("U0BOT"),
        "approvals_channel", "we are not in",
    ),
    "archived": (
        lambda slack: setattr(slack.world.channels[BUYING], "is_archived", True),
        "approvals_channel", "is archived",
    ),
    "no such channel": (
        lambda slack: slack.world.channels.pop(BUYING) and None,
        "approvals_channel", "channel_not_found",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
async def test_what_is_broken_is_named_with_its_fix(
    company: Company, slack: Slack, name: str
) -> None:
    living = ready(company, slack)
    spoil, check, words = BROKEN[name]
    spoil(slack)
    told = (await found(living))[check]
    assert told.verdict == "fail"
    assert words in told.finding
    assert told.next_step


async def test_a_clock_that_is_weeks_behind_is_named(company: Company, slack: Slack) -> None:
    assert (await found(connected(company, slack)))["clock"].verdict == "fail"


async def test_a_digests_channel_is_looked_at_too(company: Company, slack: Slack) -> None:
    living = ready(company, slack)
    plan = DigestSettings(name="mine", channel="C0NOWHERE")
    settings = living.settings.model_copy(update={"digests": (plan,)})
    told = await found(replace(living, loaded=replace(living.loaded, settings=settings)))
    assert told["digest mine"].verdict == "fail"


async def test_a_bot_token_of_another_workspace_than_the_settings_say(
    company: Company, slack: Slack
) -> None:
    slack.world.team = "T5"
    told = await found(ready(company, slack))
    assert told["workspace"].verdict == "fail"
    assert told["people"].verdict == "warn"


def installable(company: Company, slack: Slack, **other: object) -> Company:
    settings = SlackSettings(
        client_id="1.2", client_secret=SecretStr("s"), seal_key=SecretStr(KEY), team="T2",
        public_url="https://qm.test", api_url=slack.url, app_token=SecretStr(slack.app_token),
    ).model_copy(update=other)  # fmt: skip
    changed = company.settings.model_copy(update={"slack": settings})
    return replace(company, loaded=replace(company.loaded, settings=changed))


async def test_workspaces_that_install_it_are_looked_at_one_by_one(
    company: Company, slack: Slack
) -> None:
    living = installable(company, slack)
    assert (await found(living))["workspaces"].verdict == "warn"
    kept = installations.Installation(
        team="T2", enterprise=None, bot_id="B", bot_user_id="U", scopes=(), expires_at=None,
        sealed=b"of another key", installed_by="U2",
    )  # fmt: skip
    installations.save(company.stores.database, "slack", kept, now=company.clock.now())
    told = (await found(living))["T2"]
    assert (told.verdict, "another_key" in told.finding) == ("fail", True)
    assert "slack.seal_key" in str(told.next_step)


@pytest.mark.parametrize(
    ("missing", "check"),
    [({"client_secret": None}, "client secret"), ({"public_url": ""}, "public url"),
     ({"client_id": ""}, "bot token"), ({"app_token": None}, "app token")],
    ids=str,
)  # fmt: skip
async def test_what_installing_lacks_is_named(
    company: Company, slack: Slack, missing: dict[str, object], check: str
) -> None:
    told = await found(installable(company, slack, **missing))
    assert told[check].verdict == "fail"
