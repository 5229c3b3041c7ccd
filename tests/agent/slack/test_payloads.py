"""What slacksim sends has the shape that Slack publishes, and what Slack publishes we can read.

Field names as published by Slack itself: slackapi/java-slack-sdk, json-logs/samples/app-backend
(BlockActionPayload, ViewSubmissionPayload, SlashCommandPayload) and json-logs/samples/events
(AppHomeOpenedPayload), and the payloads in slackapi/bolt-python, tests/scenario_tests
(test_block_actions, test_view_submission, test_message_file_share, test_events_token_revocations);
read on 23 November 2026. Only names were taken.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest

from agent.slack.actions import APPROVE
from agent.slack.incoming import kept
from evals.rigs.slacksim import acts
from evals.rigs.slacksim.server import Slack
from evals.rigs.slacksim.state import Json, Message
from support.slack import BEA, BUYING, MAX

ENVELOPE = """token team_id enterprise_id api_app_id event type event_id event_time authorizations
    authed_users authed_teams is_ext_shared_channel event_context"""
TEAM, PERSON = "id domain enterprise_id enterprise_name", "id username name team_id"
VIEW = """id team_id type blocks private_metadata callback_id state hash title clear_on_close
    notify_on_close close submit submit_disabled previous_view_id root_view_id app_id external_id
    app_installed_team_id bot_id"""
MESSAGE = """client_msg_id type subtype user text team ts thread_ts channel event_ts channel_type
    blocks files upload display_as_bot parent_user_id user_team source_team"""
AUTHORIZATION = "enterprise_id team_id user_id is_bot is_enterprise_install"


@dataclass(frozen=True)
class Shape:
    """Names that Slack sends at a path, and those among them that we rely on."""

    names: str
    needed: str = ""


BLOCK_ACTIONS = {
    "": Shape(
        """type user api_app_id token container trigger_id team enterprise is_enterprise_install
        channel message state response_url actions view bot_access_token function_data
        interactivity hash""",
        "type user container trigger_id team channel message response_url actions",
    ),
    "team": Shape(TEAM, "id"),
    "user": Shape(PERSON, "id team_id"),
    "container": Shape("type message_ts channel_id is_ephemeral view_id thread_ts", "message_ts"),
    "channel": Shape("id name", "id"),
    "actions.0": Shape(
        "action_id block_id text value type action_ts style selected_option",
        "action_id value type action_ts",
    ),
}
SUBMISSION = {
    "": Shape(
        """type enterprise team user api_app_id token trigger_id view response_urls
        is_enterprise_install is_cleared bot_access_token function_data interactivity""",
        "type team user view",
    ),
    "team": Shape(TEAM, "id"),
    "user": Shape(PERSON, "id team_id"),
    "view": Shape(VIEW, "id private_metadata callback_id state"),
}
COMMAND = {
    "": Shape(
        """token api_app_id team_id team_domain enterprise_id enterprise_name is_enterprise_install
        channel_id channel_name user_id user_name command text response_url trigger_id""",
        "team_id channel_id user_id command text trigger_id response_url",
    )
}
EVENT = {
    "": Shape(ENVELOPE, "team_id event type event_id"),
    "event": Shape(MESSAGE, "type user text ts channel"),
    "authorizations.0": Shape(AUTHORIZATION, "team_id"),
}
HOME = {
    "": Shape(ENVELOPE, "team_id event"),
    "event": Shape("type user channel tab event_ts view", "user tab"),
}


def pressed(slack: Slack) -> Json:
    message = Message(channel=BUYING, ts="1.1", user="U0BOT", text="card", blocks=[
        {"type": "actions", "elements": [
            {"type": "button", "action_id": APPROVE, "value": "1"}]}])  # fmt: skip
    return acts.press(slack, MAX, message, APPROVE)


def submitted(slack: Slack) -> Json:
    field = {"type": "input", "block_id": "reason",
             "element": {"type": "plain_text_input", "action_id": "reason"}}  # fmt: skip
    view: Json = {"id": "V1", "type": "modal", "callback_id": "form", "private_metadata": "{}",
                  "blocks": [field]}  # fmt: skip
    return acts.submit(slack, MAX, view, {"reason": "so"})


SENT: Mapping[str, tuple[Callable[[Slack], Json], Mapping[str, Shape]]] = {
    "a click": (pressed, BLOCK_ACTIONS),
    "a form": (submitted, SUBMISSION),
    "a command": (lambda slack: acts.command(slack, BEA, "help", BUYING), COMMAND),
    "a message": (lambda slack: acts.say(slack, BEA, "D1", "help"), EVENT),
    "a mention": (lambda slack: acts.say(slack, BEA, BUYING, "<@U0BOT> help"), EVENT),
    "App Home": (lambda slack: acts.open_home(slack, BEA), HOME),
}


def at(payload: object, path: str) -> Mapping[str, object]:
    for step in filter(None, path.split(".")):
        payload = payload[int(step)] if isinstance(payload, list) else payload[step]  # type: ignore[index]  a path of ours
    assert isinstance(payload, Mapping)
    return payload


@pytest.mark.parametrize("name", SENT)
async def test_what_slacksim_sends_has_slacks_names_and_all_that_we_rely_on(
    slack: Slack, name: str
) -> None:
    make, shapes = SENT[name]
    payload = make(slack)
    for path, shape in shapes.items():
        found = set(at(payload, path))
        assert found <= set(shape.names.split()), (path, found - set(shape.names.split()))
        assert set(shape.needed.split()) <= found, (path, set(shape.needed.split()) - found)


def without(payload: Json, names: set[str]) -> Json:
    return {key: value for key, value in payload.items() if key in names}


def optional(name: str, slack: Slack) -> Iterator[Json]:
    """The payload once more without each field of its first level that we do not rely on."""
    make, shapes = SENT[name]
    payload, needed = make(slack), set(shapes[""].needed.split())
    for left_out in sorted(set(payload) - needed):
        yield without(payload, set(payload) - {left_out})


@pytest.mark.parametrize("name", [name for name in SENT if name != "App Home"])
async def test_a_field_that_slack_may_leave_out_is_not_missed(slack: Slack, name: str) -> None:
    for payload in optional(name, slack):
        assert kept(payload) is not None


async def test_a_form_without_anything_filled_in_is_read(slack: Slack) -> None:
    payload = submitted(slack)
    payload["view"]["state"] = {}
    found = kept(payload)
    assert found is not None
    assert found.payload["values"] == {}
