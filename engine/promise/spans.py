"""Chances of having come, as windows of calendar days."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from engine.promise.offers import Span
from engine.promise.windows import covering_days

Floats = NDArray[np.float64]


def spans(
    by: Floats,
    as_of: date,
    *,
    confidence: float,
    handling_days: int,
    pos: Sequence[tuple[str, ...]] | None = None,
    overdue: Sequence[bool] | None = None,
) -> list[Span]:
    """A window for each row of `by` [row, day]: the chance of having come by that day's evening.

    Tails share what `confidence` leaves; handling comes on top. `late` is what is left after the
    last day, the chance of never coming included.
    """
    if not len(by):
        return []
    chances = np.diff(by, axis=1, prepend=0.0)
    days = covering_days(chances, confidence)
    rows = np.arange(len(by))
    late = 1.0 - by[rows, days.last]
    start = as_of + timedelta(days=handling_days)
    return [
        Span(
            first=start + timedelta(days=first),
            last=start + timedelta(days=last),
            likeliest=start + timedelta(days=middle),
            late=round(float(chance), 4),
            pos=pos[row] if pos else (),
            overdue=bool(overdue[row]) if overdue else False,
        )
        for row, (first, last, middle, chance) in enumerate(
            zip(days.first.tolist(), days.last.tolist(), days.middle.tolist(), late.tolist(),
                strict=True)
        )
    ]  # fmt: skip
