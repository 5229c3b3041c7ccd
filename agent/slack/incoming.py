"""What Slack sends, as an event to keep: its key against redelivery, its conversation, its needs.

Only what is worked on is kept: no tokens, no trigger ids, no profile of anybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from agent.slack.actions import ASK, FEEDBACK, FORMS, STOP
from agent.slack.blockkit.look import Json

Kind = Literal["message", "click", "form"]
TEXT_LIMIT = 8_000  # characters of a question; what is longer is a file, not a question
STOP_VERB = "stop"  # after /qm
ANSWER = "answer."  # how the names of an answer's buttons begin
# Messages with words of a person in them; edits, deletions, joins and bots have other subtypes.
_SPOKEN = frozenset({None, "file_share", "me_message", "thread_broadcast"})


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Arguments of `inbox.keep`."""

    key: str
    kind: Kind
    conversation: str
    payload: Mapping[str, Any] = field(repr=False)


def kept(body: Json, home: str = "") -> Kept | None:
    """None for what needs no work: our own messages, edits, what is only acknowledged.

    `home` is the workspace that has installed us and hears the answer; in a channel shared between
    companies the person may be of another one.
    """
    found = _kept(body)
    if found is None:
        return None
    return replace(found, payload={**found.payload, "home": home or found.payload["team"]})


def _kept(body: Json) -> Kept | None:
    match body.get("type"):
        case "event_callback":
            return _event(body)
        case "block_actions":
            return _click(body)
        case "view_submission":
            return _form(body)
        case "message_action":
            return _shortcut(body)
        case _:
            return _command(body) if "command" in body else None


def _event(body: Json) -> Kept | None:
    event = body["event"]
    if event["type"] not in ("message", "app_mention") or _is_ours(event):
        return None
    team, channel, ts = team_of(body, event), event["channel"], event["ts"]
    is_direct = event.get("channel_type") == "im" or _is_direct(channel)
    if event["type"] == "message" and not is_direct and "thread_ts" not in event:
        return None  # talk among people; we are spoken to by mention
    thread = event.get("thread_ts") or (None if is_direct else ts)
    return Kept(
        # A mention arrives as app_mention and as message: one key for both.
        key=f"message:{team}:{channel}:{ts}",
        kind="message",
        conversation=conversation_id(team, event["user"] if is_direct else channel, thread),
        payload={
            "team": team, "channel": channel, "user": event["user"], "ts": ts, "thread": thread,
            "text": str(event.get("text", ""))[: TEXT_LIMIT + 1],
            "is_spoken_to": is_direct or event["type"] == "app_mention",
            "files": [str(each.get("name", "")) for each in event.get("files", ())],
        },
    )  # fmt: skip


def _is_ours(event: Json) -> bool:
    """Messages of bots, edits and deletions are no questions."""
    return (
        bool(event.get("bot_id"))
        or bool(event.get("hidden"))
        or event.get("subtype") not in _SPOKEN
        or "user" not in event
    )


def _click(body: Json) -> Kept | None:
    action, team, user = body["actions"][0], team_of(body), body["user"]["id"]
    container, name = body.get("container", {}), str(action["action_id"])
    if name in FORMS:
        return None
    channel = body.get("channel", {}).get("id") or container.get("channel_id") or user
    ts = container.get("message_ts")
    is_direct = _is_direct(channel)
    # A button of an answer goes on where the answer was given.
    thread = body.get("message", {}).get("thread_ts") or (None if is_direct else ts)
    asks = name == ASK or (name.startswith(ANSWER) and name not in (FEEDBACK, STOP))
    talk = conversation_id(team, user if is_direct else channel, thread)
    return Kept(
        key=f"click:{team}:{user}:{ts or container.get('view_id')}:{name}:{action['action_ts']}",
        # A button that asks something begins a turn; it must not hold up a decision.
        kind="message" if asks else "click",
        conversation=talk if asks else f"click:{team}:{user}",
        payload={
            "team": team, "user": user, "channel": channel, "ts": ts, "thread": thread,
            "action": name, "value": str(action.get("value", "")), "is_spoken_to": True,
        },
    )  # fmt: skip


