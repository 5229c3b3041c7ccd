"""The process that lives in Slack: keeps what comes in, works it, draws what must stand there.

Three kinds of work never wait for each other: decisions have threads of their own, questions are
answered a few at a time, and posts are drawn channel by channel. Several processes may run; the
database hands every event and every post to one of them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog

from agent.approvals import Approvals
from agent.crash import new_reference, save_crash
from agent.redaction import redaction_for
from agent.slack.answered import Answered
from agent.slack.cards import keep_cards, tell_outcomes
from agent.slack.clicks import work_click
from agent.slack.client import SlackProblem
from agent.slack.gate import Gate, gated
from agent.slack.incoming import home_of
from agent.slack.progress import keep_shown
from agent.slack.render.build import Part, escaped, prose
from agent.slack.sender import Sender
from agent.slack.turns import apologise, is_for_us, place_of, work_message
from agent.slack.workspaces import Workspaces
from agent.stopping import Stop
from agent.surfaces import SLACK
from agent.threads import Threads
from agent.turns import Assistant
from agent.worker.loop import new_owner
from engine.errors import PlanningError, StoreError
from engine.service import inbox, jobs
from engine.service.inbox import Incoming

log = structlog.get_logger("qm.slack")
CLAIM_SECONDS = 60.0  # held again while it is worked, so a killed process keeps nobody waiting
HOLD_EVERY_SECONDS = 15.0
CLICK_SECONDS = 20.0
LOOK_SECONDS = 0.5  # between two looks at the wish to stop
SENDERS = 3  # a chart that is being drawn must not hold up cards elsewhere
KEEP_CARDS_POLLS = 10  # looks for cards are rarer than looks for work: they read more


class SlackService:
    """Loops of one process; `wake()` makes them look at once instead of at their next time."""

    def __init__(self, assistant: Assistant, workspaces: Workspaces, threads: Threads) -> None:
        company = assistant.company
        self._assistant, self._gate = gated(assistant), Gate()
        self._company = company
        self._workspaces = workspaces
        self._threads = threads
        self.owner = new_owner()
        self._sender = Sender(company, workspaces, threads, self.owner)
        self._waits = Approvals(
            stores=company.stores, checkpoints=assistant.checkpoints.saver, now=company.clock.now
        )
        self._turns = ThreadPoolExecutor(company.settings.slack.turns, "qm-turn")
        self._wakes = {name: asyncio.Event() for name in ("click", "turn", "post")}
        self._claiming = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._pressed = asyncio.Event()
        self._doing: dict[int, str] = {}  # by event: the stage its turn is in
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        slack = self._company.settings.slack
        turns, poll = slack.turns, slack.poll_seconds
        loops: list[Coroutine[Any, Any, None]] = [
            self._loop("click", self._click),
            *(self._loop("turn", self._turn) for _ in range(turns)),
            *(self._loop("post", self._sender.send_next) for _ in range(SENDERS)),
            self._every(KEEP_CARDS_POLLS * poll, self.keep_up),
            self._every(HOLD_EVERY_SECONDS, self._hold),
        ]
        self._tasks = [asyncio.create_task(loop) for loop in loops]

    def wake(self, *names: str) -> None:
        for name in names or tuple(self._wakes):
            self._wakes[name].set()

    async def stop(self, seconds: float) -> None:
        """Take nothing new; what is in hand may end, and is taken over by others if it cannot."""
        self._stopping.set()
        self.wake()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self._turns.shutdown(wait=False, cancel_futures=True)

    async def _loop(self, name: str, act: Callable[[], Awaitable[bool]]) -> None:
        """Act until there is nothing to do, then wait for a wake or for the next look."""
        while not self._stopping.is_set():
            self._wakes[name].clear()
            try:
                if await act():
                    continue
            except StoreError as error:
                log.warning("store failed", loop=name, error=str(error))
            except Exception as error:  # noqa: BLE001  the outermost edge of a loop
                self._crashed(error)
            with suppress(TimeoutError):
                await asyncio.wait_for(
                    self._wakes[name].wait(), self._company.settings.slack.poll_seconds
                )

    async def _every(self, seconds: float, act: Callable[[], Awaitable[object]]) -> None:
        while not self._stopping.is_set():
            try:
                await act()
            except StoreError as error:
                log.warning("store failed", error=str(error))
            except Exception as error:  # noqa: BLE001  as above
                self._crashed(error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _click(self) -> bool:
        event = await self._threads.run_reserved(self._claim, ("click", "form"), CLICK_SECONDS)
        if event is None:
            return False
        try:
            answered = await self._threads.run_reserved(
                work_click, self._company, self._waits, event
            )
        except Exception as error:  # noqa: BLE001  the outermost edge of a click
            await self._threads.run_reserved(self._failed, event, error)
            return True
        self.wake("post")
        self._pressed.set()  # those who look for a wish to stop look now
        self._pressed.clear()
        await self._tell(event, answered)
        return True

    async def _turn(self) -> bool:
        async with self._claiming:  # all who are free wake up at once, for one question
            event = await self._threads.run(self._claim, ("message",), CLAIM_SECONDS)
        if event is None:
            return False
        loop = asyncio.get_running_loop()
        show_stage, stop = self._stages(event, loop), Stop()
        watching = asyncio.create_task(self._watch(event, stop))
        try:
            await loop.run_in_executor(
                self._turns, self._gate.through, work_message, self._assistant, self._waits, event,
                show_stage, stop,
            )  # fmt: skip
        except Exception as error:  # noqa: BLE001  the outermost edge of a turn
            await self._threads.run(self._failed, event, error)
        finally:
            watching.cancel()
            self._doing.pop(event.id, None)
        self.wake("post")
        return True

    async def _watch(self, event: Incoming, stop: Stop) -> None:
        """Show that a longer question is worked on, and stop it when its author says so."""
        slack = self._company.settings.slack
        await asyncio.sleep(slack.progress_seconds)
        if not await self._threads.run(is_for_us, self._company, event):
            return
        while not stop.is_asked:
            doing = self._doing.get(event.id, "")
            try:
                is_stopped = await self._threads.run(
                    keep_shown, self._company, event, place_of(event.payload), doing
                )
            except PlanningError as error:  # the next look may succeed
                log.warning("no progress shown", key=event.key, reason=str(error))
                is_stopped = False
            if is_stopped:
                stop.ask()
            self.wake("post")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._pressed.wait(), max(slack.poll_seconds, LOOK_SECONDS))

    def _claim(self, kinds: tuple[str, ...], seconds: float) -> Incoming | None:
        return inbox.claim(
            self._company.stores.database, owner=self.owner, surface=SLACK, kinds=kinds,
            now=self._company.clock.now(), seconds=seconds,
        )  # fmt: skip

    async def _hold(self) -> None:
        until = self._company.clock.now() + timedelta(seconds=CLAIM_SECONDS)
        await self._threads.run_reserved(self._hold_until, until)

    def _hold_until(self, until: datetime) -> None:
        inbox.hold(self._company.stores.database, self.owner, until=until)

    def _failed(self, event: Incoming, error: Exception) -> None:
        reference = self._crashed(error)
        now = self._company.clock.now()
        if inbox.failed(self._company.stores.database, event, error=reference, now=now):
            apologise(self._company, event, reference)

    async def keep_up(self) -> bool:
        """Cards, those who wait, and outcomes, as the database has them; whether any was behind."""
        changed = await self._threads.run(keep_cards, self._company)
        await self._threads.run(self._waits.wake_decided)
        told = await self._threads.run(tell_outcomes, self._company)
        if changed or told:
            self.wake("post")
        return bool(changed or told)

    async def _tell(self, event: Incoming, answered: Answered) -> None:
        """For the eyes of whoever pressed; one that is lost has its card, drawn anew, as well."""
        if answered.needs_plan:
            await self._threads.run(self._plan_again)
        try:
            client = await self._workspaces.client(home_of(event.payload))
            await client.call(
                "chat.postEphemeral",
                channel=answered.channel,
                user=answered.user,
                text=escaped(answered.sentence),
                blocks=[prose([Part(answered.sentence)])],
            )
        except SlackProblem as problem:
            log.warning("not told", key=event.key, reason=str(problem))

    def _plan_again(self) -> None:
        """A confirmed budget is planned by the worker, as a job that survives this process."""
        now = self._company.clock.now()
        with self._company.stores.database.write() as work:
            jobs.enqueue(work, kind="plan", key=f"plan:budget:{now:%Y%m%dT%H%M%S}", payload={},
                         run_at=now)  # fmt: skip

    def _stages(self, event: Incoming, loop: asyncio.AbstractEventLoop) -> Callable[[str], None]:
        """Tell what is being done, where Slack shows it; never in the way of the answer."""

        def show(stage: str) -> None:
            if self._stopping.is_set():  # the loop may have ended before the turn
                return
            if self._doing.get(event.id) == stage:  # long work says again and again where it is
                return
            self._doing[event.id] = stage
            asyncio.run_coroutine_threadsafe(self._show_stage(event, stage), loop)

        return show

    async def _show_stage(self, event: Incoming, stage: str) -> None:
        thread = event.payload["thread"] or event.payload["ts"]
        if thread is None:
            return
        with suppress(SlackProblem):
            client = await self._workspaces.client(home_of(event.payload))
            await client.call(
                "assistant.threads.setStatus",
                channel_id=event.payload["channel"],
                thread_ts=thread,
                status=f"is {stage}…",
            )

    def _crashed(self, error: Exception) -> str:
        reference = new_reference()
        path = save_crash(
            error,
            reference=reference,
            folder=self._company.settings.crash_folder,
            now=self._company.clock.now(),
            redaction=redaction_for(self._company.settings),
        )
        log.error("crash", reference=reference, details=str(path), kind=type(error).__name__)
        return reference
