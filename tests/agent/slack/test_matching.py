"""People are found by address, proposed with what speaks against them, and never taken over."""

from dataclasses import replace

import pytest

from agent.bootstrap import Company
from agent.slack.client import client_of
from agent.slack.matching import Match, matches
from engine.service import people
from engine.service.policy_file import parse_policy
from evals.rigs.slacksim.server import Slack
from support.purchasing import NOW, POLICY
from support.slack import connected


async def found(company: Company, slack: Slack) -> list[Match]:
    settings = connected(company, slack).settings.slack
    return [each async for each in matches(company, client_of(slack.bot_token, settings), "T1")]


@pytest.fixture
def mailed(company: Company) -> Company:
    """Ben has an address and no Slack id."""
    text = POLICY.replace("roles: [buyer]}", "roles: [buyer], email: ben@example.com}")
    people.sync(company.stores, parse_policy(text, "people.yaml"), now=NOW)
    return company


async def test_who_has_an_address_and_no_id_is_proposed(mailed: Company, slack: Slack) -> None:
    slack.world.add_user("U7", profile={"email": "ben@example.com"})
    (match,) = await found(mailed, slack)
    assert match.line("T1") == "ben: slack: [{team_id: T1, user_id: U7}]"
    with mailed.stores.database.read() as look:
        assert people.slack_identity(look, "ben") is None


@pytest.mark.parametrize(
    ("profile", "doubt"),
    [
        ({"deleted": True}, "is deactivated"),
        ({"is_bot": True}, "is an app"),
        ({"is_restricted": True}, "is a guest"),
        ({"is_ultra_restricted": True}, "is a guest"),
        ({"is_email_confirmed": False}, "has not confirmed the address"),
        ({"team_id": "T9"}, "is of another workspace"),
    ],
    ids=str,
)
async def test_whoever_may_not_be_the_person_is_named_and_left_out(
    mailed: Company, slack: Slack, profile: dict[str, object], doubt: str
) -> None:
    slack.world.add_user("U7", profile={"email": "ben@example.com"})
    slack.world.users["U7"] |= profile
    (match,) = await found(mailed, slack)
    assert match.user is None
    assert match.line("T1") == f"# ben: U7 has ben@example.com, but {doubt}"


async def test_an_address_that_nobody_has_is_said(mailed: Company, slack: Slack) -> None:
    (match,) = await found(mailed, slack)
    assert match == replace(match, user=None, reason="nobody in T1 has ben@example.com")
