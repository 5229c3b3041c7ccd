"""Events on disk before they are acknowledged: those that wait together are one commit.

Twenty questions in one second and a click behind them would otherwise be twenty-one units of work
one after another, each with its own turn among the writers and its own sync of the disk.
"""

import asyncio
from collections.abc import Sequence

from agent.bootstrap import Company
from agent.slack.incoming import Kept
from agent.surfaces import SLACK
from agent.threads import Threads
from engine.service import inbox

Waiting = tuple[Kept, "asyncio.Future[None]"]


class Keeper:
    """One batch is being written at a time; what comes meanwhile is the next one."""

    def __init__(self, company: Company, threads: Threads) -> None:
        self._company = company
        self._threads = threads
        self._waiting: list[Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def keep(self, found: Kept) -> None:
        """Return once it is on disk; raises what kept it from being written."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((found, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await kept

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            if not await self._written(batch, is_last_word=len(batch) == 1):
                for each in batch:  # what spoils one must not keep the others out
                    await self._written([each], is_last_word=True)

    async def _written(self, batch: Sequence[Waiting], *, is_last_word: bool) -> bool:
        try:
            await self._threads.run_ack(self._put, [found for found, _ in batch])
        except Exception as error:  # noqa: BLE001  told to whoever waits for it
            if not is_last_word:
                return False
            _end(batch, error)
        else:
            _end(batch, None)
        return True

    def _put(self, found: Sequence[Kept]) -> None:
        now = self._company.clock.now()
        with self._company.stores.database.write(is_urgent=True) as work:
            for each in found:
                inbox.put(
                    work, key=each.key, surface=SLACK, kind=each.kind,
                    conversation=each.conversation, payload=each.payload, now=now,
                )  # fmt: skip


def _end(batch: Sequence[Waiting], error: Exception | None) -> None:
    for _, kept in batch:
        if kept.done():  # whoever sent it has gone
            continue
        if error is None:
            kept.set_result(None)
        else:
            kept.set_exception(error)
