"""The company in Slack that is broken: its workspace, its processes, and what must always hold."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import sqlalchemy as sa

from agent.assistant import open_assistant
from agent.bootstrap import Company, open_company
from agent.slack.actions import APPROVE
from agent.slack.render.progress import WORKING
from engine.service import audit, inbox, posts
from engine.service.approval_card import ApprovalCard
from engine.service.stores import Stores
from engine.store.tables.purchasing import approval_decisions, approval_requests
from engine.store.tables.surfaces import inbox as events, posts as table
from evals.orders.world import NOW, ask, found_company
from evals.rigs.slacksim import acts
from evals.rigs.slacksim.living import Living, living
from evals.rigs.slacksim.server import Slack, until
from evals.rigs.slacksim.state import Json, Message, Workspace
from evals.slack_faults.dying import Death, Died, doom

TEAM, CARDS, BUYER = "T1", "C0CARDS", "UBEA"
MANAGERS = ("UM0", "UM1", "UM2")
PATIENCE_SECONDS = 30.0  # of the run; nothing takes a tenth of it
LATER_SECONDS = 90.0  # longer than any claim
CALM_LOOKS, BLOCKED_LOOKS, CALM_ROUNDS = 3, 20, 3


@dataclass
class HandClock:
    """Time stands still until the run moves it; every process has the same."""

    at: datetime = NOW + timedelta(minutes=5)

    def now(self) -> datetime:
        return self.at


@dataclass
class Process:
    """One of ours: alive until it is stopped, or dies where it was told to."""

    alive: Living
    task: asyncio.Task[None]
    death: Death


@dataclass
class Stage:
    """One company, its workspace, and a source of numbers for what is made up next."""

    url: str
    home: Path
    slack: Slack
    stores: Stores
    transport: str
    draws: np.random.Generator
    clock: HandClock = field(default_factory=HandClock)
    processes: list[Process] = field(default_factory=list[Process])
    orders: int = 0

    @property
    def world(self) -> Workspace:
        return self.slack.world

    async def start(self) -> Process:
        """One more process on the same database."""
        death, ready = Death(), asyncio.Event()
        told: list[Living] = []

        async def live() -> None:
            company = self.opened()
            doom(company.stores.database.engine, death)
            with company, open_assistant(company) as assistant:
                async with living(assistant, self.slack) as alive:
                    told.append(alive)
                    ready.set()
                    await death.called.wait()
                    if death.is_dead:  # nobody ends in good order who was killed
                        await alive.service.stop(0)

        task = asyncio.create_task(live())
        waits = asyncio.create_task(ready.wait())
        await asyncio.wait({task, waits}, return_when=asyncio.FIRST_COMPLETED)
        waits.cancel()
        if not told:
            await task
        self.processes.append(Process(alive=told[0], task=task, death=death))
        return self.processes[-1]

    def opened(self) -> Company:
        company = open_company(environment=self.environment(), warn=lambda _: None)
        return replace(company, clock=self.clock)

    def environment(self) -> Mapping[str, str]:
        """The settings of every process."""
        return {
            "QM_HOME": str(self.home), "QM_DATABASE_URL": self.url, "QM_MODEL_PROVIDER": "offline",
            "QM_AUDIT_KEY": "a key for measuring only",
            "QM_AUDIT_ANCHOR": str(self.home / "anchor.jsonl"),
            "QM_SLACK_BOT_TOKEN": self.slack.bot_token,
            "QM_SLACK_APP_TOKEN": self.slack.app_token,
            "QM_SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "QM_SLACK_API_URL": self.slack.url, "QM_SLACK_TEAM": TEAM,
            "QM_SLACK_APPROVALS_CHANNEL": CARDS, "QM_SLACK_POLL_SECONDS": "0.05",
            "QM_SLACK_TRANSPORT": self.transport, "QM_SLACK_TIMEOUT_SECONDS": "3",
            "QM_SLACK_PROGRESS_SECONDS": "0.01",  # every question shows that it is worked on
        }  # fmt: skip

    async def end(self, process: Process) -> None:
        """Stop it: in good order, unless its death was called."""
        self.processes.remove(process)
        process.death.called.set()
        with suppress(Died):
            await process.task
        if self.processes and self.transport == "http":
            self.slack.request_url = self.processes[-1].alive.request_url

    async def kill(self, process: Process) -> None:
        process.death.die()
        await self.end(process)

    def ask(self) -> ApprovalCard:
        self.orders += 1
        return ask(
            self.stores, self.orders, packs=int(self.draws.integers(1, 30)), now=self.clock.now()
        )

    async def carded(self) -> tuple[ApprovalCard, Message]:
        """A request, and its card once it stands there."""
        card = self.ask()
        return card, await until(lambda: self.card_of(card), PATIENCE_SECONDS)

    def card_of(self, card: ApprovalCard) -> Message | None:
        return next(
            (m for m in self.world.of_bot(CARDS) if m.text.startswith(f"{card.number} ")), None
        )

    def press(self, user: str, message: Message, action: str = APPROVE) -> Json:
        return acts.press(self.slack, user, message, action)

    async def deliver(self, kind: str, payload: Json, seconds: float = 3.0) -> bool:
        """Whether it was acknowledged."""
        try:
            await self.slack.deliver(kind, payload, seconds=seconds)
        except (TimeoutError, OSError, RuntimeError, aiohttp.ClientError):
            return False
        return True

    async def insist(self, kind: str, payload: Json) -> None:
        """As Slack does with events, and people do with buttons: again until it is heard."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await self.deliver(kind, payload):  # noqa: ASYNC110  there is nothing to wait for
                await asyncio.sleep(0.05)

    async def settled(self) -> None:
        """Let all that waits be done, however long Slack or the dead make it wait."""
        if not self.processes:
            await self.start()
        rounds = 0  # in which nothing was left to do; a click is done just before its news goes out
        async with asyncio.timeout(3 * PATIENCE_SECONDS):
            while rounds < CALM_ROUNDS:
                await self._quiet()
                is_left = self._is_left(_unended())
                is_behind = await self.processes[-1].alive.service.keep_up()
                rounds = 0 if is_left or is_behind else rounds + 1
                if is_left:
                    self.clock.at += timedelta(seconds=LATER_SECONDS)
                    self._wake()
                await asyncio.sleep(0.05)

    async def _quiet(self) -> None:
        """Nobody alive has anything in hand; nothing is due but behind what a dead one had."""
        calm = 0
        while calm < BLOCKED_LOOKS:
            now, alive = self.clock.now(), [each.alive.service.owner for each in self.processes]
            calm = 0 if self._is_left(_in_hand(alive)) else calm + 1
            if calm >= CALM_LOOKS and not self._is_left(_due(now)):
                return
            await asyncio.sleep(0.02)

    def _is_left(self, which: "Which") -> bool:
        with self.stores.database.read() as look:
            return any(
                look.execute(sa.select(sa.literal(1)).where(each).limit(1)).first()
                for each in which
            )

    def _wake(self) -> None:
        for process in self.processes:
            process.alive.service.wake()

    def problems(self) -> list[str]:
        """More or less than one message per post, one effect per click, one answer per event."""
        return [*_posts(self), *_decisions(self), *_events(self)]

    def wrong_card(self, card: ApprovalCard, state: str, decisions: int = 1) -> list[str]:
        """What is not as it should be of one request, in the database and where it stands."""
        with self.stores.database.read() as look:
            row = look.execute(
                sa.select(approval_requests.c.state).where(
                    approval_requests.c.id == card.request_id
                )
            ).one()
            made = look.execute(
                sa.select(sa.func.count()).select_from(approval_decisions)
                .where(approval_decisions.c.request_id == card.request_id)
            ).scalar_one()  # fmt: skip
        shown = self.card_of(card)
        found = [] if row.state == state else [f"{card.number} is {row.state}, not {state}"]
        if made != decisions:
            found.append(f"{made} decisions on {card.number}, not {decisions}")
        if shown is None:
            found.append(f"no card of {card.number}")
        elif state != "pending" and state not in shown.text:
            found.append(f"the card says {shown.text!r} while it is {state}")
        return found

    def told(self, user: str) -> Counter[str]:
        return Counter(each["text"] for each in self.world.ephemerals if each["user"] == user)


