"""Where buckets stand in the year and in the week."""

import numpy as np
import pandas as pd

from engine.demand.season import Cycle

WEEKS_PER_YEAR = 52
DAYS_PER_WEEK = 7
WEEKS_PER_MONTH = 4
WEEKS_PER_REPETITION = 13  # weekday profiles repeat often; a quarter is one repetition


def year_cycle(starts: pd.DatetimeIndex, bucket_days: int) -> Cycle:
    """ISO week of each bucket's middle, week 53 counted as 52.

    Repetitions are years that end at the last bucket, so that the latest one is whole.
    """
    middle = starts + pd.Timedelta(days=bucket_days // 2)
    week = middle.isocalendar()["week"].to_numpy(dtype=np.int64)
    per_year = WEEKS_PER_YEAR * DAYS_PER_WEEK // bucket_days
    age = len(starts) - 1 - np.arange(len(starts))
    phase = np.minimum(week, WEEKS_PER_YEAR) - 1
    return Cycle(phase=phase, repetition=age // per_year, phases=WEEKS_PER_YEAR, near=1)


def month_cycle(starts: pd.DatetimeIndex, bucket_days: int) -> Cycle:
    """Month, and whether a bucket begins on the first, second .. of its weekday in the month.

    The fifth counts as the fourth. Repetitions are those of `year_cycle`.
    """
    nth = np.minimum((starts.day.to_numpy() - 1) // DAYS_PER_WEEK, WEEKS_PER_MONTH - 1)
    phase = (starts.month.to_numpy() - 1) * WEEKS_PER_MONTH + nth
    year = year_cycle(starts, bucket_days)
    return Cycle(
        phase=phase.astype(np.int64), repetition=year.repetition,
        phases=12 * WEEKS_PER_MONTH, near=year.near,
    )  # fmt: skip


def week_cycle(starts: pd.DatetimeIndex) -> Cycle:
    """Weekday of each daily bucket, Monday 0."""
    age = len(starts) - 1 - np.arange(len(starts))
    return Cycle(
        phase=starts.weekday.to_numpy(dtype=np.int64),
        repetition=age // (WEEKS_PER_REPETITION * DAYS_PER_WEEK),
        phases=DAYS_PER_WEEK,
    )
