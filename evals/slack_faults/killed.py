"""kill -9 of a real `qm slack`, somewhere between a click and its card.

Such a process reads the real clock, so the run's is set to it and goes on from there.
"""

import asyncio
import os
import signal
import sys

from agent.clock import SystemClock
from evals.rigs.slacksim.server import until
from evals.slack_faults.stage import PATIENCE_SECONDS, Stage

START = "from agent.cli import main; main()"


async def killed_for_real(stage: Stage) -> list[str]:
    """Two processes one after the other: the first is killed at a drawn moment after the click."""
    for process in list(stage.processes):
        await stage.end(process)
    stage.clock.at = max(stage.clock.at, SystemClock().now())
    card = stage.ask()
    first = await _started(stage)
    try:
        message = await until(lambda: stage.card_of(card), PATIENCE_SECONDS)
        await stage.insist("interactive", stage.press("UM0", message))
        await asyncio.sleep(float(stage.draws.random() * 0.25))
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        await first.wait()
    stage.clock.at = max(stage.clock.at, SystemClock().now())
    await stage.start()
    await stage.settled()
    return [*stage.wrong_card(card, "approved"), *stage.problems()]


async def _started(stage: Stage) -> asyncio.subprocess.Process:
    """`qm slack` over Socket Mode, connected."""
    environment = {**os.environ, **stage.environment(), "QM_SLACK_TRANSPORT": "socket"}  # noqa: TID251  a child's
    stage.slack.request_url = ""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", START, "slack", env=environment, start_new_session=True,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    await stage.slack.connected(PATIENCE_SECONDS)
    return process
