"""Waiting for what comes once time has gone on far enough."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from evals.slack_faults.stage import LATER_SECONDS, PATIENCE_SECONDS, Stage

LOOKS_BEFORE_LATER = 25
PAUSE_SECONDS = 0.03


async def eventually(stage: Stage, seen: Callable[[], object]) -> None:
    """Look for it, and let time go on while nothing comes; TimeoutError when it never does."""
    looks = 0
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not seen():
            looks += 1
            if looks % LOOKS_BEFORE_LATER == 0:
                stage.clock.at += timedelta(seconds=LATER_SECONDS)
            await asyncio.sleep(PAUSE_SECONDS)
