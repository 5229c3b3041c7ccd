"""Seconds from typing `qm chat` to its first prompt, on a terminal of its own."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

PROMPT = b"Bench>"  # the only person there is
GIVE_UP_SECONDS = 60.0


def seconds_to_prompt(settings: Path) -> float:
    """The process is ended as soon as it asks for a line."""
    ours, theirs = pty.openpty()
    program = Path(sys.executable).with_name("qm")
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603  our own program
        [str(program), "--config", str(settings), "chat"], stdin=theirs, stdout=theirs,
        stderr=theirs, env={**os.environ, "TERM": "xterm"},  # noqa: TID251  handed on to the child
    ) as child:  # fmt: skip
        os.close(theirs)
        try:
            return _until_prompt(ours, began)
        finally:
            child.kill()
            os.close(ours)


def _until_prompt(terminal: int, began: float) -> float:
    heard = b""
    while time.perf_counter() - began < GIVE_UP_SECONDS:
        ready, _, _ = select.select([terminal], [], [], 0.1)
        if not ready:
            continue
        try:
            heard += os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if PROMPT in heard:
            return time.perf_counter() - began
    raise RuntimeError(f"qm chat showed no prompt; it said: {heard[-500:]!r}")
