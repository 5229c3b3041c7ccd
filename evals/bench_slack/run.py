"""A real `qm slack` on a Slack of our own: started, kept busy, pressed, asked, weighed."""

import asyncio
import itertools
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from agent.slack.actions import APPROVE
from agent.slack.render.progress import WORKING
from engine.service.approval_card import ApprovalCard
from evals.bench_slack.company import CARDS, KEY, TEAM
from evals.rigs.slacksim import acts
from evals.rigs.slacksim.server import Slack, until
from evals.rigs.slacksim.state import Message, Workspace

START = "from agent.cli import main; main()"
PATIENCE_SECONDS = 300.0
THINK_SECONDS = 0.2  # between a card that shows its decision and the next click
READS = ("What should I buy this week?", "What needs me?", "What waits?")
PERCENTILES = (50, 95, 99)
PARTS = ("clicks", "steady")
MEMORY_LOOKS = 10  # at the process while questions come


@dataclass
class Busy:
    """What is in flight while buttons are pressed."""

    asked: int = 0
    answered: int = 0
    what_ifs: int = 0  # answered
    computing: int = 0  # what-ifs asked and not answered
    in_flight: list[int] = field(default_factory=list[int])  # at each click
    what_ifs_in_flight: list[int] = field(default_factory=list[int])  # at each click


@dataclass(frozen=True, kw_only=True)
class Load:
    """What is asked of the process; `parts` are those of PARTS that are measured."""

    parts: tuple[str, ...]
    turns: int
    what_ifs: int
    budget_minor: int
    per_minute: int
    seconds: float


async def measured(home: Path, cards: Sequence[ApprovalCard], load: Load) -> dict[str, Any]:
    """Milliseconds, counts and megabytes under the keys that `qm bench slack` prints."""
    slack = Slack(world=_world(load.turns))
    await slack.start()
    found: dict[str, Any] = {}
    try:
        began = time.perf_counter()
        async with _process(home, slack, load.turns, load.what_ifs) as process:
            found["ready_s"] = round(time.perf_counter() - began, 2)
            await until(lambda: len(slack.world.of_bot(CARDS)) >= len(cards), PATIENCE_SECONDS)
            if "clicks" in load.parts:
                found |= await _clicks(slack, cards, load)
            if "steady" in load.parts:
                found |= await _steady(slack, process.pid, load)
    finally:
        await slack.stop()
    return found


async def _clicks(slack: Slack, cards: Sequence[ApprovalCard], load: Load) -> dict[str, Any]:
    pressed, busy = await _pressed(slack, cards, load.turns, load.what_ifs, load.budget_minor)
    acks, shown = zip(*pressed, strict=True)
    return {
        "clicks": len(acks), **_percentiles(acks), "card": _percentiles(shown),
        "turns_in_flight": float(np.mean(busy.in_flight)),
        "what_ifs_in_flight": float(np.mean(busy.what_ifs_in_flight)),
        "what_ifs_answered": busy.what_ifs,
    }  # fmt: skip


