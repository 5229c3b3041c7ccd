"""What must not be asked, pressed or posted: safe, logged, and answered where a person waits."""

import copy
from pathlib import Path

import pytest

from agent.slack.actions import APPROVE, EDIT_FORM, REJECT, REJECT_FORM
from agent.slack.incoming import TEXT_LIMIT, kept
from engine.service import approve, inbox, posts
from evals.rigs.slacksim import acts
from evals.rigs.slacksim.server import Slack, until
from evals.rigs.slacksim.state import Json, Message
from support.purchasing import buy, proposed
from support.slack import BEA, BUYING, MAX, Office

MEND_SECONDS = 301


def spoken(slack: Slack, **changes: object) -> Json:
    body = acts.say(slack, BEA, "D1", "What should I buy?")
    body["event"] |= changes
    return body


@pytest.mark.parametrize(
    "changes",
    [
        {"subtype": "message_changed", "hidden": True},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message", "bot_id": "B1"},
        {"bot_id": "B0BOT"},
        {"subtype": "channel_archive"},
        {"subtype": "channel_topic"},
        {"subtype": "a_subtype_of_next_year"},
    ],
    ids=str,
)
def test_edits_deletions_bots_and_news_of_the_channel_are_no_questions(
    slack: Slack, changes: Json
) -> None:
    assert kept(spoken(slack)) is not None
    assert kept(spoken(slack, **changes)) is None


def test_a_message_without_an_author_is_no_question(slack: Slack) -> None:
    body = spoken(slack)
    del body["event"]["user"]
    assert kept(body) is None


def test_a_huge_text_is_cut_before_it_is_kept(slack: Slack) -> None:
    found = kept(spoken(slack, text="x" * 1_000_000))
    assert found is not None
    assert len(found.payload["text"]) == TEXT_LIMIT + 1


def crashes(office: Office) -> list[Path]:
    return list(office.company.settings.crash_folder.glob("*"))


def asked(office: Office, value: str, action: str = APPROVE) -> Json:
    card = proposed(office.company.stores, buy("LAMP-OAK-01", 24))
    message = Message(channel=BUYING, ts="1.1", user="U0BOT", text=card.number, blocks=[
        {"type": "actions", "elements": [
            {"type": "button", "action_id": action, "value": value}]}])  # fmt: skip
    return acts.press(office.slack, MAX, message, action)


async def told(office: Office, payload: Json, words: str) -> None:
    await office.slack.deliver("interactive", payload)
    assert (await office.whispered(words))["user"] == MAX
    assert [
        card.state
        for card in approve.pending(office.company.stores, now=office.company.clock.now())
    ] == ["pending"]


async def test_what_is_made_up_is_answered_and_changes_nothing(http_office: Office) -> None:
    office = http_office
    await told(office, asked(office, '{"request": 1}'), "does not carry what it should")
    office.world.ephemerals.clear()
    body = asked_again(office, "order.burn")
    await told(office, body, "I do not know that button")
    office.world.ephemerals.clear()
    for callback, metadata in ((REJECT_FORM, "{}"), (EDIT_FORM, "no json"), ("other", "")):
        view: Json = {
            "id": f"V{callback}", "callback_id": callback, "private_metadata": metadata,
            "type": "modal", "blocks": [],
        }  # fmt: skip
        await office.slack.deliver("interactive", acts.submit(office.slack, MAX, view, {}))
        await until(lambda: office.world.ephemerals)
        assert office.world.ephemerals.pop()["user"] == MAX
    assert inbox.counts(office.company.stores.database) == {"done": 5}
    assert crashes(office) == []


def asked_again(office: Office, action: str) -> Json:
    message = Message(channel=BUYING, ts="1.2", user="U0BOT", text="card", blocks=[
        {"type": "actions", "elements": [
            {"type": "button", "action_id": action, "value": "{}"}]}])  # fmt: skip
    return acts.press(office.slack, MAX, message, action)


@pytest.mark.parametrize("whose", ["of a workspace without us", "a guest in a shared channel"])
async def test_another_workspaces_user_with_the_same_id_is_nobody_we_know(
    http_office: Office, whose: str
) -> None:
    card = proposed(http_office.company.stores, buy("LAMP-OAK-01", 24))
    message = await http_office.posted(card.number, BUYING)
    foreign = copy.deepcopy(acts.press(http_office.slack, MAX, message, APPROVE))
    foreign["user"]["team_id"] = "T9OTHER"
    if whose == "a guest in a shared channel":
        await http_office.slack.deliver("interactive", foreign)
        await http_office.whispered("I do not know you yet")
    else:
        foreign["team"]["id"] = "T9OTHER"
        await http_office.slack.deliver("interactive", foreign)
        told = await until(lambda: http_office.slack.responses)
        assert "does not serve this workspace" in told[0]["text"]
        assert inbox.counts(http_office.company.stores.database) == {}
    assert approve.status(http_office.company.stores, card.request_id) == "pending"


async def test_a_form_that_comes_too_late_is_said_to_be(http_office: Office) -> None:
    card = proposed(http_office.company.stores, buy("LAMP-OAK-01", 24))
    message = await http_office.posted(card.number, BUYING)
    late = acts.press(http_office.slack, MAX, message, REJECT)
    http_office.world.triggers.clear()
    await http_office.slack.deliver("interactive", late)
    await http_office.whispered("could not be opened in time")
    assert [
        each["text"] for each in http_office.world.ephemerals if "do not know" in each["text"]
    ] == []


@pytest.mark.parametrize("trouble", ["archived", "kicked", "scope", "token"])
async def test_a_card_that_cannot_be_posted_stands_there_once_that_is_mended(
    http_office: Office, trouble: str
) -> None:
    office, channel = http_office, http_office.world.channels[BUYING]
    token, scopes = office.slack.bot_token, office.slack.scopes
    if trouble == "archived":
        channel.is_archived = True
    elif trouble == "kicked":
        channel.members.remove("U0BOT")
    elif trouble == "scope":
        office.slack.scopes = scopes - {"chat:write"}
    else:
        office.slack.bot_token = "xoxb-another"
    card = proposed(office.company.stores, buy("LAMP-OAK-01", 24))
    await until(lambda: "chat.postMessage" in [name for name, _ in office.slack.calls])
    assert office.world.of_bot(BUYING) == []
    channel.is_archived, office.slack.bot_token, office.slack.scopes = False, token, scopes
    channel.members.add("U0BOT")
    await until(lambda: posts.counts(office.company.stores.database).get("sending", 0) == 0)
    office.company.clock.advance(MEND_SECONDS)  # type: ignore[attr-defined]  set by hand
    await office.posted(card.number, BUYING)
