"""What a workspace holds: people, channels, messages, views; no network in here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
FIRST_SECOND = 1_700_000_000


@dataclass
class Message:
    """A message as the workspace keeps it."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    files: list[Json] = field(default_factory=list)
    edits: int = 0
    is_bot: bool = False

    def to_json(self) -> Json:
        told: Json = {"type": "message", "ts": self.ts, "user": self.user, "text": self.text,
                      "blocks": self.blocks}  # fmt: skip
        if self.thread_ts:
            told["thread_ts"] = self.thread_ts
        if self.metadata:
            told["metadata"] = self.metadata
        if self.files:
            told["files"] = [{"id": each["id"], "name": each["name"]} for each in self.files]
        if self.is_bot:
            told["bot_id"] = "B0BOT"
        return told


@dataclass
class Channel:
    id: str
    members: set[str]
    is_im: bool = False
    is_archived: bool = False


@dataclass
class Workspace:
    """One workspace with our bot in it."""

    team: str = "T0TEAM"
    bot_user: str = "U0BOT"
    users: dict[str, Json] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    ephemerals: list[Json] = field(default_factory=list)
    opened: list[Json] = field(default_factory=list)  # modals, newest last
    homes: dict[str, Json] = field(default_factory=dict)
    statuses: list[Json] = field(default_factory=list)
    triggers: dict[str, float] = field(default_factory=dict)  # unused ones, by when they end
    files: list[Json] = field(default_factory=list)
    upload_url: str = ""
    _count: int = 0

    def add_user(self, user: str, **profile: Any) -> str:  # noqa: ANN401  Slack's own fields
        self.users[user] = {"id": user, "team_id": self.team, "deleted": False, **profile}
        return user

    def add_channel(self, channel: str, *members: str, is_im: bool = False) -> Channel:
        made = Channel(id=channel, members={self.bot_user, *members}, is_im=is_im)
        self.channels[channel] = made
        return made

    def direct(self, user: str) -> Channel:
        """The direct conversation of a person with the bot."""
        name = f"D{user[1:]}"
        return self.channels.get(name) or self.add_channel(name, user, is_im=True)

    def number(self) -> int:
        self._count += 1
        return self._count

    def next_ts(self) -> str:
        return f"{FIRST_SECOND}.{self.number():06d}"

    def find(self, channel: str, ts: str) -> Message | None:
        return next((m for m in self.messages if (m.channel, m.ts) == (channel, ts)), None)

    def of_bot(self, channel: str | None = None) -> list[Message]:
        """What the bot has posted, oldest first."""
        return [m for m in self.messages if m.is_bot and channel in (None, m.channel)]

    def button(self, message: Message, action: str) -> Mapping[str, Any]:
        """A button of a message by its action id; raises LookupError with those there are."""
        found = [
            element for block in message.blocks if block["type"] in ("actions", "context_actions")
            for element in block["elements"]
        ]  # fmt: skip
        for element in found:
            if element.get("action_id") == action:
                return element
        raise LookupError(f"{action} is not among {[e.get('action_id') for e in found]}")
