"""A process of ours that ends in the middle, without tidying up.

In one process of the run, so that it is quick: from its death on nothing of it reaches the
database, and its network goes with its tasks. A kill -9 of a real `qm slack` is in `killed`.
"""

import asyncio
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import event


class Died(BaseException):
    """What a statement of the dead meets."""


@dataclass
class Death:
    """`at` is the statement that is not reached any more, counted from when it was set."""

    at: int | None = None
    seen: int = 0
    is_dead: bool = False
    called: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    def after(self, statements: int) -> None:
        self.seen, self.at = 0, statements

    def die(self) -> None:
        self.is_dead = True
        self.loop.call_soon_threadsafe(self.called.set)


def doom(engine: sa.Engine, death: Death) -> None:
    """Have the process that owns this engine die where `death` says."""

    def statement(*_: object) -> None:
        death.seen += 1
        if death.at is not None and death.seen >= death.at:
            death.die()
        if death.is_dead:
            raise Died

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", statement)
