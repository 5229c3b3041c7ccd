"""Cells of frames as plain values that a fact may hold."""

import math
from collections.abc import Sequence
from typing import SupportsFloat, cast

import pandas as pd

Record = dict[str, object]
WHOLE_FROM = 100  # from here on a figure is shown without tenths


def records(frame: pd.DataFrame) -> list[Record]:
    """Rows in order, column name -> cell."""
    return cast("list[Record]", frame.to_dict("records"))


def known(value: object) -> float | None:
    """The number in a cell; None where it is missing, endless or no number."""
    if not isinstance(value, SupportsFloat):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def whole(value: object) -> int:
    """A count or an amount in minor units; missing reads as none of it."""
    return round(known(value) or 0)


def rounded(value: float) -> int | float:
    """As shown to people: tenths below a hundred, whole from there on, whole where it is whole.

    Rounded once: what is shown is never rounded again, so sums agree with their parts.
    """
    near = round(value, 0 if abs(value) >= WHOLE_FROM else 1)
    return int(near) if near == int(near) else near


def text(value: object) -> str:
    """A text cell; empty where it is missing."""
    return value if isinstance(value, str) else ""


def adding_up(parts: Sequence[float]) -> list[int | float]:
    """The parts as shown (tenths below a hundred, whole above), summing to their shown total.

    Largest remainders get the last tenth, so what a reader adds up is what the total says.
    """
    scale = 1 if max((abs(part) for part in [*parts, sum(parts)]), default=0) >= WHOLE_FROM else 10
    floors = [math.floor(part * scale) for part in parts]
    missing = round(sum(parts) * scale) - sum(floors)
    by_remainder = sorted(range(len(parts)), key=lambda i: (floors[i] - parts[i] * scale, i))
    raised = set(by_remainder[:missing])
    return [rounded((floor + (i in raised)) / scale) for i, floor in enumerate(floors)]