Which = tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]  # of events, of posts


def _unended() -> Which:
    wanted = (table.c.state == "waiting") & (table.c.shown < table.c.wanted)
    return events.c.state.in_(("new", "working")), wanted | (table.c.state == "sending")


def _due(now: datetime) -> Which:
    wanted = (table.c.state == "waiting") & (table.c.shown < table.c.wanted)
    left = (table.c.state == "sending") & (table.c.claimed_until <= now)
    fresh = (events.c.state == "new") & (events.c.next_at <= now)
    abandoned = (events.c.state == "working") & (events.c.claimed_until <= now)
    return fresh | abandoned, (wanted & (table.c.next_at <= now)) | left


def _in_hand(owners: list[str]) -> Which:
    return (
        (events.c.state == "working") & events.c.claimed_by.in_(owners),
        (table.c.state == "sending") & table.c.claimed_by.in_(owners),
    )


def _posts(stage: Stage) -> list[str]:
    with stage.stores.database.read() as look:
        rows = look.execute(sa.select(table)).all()
    standing: Counter[str] = Counter()
    for message in stage.world.of_bot():
        standing[key_of(message)] += 1
    found = [f"{n} messages of {key}" for key, n in standing.items() if n > 1]
    found += [f"{row.key} is {row.state}: {row.last_error}" for row in rows if row.state == "dead"]
    found += [f"{m.text} is left over" for m in stage.world.of_bot() if m.text.startswith(WORKING)]
    return found + [
        f"{row.key} stands nowhere" for row in rows
        if row.state != "dead" and not standing[row.key]
    ]  # fmt: skip


