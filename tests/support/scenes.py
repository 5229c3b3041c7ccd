"""Scenes that are recorded: what people say, what happens meanwhile, and every line printed.

A record holds the lines of a conversation behind "> ", what happens besides behind "! " (an entry
of `events`), and below each what was printed. Playing it again must print the same. To record a
scene anew, delete what stands below its "> " and "! " lines: the test writes the file and fails, so
that somebody reads it before it is kept.
"""

import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console

from agent.terminal import loop
from agent.terminal.session import Session

WIDTH = 110
WIDE = 400  # nothing is wrapped, wherever figures of other lengths would have wrapped it
SAID, HAPPENS = "> ", "! "
_FIGURE = re.compile(r"\d[\d,.]*")
_HASH = re.compile(r"\b[0-9a-f]{12,16}\b")  # of data and revisions, which other work may change


def play(
    session: Session,
    steps: list[str],
    events: Mapping[str, Callable[[], str]],
    *,
    width: int = WIDTH,
) -> str:
    """The record of these steps, each an entry that begins with SAID or HAPPENS."""
    told: list[str] = []
    for step in steps:
        told.append(step)
        if step.startswith(HAPPENS):
            told.append(events[step.removeprefix(HAPPENS)]())
            continue
        page = io.StringIO()
        printer = loop.ScreenPrinter(Console(file=page, width=width))
        loop.play(session, [step.removeprefix(SAID)], printer)
        # The first line repeats what was said.
        told += [line.rstrip() for line in page.getvalue().strip("\n").split("\n")[1:]]
    text = "\n".join(told).rstrip() + "\n"
    return _HASH.sub(lambda found: "…".ljust(len(found[0])), text)


def steps_of(record: Path) -> list[str]:
    lines = record.read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line.startswith((SAID, HAPPENS))]


def without_figures(text: str) -> str:
    """Figures printed as #, and tables closed up: another plan may weigh things otherwise."""
    lines = [
        line if line.startswith((SAID, HAPPENS)) else re.sub(r"[ ─]+", " ", _FIGURE.sub("#", line))
        for line in text.split("\n")
    ]
    return "\n".join(lines)


def held_against(record: Path, played: str) -> None:
    """The same as recorded; a record that has only steps is written, and the test fails once."""
    known = record.read_text(encoding="utf-8")
    if all(line.startswith((SAID, HAPPENS)) for line in known.strip().split("\n")):
        record.write_text(played, encoding="utf-8")
        raise AssertionError(f"{record.name} was recorded: read it, then run the test again.")
    assert played == known
