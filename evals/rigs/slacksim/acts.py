"""What people do in the workspace, as the payloads that Slack sends for it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from evals.rigs.slacksim.server import Slack
from evals.rigs.slacksim.state import Json, Message

TRIGGER_SECONDS = 3.0


def say(slack: Slack, user: str, channel: str, text: str, thread: str | None = None) -> Json:
    """A message of a person, posted; the event to deliver."""
    world = slack.world
    place = world.channels[channel]
    message = Message(channel=channel, ts=world.next_ts(), user=user, text=text, thread_ts=thread)
    world.messages.append(message)
    event: Json = {
        "type": "message", "user": user, "text": text, "ts": message.ts, "channel": channel,
        "channel_type": "im" if place.is_im else "channel", "team": world.team,
        "event_ts": message.ts,
    }  # fmt: skip
    if thread is not None:
        event["thread_ts"] = thread
    if f"<@{world.bot_user}>" in text and not place.is_im:
        event["type"] = "app_mention"
    return _event(slack, event)


def open_home(slack: Slack, user: str) -> Json:
    return _event(
        slack,
        {"type": "app_home_opened", "user": user, "channel": slack.world.direct(user).id,
         "tab": "home", "event_ts": slack.world.next_ts()},
    )  # fmt: skip


def press(slack: Slack, user: str, message: Message, action: str) -> Json:
    """The payload of a pressed button; it opens a form while its trigger lives."""
    world = slack.world
    element = world.button(message, action)
    pressed = {"action_id": action, "block_id": "b", "type": element["type"],
               "action_ts": world.next_ts(), "value": element.get("value", "")}  # fmt: skip
    return {
        "type": "block_actions", "team": {"id": world.team, "domain": "sim"},
        "user": {"id": user, "team_id": world.team}, "api_app_id": "A0SIM", "token": "old",
        "container": {"type": "message", "message_ts": message.ts, "channel_id": message.channel,
                      "is_ephemeral": False},
        "trigger_id": trigger(slack), "channel": {"id": message.channel, "name": "c"},
        "message": message.to_json(), "response_url": f"{slack.url}response",
        "actions": [pressed],
    }  # fmt: skip


def judge(slack: Slack, user: str, message: Message, action: str, side: str) -> Json:
    """One of the two feedback buttons: `positive_button` or `negative_button`."""
    payload = press(slack, user, message, action)
    chosen = slack.world.button(message, action)[side]
    payload["actions"][0] |= {"value": chosen["value"], "text": chosen["text"]}
    return payload


def shortcut(slack: Slack, user: str, message: Message, callback: str) -> Json:
    """A message shortcut, chosen in a message's menu."""
    return {
        "type": "message_action", "callback_id": callback, "token": "old",
        "team": {"id": slack.world.team, "domain": "sim"}, "message_ts": message.ts,
        "user": {"id": user, "team_id": slack.world.team, "name": user},
        "channel": {"id": message.channel, "name": "c"}, "message": message.to_json(),
        "action_ts": slack.world.next_ts(), "trigger_id": trigger(slack),
        "response_url": f"{slack.url}response",
    }  # fmt: skip


def submit(slack: Slack, user: str, view: Json, values: Mapping[str, Any]) -> Json:
    """A form filled in: block id to what was entered."""
    state = {block: _entered(view, block, value) for block, value in values.items()}
    return {
        "type": "view_submission", "team": {"id": slack.world.team}, "api_app_id": "A0SIM",
        "user": {"id": user, "team_id": slack.world.team}, "trigger_id": trigger(slack),
        "view": {**view, "state": {"values": state}}, "response_urls": [],
    }  # fmt: skip


def command(slack: Slack, user: str, text: str, channel: str) -> Json:
    return {
        "command": "/qm", "text": text, "team_id": slack.world.team, "user_id": user,
        "channel_id": channel, "api_app_id": "A0SIM", "trigger_id": trigger(slack),
        "response_url": f"{slack.url}response",
    }  # fmt: skip


def trigger(slack: Slack) -> str:
    name = f"{slack.world.number()}.trigger"
    loop = asyncio.get_running_loop()
    slack.world.triggers[name] = loop.time() + TRIGGER_SECONDS
    loop.call_later(TRIGGER_SECONDS, slack.world.triggers.pop, name, None)
    return name


def _event(slack: Slack, event: Json) -> Json:
    return {
        "token": "old", "team_id": slack.world.team, "api_app_id": "A0SIM", "event": event,
        "type": "event_callback", "event_id": f"Ev{slack.world.number():06d}",
        "event_time": 1_700_000_000,
        "authorizations": [{"team_id": slack.world.team, "user_id": slack.world.bot_user,
                            "is_bot": True}],
    }  # fmt: skip


def _entered(view: Json, block: str, value: object) -> Json:
    element = next(b["element"] for b in view["blocks"] if b.get("block_id") == block)
    kept = {"type": element["type"]}
    if element["type"] == "static_select":
        chosen = next(each for each in element["options"] if each["value"] == value)
        return {element["action_id"]: {**kept, "selected_option": chosen}}
    if element["type"] == "datepicker":
        return {element["action_id"]: {**kept, "selected_date": value}}
    return {element["action_id"]: {**kept, "value": value}}
