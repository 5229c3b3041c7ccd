"""What listeners share, and the step before all of them: an event is on disk before its ack."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agent.bootstrap import Company
from agent.slack.incoming import kept
from agent.slack.keeping import Keeper
from agent.slack.service import SlackService
from agent.slack.workspaces import Workspaces
from agent.threads import Threads

Next = Callable[[], Awaitable[Any]]
_WAKES = {"message": "turn", "click": "click", "form": "click"}


@dataclass(frozen=True, kw_only=True)
class Listening:
    company: Company
    service: SlackService
    threads: Threads
    workspaces: Workspaces
    keeper: Keeper

    async def keep(self, body: dict[str, Any], context: Mapping[str, Any], next: Next) -> None:  # noqa: A002  Bolt's name
        """Bolt's middleware. A failure here is answered with an error, and Slack sends it again."""
        found = kept(body, str(context.get("team_id") or ""))
        if found is not None:
            await self.keeper.keep(found)
            self.service.wake(_WAKES[found.kind])
        await next()
