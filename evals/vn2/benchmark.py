"""The competition's benchmark: a pooled index, the mean of a quarter, four weeks of cover."""

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from evals.histories.history import History
from evals.vn2.files import Stock

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
INDEX_WEEKS, LEVEL_WEEKS, COVER_WEEKS = 156, 13, 4


def benchmark_order(history: History, stock: Stock) -> Floats:
    """Up to four weeks of forecast, rounded to whole units."""
    return np.maximum(np.rint(forecast(history, COVER_WEEKS).sum(axis=1) - stock.position), 0.0)


def forecast(history: History, steps: int) -> Floats:
    """[series, step]: mean of the last 13 weeks in stock without season, times the season.

    The index of an ISO week is its mean over series in stock and years, over the mean of all
    weeks; a week that the history does not have counts as usual.
    """
    past = history.between(max(history.buckets - INDEX_WEEKS, 0), history.buckets)
    week = _iso_weeks(past, 0, past.buckets)
    total = _mean(past.units, axis=0)
    usual = float(np.nanmean(total))
    index = {each: float(np.nanmean(total[week == each])) / usual for each in set(week.tolist())}
    factor = np.asarray([max(index[each], 1e-6) for each in week.tolist()])
    level = _last_mean(past.units / factor, LEVEL_WEEKS)
    ahead = _iso_weeks(past, past.buckets, steps)
    return level[:, None] * np.asarray([index.get(each, 1.0) for each in ahead.tolist()])


def last_quarter(history: History) -> Floats:
    """[series] mean of the last 13 weeks in stock; 0 where there is none."""
    return _last_mean(history.units, LEVEL_WEEKS)


def _iso_weeks(history: History, first: int, count: int) -> Ints:
    days = [history.first_day + timedelta(days=7 * (first + i)) for i in range(count)]
    return np.asarray([day.isocalendar().week for day in days], dtype=np.int64)


def _last_mean(units: Floats, count: int) -> Floats:
    """[series] mean of the last so many numbers that are not NaN."""
    seen = np.isfinite(units)
    behind = np.cumsum(seen[:, ::-1], axis=1)[:, ::-1]  # numbers from here to the end
    return np.nan_to_num(_mean(np.where(seen & (behind <= count), units, np.nan), axis=1))


def _mean(units: Floats, axis: int) -> Floats:
    """Mean of what is not NaN; NaN where nothing is."""
    seen = np.isfinite(units)
    count = seen.sum(axis=axis)
    total = np.where(seen, units, 0.0).sum(axis=axis)
    return np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)
