"""The Web API methods that we call, as strict as Slack's: scopes, membership, Block Kit."""

from collections.abc import Callable, Mapping
from typing import Any

from agent.slack.blockkit.check import message_problems, view_problems
from evals.rigs.slacksim.state import Channel, Json, Message, Workspace

Answer = Json
MAX_TEXT = 40_000


class No(Exception):  # noqa: N818  Slack's `ok: false`
    """A call that Slack refuses with a code."""


Method = Callable[[Workspace, Mapping[str, Any]], Answer]


def auth_test(world: Workspace, _given: Mapping[str, Any]) -> Answer:
    return {"team_id": world.team, "team": "Sim", "user_id": world.bot_user, "user": "qm",
            "bot_id": "B0BOT", "url": "https://sim.slack.test/"}  # fmt: skip


def post_message(world: Workspace, given: Mapping[str, Any]) -> Answer:
    channel = _channel(world, str(given["channel"]))
    _require_valid(message_problems({k: given[k] for k in ("text", "blocks") if k in given}))
    for block in given.get("blocks", []):
        if "slack_file" in block:
            _uploaded(world, str(block["slack_file"]["id"]))
    thread = given.get("thread_ts")
    if thread is not None and world.find(channel.id, str(thread)) is None:
        raise No("thread_not_found")
    message = Message(
        channel=channel.id, ts=world.next_ts(), user=world.bot_user, text=str(given["text"]),
        blocks=list(given.get("blocks", [])), thread_ts=thread, metadata=given.get("metadata"),
        is_bot=True,
    )  # fmt: skip
    world.messages.append(message)
    return {"channel": channel.id, "ts": message.ts, "message": message.to_json()}


def update(world: Workspace, given: Mapping[str, Any]) -> Answer:
    channel = _channel(world, str(given["channel"]))
    message = world.find(channel.id, str(given["ts"]))
    if message is None:
        raise No("message_not_found")
    if not message.is_bot:
        raise No("cant_update_message")
    _require_valid(message_problems({k: given[k] for k in ("text", "blocks") if k in given}))
    message.text, message.blocks = str(given["text"]), list(given.get("blocks", []))
    message.edits += 1
    return {"channel": channel.id, "ts": message.ts, "text": message.text}


def post_ephemeral(world: Workspace, given: Mapping[str, Any]) -> Answer:
    channel = _channel(world, str(given["channel"]))
    if given["user"] not in channel.members:
        raise No("user_not_in_channel")
    _require_valid(message_problems({k: given[k] for k in ("text", "blocks") if k in given}))
    world.ephemerals.append({**given, "channel": channel.id})
    return {"message_ts": world.next_ts()}


def history(world: Workspace, given: Mapping[str, Any]) -> Answer:
    channel = _channel(world, str(given["channel"]))
    found = [m for m in world.messages if m.channel == channel.id and not m.thread_ts]
    return _listed(found[::-1], given)


def replies(world: Workspace, given: Mapping[str, Any]) -> Answer:
    channel, ts = _channel(world, str(given["channel"])), str(given["ts"])
    found = [m for m in world.messages if m.channel == channel.id and ts in (m.ts, m.thread_ts)]
    if not found:
        raise No("thread_not_found")
    return _listed(found, given)


def open_conversation(world: Workspace, given: Mapping[str, Any]) -> Answer:
    user = str(given["users"])
    if user not in world.users:
        raise No("user_not_found")
    return {"channel": {"id": world.direct(user).id}}


def conversation_info(world: Workspace, given: Mapping[str, Any]) -> Answer:
    channel = world.channels.get(str(given["channel"]))
    if channel is None:
        raise No("channel_not_found")
    return {"channel": {"id": channel.id, "is_archived": channel.is_archived,
                        "is_member": world.bot_user in channel.members}}  # fmt: skip


def open_view(world: Workspace, given: Mapping[str, Any]) -> Answer:
    """A trigger opens one view, within three seconds."""
    trigger = str(given["trigger_id"])
    if trigger not in world.triggers:
        raise No("expired_trigger_id")
    del world.triggers[trigger]
    _require_valid(view_problems(given["view"]))
    view = {**given["view"], "id": f"V{world.number():05d}"}
    world.opened.append(view)
    return {"view": view}


