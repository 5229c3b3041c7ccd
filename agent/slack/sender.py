"""The only writer of messages to Slack: takes a post, draws it as things stand, sends it.

Posting has no key against doing it twice. So a post whose answer was lost is looked for by the key
in its metadata before it is posted again; updating may be repeated freely.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from agent.bootstrap import Company
from agent.slack.blockkit import limits
from agent.slack.blockkit.check import message_problems
from agent.slack.client import Busy, Client, NotArrived, Refused, SlackProblem, Unsure
from agent.slack.drawing import Drawn, drawn
from agent.slack.files import Attachment, uploaded
from agent.slack.render.answer import Outgoing
from agent.slack.render.build import cut
from agent.slack.workspaces import UNREADABLE, Workspaces
from agent.surfaces import SLACK
from agent.threads import Threads
from engine.errors import ComputeFailed, PlanningError, StoreError
from engine.model.canonical import digest
from engine.service import posts
from engine.service.posts import Post

log = structlog.get_logger("qm.slack")
EVENT = "quartermaster_post"
CLAIM_SECONDS = 60.0
_PAGE, _PAGES = 200, 10  # messages of the channel or thread among which a lost post is looked for
# What a person mends, and until then nothing is posted: looked at again, never given up.
MENDABLE = frozenset(
    {"account_inactive", "channel_not_found", "invalid_auth", "is_archived", "missing_scope",
     "not_authed", "not_in_channel", "not_installed", "token_expired", "token_revoked",
     UNREADABLE}
)  # fmt: skip
MEND_SECONDS = 300.0


class Sender:
    """One post at a time per channel; a channel that wants rest does not hold up the others."""

    def __init__(
        self, company: Company, workspaces: Workspaces, threads: Threads, owner: str
    ) -> None:
        self._company = company
        self._database = company.stores.database
        self._workspaces = workspaces
        self._threads = threads
        self._owner = owner
        self._resting: dict[str, datetime] = {}

    async def send_next(self) -> bool:
        """Send what is due; False when nothing is."""
        post = await self._threads.run_reserved(self._claim)
        if post is None:
            return False
        taken_at = self._company.clock.now()
        try:
            await self._send(post, taken_at)
        except SlackProblem as problem:
            await self._threads.run_reserved(self._record, post, problem)
        except StoreError:
            raise  # its claim runs out, and it is looked for before it is posted
        except Exception as error:  # a bug of ours: it must not be drawn again without a pause
            await self._threads.run_reserved(self._record, post, Unsure(type(error).__name__))
            raise
        return True

    def _claim(self) -> Post | None:
        now = self._company.clock.now()
        self._resting = {channel: at for channel, at in self._resting.items() if at > now}
        return posts.claim(
            self._database, owner=self._owner, surface=SLACK, now=now, seconds=CLAIM_SECONDS,
            but_not=self._resting,
        )  # fmt: skip

    async def _send(self, post: Post, taken_at: datetime) -> None:
        try:
            picture = await self._threads.run(drawn, self._company, post.kind, post.ref)
        except (StoreError, ComputeFailed) as reason:  # it passes
            raise NotArrived(str(reason)) from reason
        except PlanningError as reason:  # what it shows is gone
            raise Refused(str(reason)) from reason
        found = _digest(picture)
        message = post.message
        if message is None or found != post.digest:
            message = await self._put(post, picture, taken_at)
        await self._threads.run_reserved(self._shown, post, message, found, picture.seen)

    async def _put(self, post: Post, picture: Drawn, taken_at: datetime) -> str:
        """Post or update; what Slack calls it, as `channel/ts`."""
        client = await self._workspaces.client(post.place.team)
        message = post.message
        if message is None and post.is_in_doubt:
            message = await self._lost(client, post, picture.file)
        if picture.file is not None and not picture.file.is_picture:
            return message or await self._share(client, post, picture.file, taken_at)
        content = _content(await _with_picture(client, picture))
        await self._require_mine(post, taken_at)
        if message is not None:
            channel, _, ts = message.partition("/")
            await client.call("chat.update", channel=channel, ts=ts, **content)
            return message
        answer = await client.call(
            "chat.postMessage",
            channel=post.place.channel,
            thread_ts=post.place.thread,
            metadata={"event_type": EVENT, "event_payload": {"key": post.key}},
            unfurl_links=False,
            unfurl_media=False,
            **content,
        )
        return f"{answer['channel']}/{answer['ts']}"

    async def _share(self, client: Client, post: Post, file: Attachment, taken_at: datetime) -> str:
        """A file that is a message by itself; its id stands for the message."""
        channel = await _channel_id(client, post.place.channel)
        named = replace(file, name=_marked(file.name, post.key))
        await self._require_mine(post, taken_at)
        shared = await uploaded(client, named, channel_id=channel, thread_ts=post.place.thread)
        return f"{channel}/{shared}"

    async def _require_mine(self, post: Post, taken_at: datetime) -> None:
        """A picture may take long; whoever was overtaken meanwhile must not post as well."""
        now = self._company.clock.now()
        if now - taken_at < timedelta(seconds=CLAIM_SECONDS / 3):
            return
        until = now + timedelta(seconds=CLAIM_SECONDS)
        if not await self._threads.run_reserved(
            partial(posts.hold, until=until), self._database, post
        ):
            raise Unsure("another process has it in hand")

    async def _lost(self, client: Client, post: Post, file: Attachment | None) -> str | None:
        """The message an earlier attempt left, found by our key in its metadata or file name."""
        place = post.place
        channel = await _channel_id(client, place.channel)
        async for each in _messages(client, channel, place.thread):
            if _key_of(each) == post.key:
                return f"{channel}/{each['ts']}"
            for shared in each.get("files", ()):
                if file is not None and shared.get("name") == _marked(file.name, post.key):
                    return f"{channel}/{shared['id']}"
        return None

    def _shown(self, post: Post, message: str, found: str, seen: str) -> None:
        posts.shown(self._database, post, message=message, digest=found, seen=seen)

    def _record(self, post: Post, problem: SlackProblem) -> None:
        now = self._company.clock.now()
        if isinstance(problem, Busy):
            rest = now + timedelta(seconds=problem.seconds)
            self._resting[post.place.channel] = rest
            posts.later(self._database, post, at=rest)
        elif isinstance(problem, NotArrived) and not post.is_in_doubt:
            posts.failed(self._database, post, error=str(problem), now=now)
        elif isinstance(problem, (NotArrived, Unsure)):  # in doubt: the search did not arrive
            posts.unsure(self._database, post, error=str(problem), now=now)
        elif isinstance(problem, Refused) and problem.code in MENDABLE:
            mended = now + timedelta(seconds=MEND_SECONDS)
            posts.later(self._database, post, at=mended, error=str(problem))
        else:
            posts.refused(self._database, post, error=str(problem))
        log.warning("post", key=post.key, problem=type(problem).__name__, reason=str(problem))


async def _messages(
    client: Client, channel: str, thread: str | None
) -> AsyncIterator[Mapping[str, Any]]:
    """Page by page: a thread is listed from its beginning, a channel from its end."""
    method = "conversations.replies" if thread else "conversations.history"
    cursor = None
    for _ in range(_PAGES):
        listed = await client.call_form(
            method, channel=channel, ts=thread, limit=_PAGE, cursor=cursor,
            include_all_metadata="true",
        )  # fmt: skip
        for each in listed["messages"]:
            yield each
        told: Mapping[str, Any] = listed.get("response_metadata") or {}
        cursor = told.get("next_cursor")
        if not cursor:
            return
    raise Refused(f"not found among {_PAGES * _PAGE} messages")  # silence is better than twice


async def _channel_id(client: Client, channel: str) -> str:
    """A person's id stands for their direct conversation with us."""
    if not channel.startswith(("U", "W")):
        return channel
    return str((await client.call("conversations.open", users=channel))["channel"]["id"])


