"""The days of the made-up company: a run-in before the history, the history, and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import InvalidInput

HISTORY_DAYS = 728  # 104 whole weeks
SHORTEST_DAYS = 280  # in less there is no room for launches, ends and renames
RUN_IN_DAYS = 98  # simulated before the history, so that it opens with orders under way
AHEAD_DAYS = 150  # promotions, season and receipts are known beyond the end

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Days:
    """Day numbers count from the first day of the run-in."""

    first: date
    history: int  # day number on which the history begins
    end: int  # day number of the last day of history
    count: int  # with the days ahead
    index: pd.DatetimeIndex = field(repr=False)

    @property
    def last(self) -> date:
        return self.day(self.end)

    def day(self, number: int) -> date:
        return self.first + timedelta(days=number)

    def number(self, day: date) -> int:
        return (day - self.first).days

    @property
    def weekday(self) -> Ints:
        """0 is Monday."""
        return self.index.dayofweek.to_numpy(dtype=np.int64)

    @property
    def of_year(self) -> Ints:
        return self.index.dayofyear.to_numpy(dtype=np.int64)

    def at(self, numbers: Ints) -> pd.DatetimeIndex:
        """Dates of day numbers."""
        return pd.DatetimeIndex(np.datetime64(self.first, "ns") + numbers.astype("timedelta64[D]"))


def company_days(end: date, history_days: int) -> Days:
    if history_days < SHORTEST_DAYS:
        raise InvalidInput(
            f"A demo company needs at least {SHORTEST_DAYS} days of history, not {history_days}."
        )
    first = end - timedelta(days=history_days + RUN_IN_DAYS - 1)
    count = history_days + RUN_IN_DAYS + AHEAD_DAYS
    return Days(
        first=first,
        history=RUN_IN_DAYS,
        end=RUN_IN_DAYS + history_days - 1,
        count=count,
        index=pd.date_range(first, periods=count, freq="D"),
    )


def coded(codes: Ints, names: Sequence[str]) -> pd.Categorical:
    """Texts by their position in `names`, without writing each of them out."""
    return pd.Categorical.from_codes(codes.tolist(), pd.Index(list(names), dtype=object))


def stream(seed: int, name: str) -> np.random.Generator:
    """A random stream of its own per purpose: a change in one leaves the others as they were."""
    return np.random.default_rng([seed, crc32(name.encode())])