def _decisions(stage: Stage) -> list[str]:
    per_request = (
        sa.select(approval_decisions.c.request_id, sa.func.count().label("made"))
        .group_by(approval_decisions.c.request_id)
        .having(sa.func.count() > 1)
    )
    with stage.stores.database.read() as look:
        return [f"{r.made} decisions on {r.request_id}" for r in look.execute(per_request)]


def _events(stage: Stage) -> list[str]:
    left = {state: n for state, n in inbox.counts(stage.stores.database).items() if state != "done"}
    waits = posts.counts(stage.stores.database)
    unsent = {state: n for state, n in waits.items() if state not in ("shown", "dead")}
    return [f"events {left}"] * bool(left) + [f"posts {unsent}"] * bool(unsent)


def key_of(message: Message) -> str:
    """Which post of ours it is, by its metadata."""
    payload: Json = (message.metadata or {}).get("event_payload", {})
    return str(payload.get("key", ""))


def audit_problems(stage: Stage) -> list[str]:
    return [finding.sentence for finding in audit.verify(stage.stores).findings]


@asynccontextmanager
async def open_stage(
    url: str,
    home: Path,
    transport: str,
    seed: Any,  # noqa: ANN401  what numpy takes
) -> AsyncGenerator[Stage, None]:
    """A company with its workspace and one process at work."""
    slack = Slack(world=Workspace(team=TEAM))
    for user in (BUYER, "UDANA", *MANAGERS):
        slack.world.add_user(user)
        slack.world.direct(user)
    slack.world.add_channel(CARDS, BUYER, "UDANA", *MANAGERS)
    await slack.start()
    async with AsyncExitStack() as ends:
        ends.push_async_callback(slack.stop)
        stores = found_company(url, home, managers=len(MANAGERS), team=TEAM)
        ends.callback(stores.database.close)
        stage = Stage(
            url=url, home=home, slack=slack, stores=stores, transport=transport,
            draws=np.random.default_rng(seed),
        )  # fmt: skip
        await stage.start()
        yield stage
        for process in list(stage.processes):
            await stage.end(process)