async def _with_picture(client: Client, picture: Drawn) -> Outgoing:
    """The message with its picture in it, uploaded now."""
    message, file = picture.message, picture.file
    if file is None:
        return message
    block = {"type": "image", "alt_text": cut(file.alt, limits.ALT_TEXT),
             "slack_file": {"id": await uploaded(client, file)}}  # fmt: skip
    return replace(message, blocks=(*message.blocks, block))


def _marked(name: str, key: str) -> str:
    """The file's name with a mark of its post, by which it is found again."""
    stem, _, kind = name.rpartition(".")
    return f"{stem}-{digest(key)[:8]}.{kind}"


def _digest(picture: Drawn) -> str:
    """Of all that is shown."""
    file = picture.file
    shown = [picture.message.text, picture.message.blocks, file and [file.name, file.alt]]
    return digest(json.dumps([shown, hashlib.sha256(file.content).hexdigest() if file else None]))


def _content(message: Outgoing) -> dict[str, Any]:
    content = {"text": message.text, "blocks": list(message.blocks)}
    problems = message_problems(content)
    if problems:  # ours to mend: sending it would be refused, and say less
        raise Refused(f"not sent: {'; '.join(map(str, problems[:3]))}")
    return content


def _key_of(message: Mapping[str, Any]) -> str | None:
    metadata: Mapping[str, Any] = message.get("metadata") or {}
    payload: Mapping[str, Any] = metadata.get("event_payload") or {}
    return payload.get("key")
