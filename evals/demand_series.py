"""Made-up weekly demand for benchmarks: a snapshot, and what came after it.

Generated, and marked so wherever it is reported: negative binomial counts around a level that
drifts, with a season per category, launches, promotions and stockouts.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.model.snapshot import Snapshot
from evals.histories.history import Floats
from evals.snapshots import snapshot_of

AS_OF = date(2026, 11, 23)
CATEGORIES = 40
PROMOTED, OUT_OF_STOCK, LAUNCHED = 0.03, 0.06, 0.1  # shares of weeks, of weeks, of series


@dataclass(frozen=True, kw_only=True)
class MadeUpDemand:
    snapshot: Snapshot = field(repr=False)
    units: Floats = field(repr=False)  # [series, week] as sold; NaN out of stock and before launch
    future: Floats = field(repr=False)  # [series, week] uncensored, after the as-of day


def make_up(series: int, points: int, future: int, seed: int) -> MadeUpDemand:
    """`points` weeks of history and `future` weeks of truth for each series."""
    random = np.random.default_rng(seed)
    weeks = points + future
    mean = _level(random, series, weeks) * _season(random, series, weeks)
    promoted = random.random((series, weeks)) < PROMOTED
    promoted[:, points:] = False
    demand = random.poisson(mean * np.where(promoted, 2.0, 1.0) * _gamma(random, series, weeks))
    launch = np.where(random.random(series) < LAUNCHED, random.integers(0, points, series), 0)
    demand[np.arange(weeks)[None, :] < launch[:, None]] = 0
    out = random.random((series, points)) < OUT_OF_STOCK
    sold = np.where(out, 0, demand[:, :points])
    return MadeUpDemand(
        snapshot=_snapshot(sold, out, promoted[:, :points]),
        units=np.where(out | (np.arange(points) < launch[:, None]), np.nan, sold),
        future=demand[:, points:].astype(np.float64),
    )


def _level(random: np.random.Generator, series: int, weeks: int) -> Floats:
    start = np.exp(random.normal(0.8, 1.2, (series, 1)))
    return start * np.exp(np.cumsum(random.normal(0, 0.03, (series, weeks)), axis=1))


def _season(random: np.random.Generator, series: int, weeks: int) -> Floats:
    phase, depth = random.uniform(0, 52, CATEGORIES), random.uniform(0, 0.5, CATEGORIES)
    category = np.arange(series) % CATEGORIES
    angle = 2 * np.pi * (np.arange(weeks)[None, :] + phase[category, None]) / 52
    return 1.0 + depth[category, None] * np.sin(angle)


def _gamma(random: np.random.Generator, series: int, weeks: int) -> Floats:
    shape = np.exp(random.normal(1.0, 0.7, (series, 1)))
    return random.gamma(shape, 1 / shape, (series, weeks))


def _snapshot(
    sold: NDArray[np.int64], out: NDArray[np.bool_], promoted: NDArray[np.bool_]
) -> Snapshot:
    series, points = sold.shape
    starts = pd.date_range(end=AS_OF - timedelta(days=7), periods=points, freq="7D")
    skus = [f"S{k:06d}" for k in range(series)]
    row, week = np.nonzero(sold)
    sales = _keys(skus, row, starts[week]).assign(units=sold[row, week].astype(float), kind="sale")
    row, week = np.nonzero(np.ones_like(out))
    stock = _keys(skus, row, starts[week]).assign(in_stock_fraction=1.0 - out[row, week])
    row, week = np.nonzero(promoted)
    promotions = pd.DataFrame({
        "promotion": [f"P{k}" for k in range(len(row))], "sku": np.array(skus, dtype=object)[row],
        "start_date": starts[week], "end_date": starts[week] + pd.Timedelta(days=6), "depth": 0.2,
    })  # fmt: skip
    items = pd.DataFrame({
        "sku": skus, "price_micros": 10e6, "unit_cost_micros": 6e6,
        "category": [f"aisle {k % CATEGORIES // 5}/shelf {k % CATEGORIES}" for k in range(series)],
    })  # fmt: skip
    return snapshot_of(
        "made up", as_of=AS_OF, bucket="week", currency="GBP",
        sales=sales, stock=stock, promotions=promotions, items=items,
    )  # fmt: skip


def _keys(skus: list[str], row: NDArray[np.intp], start: pd.DatetimeIndex) -> pd.DataFrame:
    place = np.zeros(len(row), dtype=np.int8)
    return pd.DataFrame({
        "date": start, "sku": pd.Categorical.from_codes(row, categories=skus),
        "location": pd.Categorical.from_codes(place, categories=["MAIN"]),
    })  # fmt: skip
