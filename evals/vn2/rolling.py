"""Windows inside history: who plays in them, and with which stock they begin."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from evals.histories.history import History
from evals.vn2.benchmark import last_quarter
from evals.vn2.files import ROUNDS, Stock
from evals.vn2.game import pass_week

Floats = NDArray[np.float64]
FIRST_ORIGIN, APART = 105, 4  # weeks
WARM_UP = 8  # weeks for which a rule orders before the window begins
LEAST_HISTORY = 13  # weeks in stock
COVER_WEEKS = 4  # of the rule


@dataclass(frozen=True, kw_only=True)
class Window:
    """Eight weeks from `origin`; demand is unknown (NaN) where a series was out of stock."""

    origin: int
    counted: NDArray[np.bool_] = field(repr=False)
    demand: Floats = field(repr=False)  # [series, week], 0 for series that do not count
    start: Stock


def origins(weeks: int) -> tuple[int, ...]:
    """Week positions, four apart, with eight weeks after each."""
    return tuple(range(FIRST_ORIGIN, weeks - ROUNDS + 1, APART))


def window_at(history: History, origin: int) -> Window:
    """A series counts if it was in stock in all eight weeks and in 13 weeks before."""
    units = history.units
    known = np.isfinite(units)
    ahead = slice(origin, origin + ROUNDS)
    counted = known[:, ahead].all(axis=1) & (known[:, :origin].sum(axis=1) >= LEAST_HISTORY)
    return Window(
        origin=origin,
        counted=counted,
        demand=np.where(counted[:, None], np.nan_to_num(units[:, ahead]), 0.0),
        start=_start(history, origin),
    )


def _start(history: History, origin: int) -> Stock:
    """After eight weeks of ordering up to four times the mean of a quarter in stock."""
    first = origin - WARM_UP
    none = np.zeros(len(history.units))
    level = np.rint(COVER_WEEKS * last_quarter(history.between(0, first)))
    now = Stock(on_hand=level, arriving=none, next_week=none)
    for week in range(first, origin):
        target = COVER_WEEKS * last_quarter(history.between(0, week))
        order = np.maximum(np.rint(target - now.position), 0.0)
        now, _ = pass_week(now, np.nan_to_num(history.units[:, week]), order)
    return now