def publish_view(world: Workspace, given: Mapping[str, Any]) -> Answer:
    _require_valid(view_problems(given["view"]))
    world.homes[str(given["user_id"])] = given["view"]
    return {"view": given["view"]}


def set_status(world: Workspace, given: Mapping[str, Any]) -> Answer:
    world.statuses.append(dict(given))
    return {}


def upload_url(world: Workspace, given: Mapping[str, Any]) -> Answer:
    """Where to send a file of this length; it exists once it is completed."""
    file = f"F{world.number():05d}"
    world.files.append({"id": file, "name": str(given["filename"]), "size": int(given["length"])})
    return {"file_id": file, "upload_url": f"{world.upload_url}{file}"}


def complete_upload(world: Workspace, given: Mapping[str, Any]) -> Answer:
    """Share uploaded files, as a message where a channel is named."""
    told = [_uploaded(world, str(each["id"])) for each in given["files"]]
    if given.get("channel_id"):
        channel = _channel(world, str(given["channel_id"]))
        world.messages.append(
            Message(channel=channel.id, ts=world.next_ts(), user=world.bot_user, text="",
                    thread_ts=given.get("thread_ts"), files=told, is_bot=True)
        )  # fmt: skip
    return {"files": [{"id": each["id"], "title": each["name"]} for each in told]}


def _uploaded(world: Workspace, file: str) -> Json:
    found = next((each for each in world.files if each["id"] == file), None)
    if found is None:
        raise No("file_not_found")
    if len(found.get("content", b"")) != found["size"]:
        raise No("file_upload_incomplete")
    return found


def user_info(world: Workspace, given: Mapping[str, Any]) -> Answer:
    user = world.users.get(str(given["user"]))
    if user is None:
        raise No("user_not_found")
    return {"user": user}


def user_by_email(world: Workspace, given: Mapping[str, Any]) -> Answer:
    for user in world.users.values():
        if user.get("profile", {}).get("email") == given["email"]:
            return {"user": user}
    raise No("users_not_found")


# method: what it does, and the scope that it takes
METHODS: Mapping[str, tuple[Method, str | None]] = {
    "auth.test": (auth_test, None),
    "chat.postMessage": (post_message, "chat:write"),
    "chat.update": (update, "chat:write"),
    "chat.postEphemeral": (post_ephemeral, "chat:write"),
    "conversations.history": (history, "channels:history"),
    "conversations.replies": (replies, "channels:history"),
    "conversations.open": (open_conversation, "im:write"),
    "conversations.info": (conversation_info, "channels:read"),
    "views.open": (open_view, None),
    "views.publish": (publish_view, None),
    "assistant.threads.setStatus": (set_status, "assistant:write"),
    "users.info": (user_info, "users:read"),
    "users.lookupByEmail": (user_by_email, "users:read.email"),
    "files.getUploadURLExternal": (upload_url, "files:write"),
    "files.completeUploadExternal": (complete_upload, "files:write"),
}


def _channel(world: Workspace, name: str) -> Channel:
    """A channel that the bot may write to; a person's id is their direct conversation."""
    if name in world.users:
        if world.users[name]["deleted"]:
            raise No("user_disabled")
        return world.direct(name)
    channel = world.channels.get(name)
    if channel is None:
        raise No("channel_not_found")
    if channel.is_archived:
        raise No("is_archived")
    if world.bot_user not in channel.members:
        raise No("not_in_channel")
    return channel


def _listed(found: list[Message], given: Mapping[str, Any]) -> Answer:
    limit, first = int(given.get("limit", 100)), int(given.get("cursor") or 0)
    told = [message.to_json() for message in found[first : first + limit]]
    if str(given.get("include_all_metadata", "")).lower() not in ("true", "1"):
        for each in told:
            each.pop("metadata", None)
    has_more = len(found) > first + limit
    cursor = f"{first + limit}" if has_more else ""
    return {"messages": told, "has_more": has_more, "response_metadata": {"next_cursor": cursor}}


def _require_valid(problems: list[Any]) -> None:
    if problems:
        raise No(f"invalid_blocks: {problems[0]}")