@asynccontextmanager
async def _process(
    home: Path, slack: Slack, turns: int, what_ifs: int
) -> AsyncGenerator[asyncio.subprocess.Process, None]:
    """`qm slack`, connected; it computes as many what-ifs at once as are asked."""
    settings = {
        "QM_HOME": str(home), "QM_DATABASE_URL": f"sqlite:///{home}/quartermaster.db",
        "QM_MODEL_PROVIDER": "offline", "QM_AUDIT_KEY": KEY,
        "QM_AUDIT_ANCHOR": str(home / "anchor"), "QM_SLACK_BOT_TOKEN": slack.bot_token,
        "QM_SLACK_APP_TOKEN": slack.app_token, "QM_SLACK_API_URL": slack.url,
        "QM_SLACK_TEAM": TEAM, "QM_SLACK_APPROVALS_CHANNEL": CARDS, "QM_SLACK_TURNS": str(turns),
        "QM_WORKER_PROCESSES": str(what_ifs), "QM_LOG_LEVEL": "warning",
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", START, "slack", env={**os.environ, **settings},  # noqa: TID251  a child's
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await slack.connected(PATIENCE_SECONDS)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def _pressed(
    slack: Slack, cards: Sequence[ApprovalCard], turns: int, what_ifs: int, budget_minor: int
) -> tuple[list[tuple[float, float]], Busy]:
    """Every card approved, one after the other, while all askers wait for answers."""
    busy, ends = Busy(), asyncio.Event()
    askers = [
        asyncio.create_task(_keeps_asking(slack, n, busy, ends, what_ifs, budget_minor))
        for n in range(turns)
    ]
    await until(lambda: busy.asked >= turns, PATIENCE_SECONDS)
    times: list[tuple[float, float]] = []
    for card in cards:
        message = next(m for m in slack.world.of_bot(CARDS) if m.text.startswith(f"{card.number} "))
        times.append(await _press(slack, f"UM{turns}", message))
        busy.in_flight.append(busy.asked - busy.answered)
        busy.what_ifs_in_flight.append(busy.computing)
        await asyncio.sleep(THINK_SECONDS)
    ends.set()
    await asyncio.gather(*askers)
    return times, busy


async def _press(slack: Slack, user: str, message: Message) -> tuple[float, float]:
    """Milliseconds to the acknowledgement and to the card that shows the decision."""
    began = time.perf_counter()
    await slack.deliver("interactive", acts.press(slack, user, message, APPROVE), seconds=60)
    acked = time.perf_counter()
    await until(lambda: "approved" in message.text, PATIENCE_SECONDS)
    return 1e3 * (acked - began), 1e3 * (time.perf_counter() - began)


async def _keeps_asking(
    slack: Slack, number: int, busy: Busy, ends: asyncio.Event, what_ifs: int, budget_minor: int
) -> None:
    """One person's direct messages: the next question once the last one is answered."""
    is_what_if = number < what_ifs
    for turn in itertools.count(1):
        if ends.is_set():
            return
        budget = budget_minor // 100 * (50 + 7 * turn + number) // 100  # another one every time
        text = f"What if the budget were {budget}?" if is_what_if else READS[turn % len(READS)]
        busy.asked += 1
        busy.computing += is_what_if
        await _answer(slack, number, text)
        busy.answered += 1
        busy.computing -= is_what_if
        busy.what_ifs += is_what_if


async def _answer(slack: Slack, number: int, text: str) -> None:
    channel = f"DM{number}"
    before = _answered(slack, channel)
    event = acts.say(slack, f"UM{number}", channel, text)
    await slack.deliver("events_api", event, seconds=60)
    await until(lambda: _answered(slack, channel) > before, PATIENCE_SECONDS)


async def _steady(slack: Slack, pid: int, load: Load) -> dict[str, Any]:
    """Questions at a rate, in threads of their own; how many were answered once, and the memory."""
    count, pause = round(load.per_minute * load.seconds / 60), 60 / load.per_minute
    began, threads, memory = time.perf_counter(), list[str](), list[float]()
    for number in range(count):
        await asyncio.sleep(max(began + number * pause - time.perf_counter(), 0))
        if number % max(count // MEMORY_LOOKS, 1) == 0:
            memory.append(_megabytes(pid))
        user = number % load.turns
        event = acts.say(slack, f"UM{user}", CARDS, f"<@{slack.world.bot_user}> What waits?")
        threads.append(event["event"]["ts"])
        await slack.deliver("events_api", event, seconds=60)
    answers = _answers(slack, threads)
    with suppress(TimeoutError):  # counted as lost
        await until(lambda: len(answers()) >= count, PATIENCE_SECONDS)
    took = time.perf_counter() - began
    await asyncio.sleep(2)  # a second answer would come now
    found = answers()
    return {
        "messages": count, "per_minute": load.per_minute, "rate_per_s": round(len(found) / took, 2),
        "lost": count - len(found), "doubled": sum(n > 1 for n in found.values()),
        "memory_mb": [*memory, _megabytes(pid)],
    }  # fmt: skip


def _answered(slack: Slack, channel: str) -> int:
    """Messages that are more than word that a question is worked on."""
    return sum(not _is_progress(message) for message in slack.world.of_bot(channel))


def _is_progress(message: Message) -> bool:
    return message.text.startswith(WORKING)


def _answers(slack: Slack, threads: Sequence[str]) -> Callable[[], Counter[str]]:
    wanted = set(threads)
    return lambda: Counter(
        str(m.thread_ts)
        for m in slack.world.of_bot(CARDS)
        if m.thread_ts in wanted and not _is_progress(m)
    )


def _world(people: int) -> Workspace:
    world = Workspace(team=TEAM)
    users = ("UBEA", "UDANA", *(f"UM{n}" for n in range(people + 1)))
    for user in users:
        world.add_user(user)
        world.direct(user)
    world.add_channel(CARDS, *users)
    return world


def _percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    shown = {f"p{each}_ms": float(np.percentile(milliseconds, each)) for each in PERCENTILES}
    return {name: round(value, 1) for name, value in {**shown, "max_ms": max(milliseconds)}.items()}


def _megabytes(pid: int) -> float:
    """Proportional set size of the process and all it started."""
    top = psutil.Process(pid)
    tree = (top, *top.children(recursive=True))
    return round(sum(each.memory_full_info().pss for each in tree) / 2**20, 1)