def _form(body: Json) -> Kept:
    view, team, user = body["view"], team_of(body), body["user"]["id"]
    filled: Json = (view.get("state") or {}).get("values") or {}
    return Kept(
        key=f"form:{team}:{user}:{view['id']}",
        kind="form",
        conversation=f"click:{team}:{user}",
        payload={
            "team": team, "user": user, "form": view["callback_id"],
            "metadata": view.get("private_metadata", ""),
            "values": {block: _value(entry) for block, entry in filled.items()},
        },
    )  # fmt: skip


def _value(entry: Json) -> str:
    """What was filled into the one element of a block."""
    element = next(iter(entry.values()))
    chosen: Json = element.get("selected_option") or {}
    given = element.get("value") or element.get("selected_date") or element.get("selected_user")
    return str(given or chosen.get("value") or "")


def _shortcut(body: Json) -> Kept | None:
    """A message on which somebody chose 'Ask Quartermaster about this'."""
    message, team, channel = body["message"], team_of(body), body["channel"]["id"]
    thread = message.get("thread_ts") or message["ts"]
    return Kept(
        key=f"shortcut:{body['trigger_id']}",
        kind="message",
        conversation=conversation_id(team, channel, thread),
        payload={
            "team": team, "channel": channel, "user": body["user"]["id"], "ts": message["ts"],
            "thread": thread, "text": str(message.get("text", ""))[: TEXT_LIMIT + 1],
            "is_spoken_to": True, "files": [],
        },
    )  # fmt: skip


def _command(body: Json) -> Kept:
    """`/qm what should I buy`: answered in the channel's direct conversation with who asked."""
    team, user = body["team_id"], body["user_id"]
    if str(body.get("text", "")).strip().casefold() == STOP_VERB:
        return _stop_all(body)
    return Kept(
        key=f"command:{body['trigger_id']}",
        kind="message",
        conversation=conversation_id(team, user, None),
        payload={
            "team": team, "channel": user, "user": user, "ts": None, "thread": None,
            "text": str(body.get("text", ""))[: TEXT_LIMIT + 1], "is_spoken_to": True,
            "files": [], "is_command": True,
        },
    )  # fmt: skip


def _stop_all(body: Json) -> Kept:
    """`/qm stop` is no question: it must not wait behind those it is to stop."""
    team, user = body["team_id"], body["user_id"]
    return Kept(
        key=f"command:{body['trigger_id']}",
        kind="click",
        conversation=f"click:{team}:{user}",
        payload={
            "team": team, "user": user, "channel": body["channel_id"], "ts": None, "thread": None,
            "action": STOP, "value": "",
        },
    )  # fmt: skip


def conversation_id(team: str, place: str, thread: str | None) -> str:
    """The id of our conversation there.

    The place is a channel, or the person whom we talk to directly: what they ask with `/qm` and
    what they write to us is one conversation.
    """
    return f"slack:{team}:{place}:{thread or 'direct'}"


def _is_direct(channel: str) -> bool:
    """Slack's direct conversations begin with D; a person's id stands for theirs."""
    return channel.startswith(("D", "U", "W"))


def home_of(payload: Mapping[str, Any]) -> str:
    """The workspace whose token answers; an event kept by an earlier version has one only."""
    return str(payload.get("home") or payload["team"])


def team_of(body: Json, event: Json | None = None) -> str:
    """Whose workspace it is: with shared channels the user's, not the channel's."""
    user: Json | str = body.get("user") or {}
    told = (event or {}).get("user_team") or (event or {}).get("team")
    if isinstance(user, Mapping):
        told = told or user.get("team_id")
    return str(told or body.get("team_id") or (body.get("team") or {}).get("id") or "")
