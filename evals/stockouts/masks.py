"""Weeks masked as out of stock, and how far the level found again is from the true one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.demand import clean_demand
from engine.errors import InvalidInput
from engine.model.config import PlanConfig
from engine.model.snapshot import Snapshot
from evals.histories.history import Floats, History
from evals.histories.m5 import read_m5
from evals.histories.vn2 import read_vn2

Flags = NDArray[np.bool_]
MASKED_SHARE = 0.2  # of the series
FEWEST, MOST = 2, 8  # weeks masked of each
LEAST_WEEKS = 30  # in stock, for a series to be masked
SMOOTH_INTERVAL = 1.32  # weeks per week with a sale (Syntetos, Boylan and Croston, 2005)
LONGEST_DAYS = 1096  # three years of days say enough, and keep the run short


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """Units in the masked weeks of one kind of series.

    `elsewhere` is what their other in-stock weeks sold, known to everybody.
    """

    kind: str
    series: int
    elsewhere: float
    masked: dict[str, float]  # method -> units it puts into the masked weeks; "truth" among them
    missed: dict[str, float]  # method -> absolute differences from the truth, series by series

    def level_bias(self, method: str) -> float:
        """Of the mean over all in-stock weeks."""
        truth = self.elsewhere + self.masked["truth"]
        return (self.elsewhere + self.masked[method]) / truth - 1.0

    def masked_bias(self, method: str) -> float:
        """Of the masked weeks alone: what the correction itself is off by."""
        return self.masked[method] / self.masked["truth"] - 1.0

    def error(self, method: str) -> float:
        """Absolute error of each series' masked weeks, over the units truly sold in them."""
        return self.missed[method] / self.masked["truth"]


def read_sales(data: Path) -> History:
    """VN2 or M5, whichever the folder or the folder of that name in it holds."""
    for read in (read_vn2, read_m5):
        try:
            history = read(data)
        except InvalidInput:
            continue
        return history.between(max(history.buckets - LONGEST_DAYS, 0), history.buckets)
    raise InvalidInput(
        f"{data} holds neither VN2 (Week 0 - ... - Sales.csv) nor M5 (sales_d1_d1913.csv). "
        "Pass the folder of one of them with --data."
    )


def recoveries(history: History, seed: int) -> list[Recovery]:
    """Mask by this seed, clean, and compare with what was really sold in the masked weeks.

    The methods: `ours`, what `clean_demand` makes of it; `zeros`, a stockout read as no demand;
    `drop`, the mean of the weeks left.
    """
    masks = draw_masks(history, seed)
    masked = replace(history, units=np.where(masks, np.nan, history.units))
    left = np.nan_to_num(masked.units)
    mean = left.sum(axis=1) / np.maximum(np.isfinite(masked.units).sum(axis=1), 1)
    units = {  # [series] in the masked weeks
        "truth": np.where(masks, history.units, 0.0).sum(axis=1),
        "ours": np.where(masks, _cleaned(masked), 0.0).sum(axis=1),
        "zeros": np.zeros(len(left)),
        "drop": mean * masks.sum(axis=1),
    }
    smooth, touched = is_smooth(history), masks.any(axis=1)
    kinds = {"smooth": touched & smooth, "intermittent": touched & ~smooth}
    return [_recovery(kind, rows, left.sum(axis=1), units) for kind, rows in kinds.items()]


def _recovery(kind: str, rows: Flags, elsewhere: Floats, units: dict[str, Floats]) -> Recovery:
    off = {name: np.abs(values - units["truth"])[rows] for name, values in units.items()}
    return Recovery(
        kind=kind,
        series=int(rows.sum()),
        elsewhere=float(elsewhere[rows].sum()),
        masked={name: float(values[rows].sum()) for name, values in units.items()},
        missed={name: float(values.sum()) for name, values in off.items()},
    )


def together(draws: Sequence[Recovery]) -> Recovery:
    """The draws of one kind as one."""
    return Recovery(
        kind=draws[0].kind,
        series=sum(draw.series for draw in draws),
        elsewhere=sum(draw.elsewhere for draw in draws),
        masked={m: sum(draw.masked[m] for draw in draws) for m in draws[0].masked},
        missed={m: sum(draw.missed[m] for draw in draws) for m in draws[0].missed},
    )


def over_seeds(
    history: History, seeds: int, done: Callable[[int], None]
) -> Iterator[list[Recovery]]:
    for seed in range(seeds):
        yield recoveries(history, seed)
        done(seed + 1)


def is_smooth(history: History) -> Flags:
    """[series] sells in most of the weeks in which it can."""
    weeks = _by_week(history, history.units)
    often = (np.nan_to_num(weeks) > 0).sum(axis=1)
    return np.asarray(often * SMOOTH_INTERVAL > np.isfinite(weeks).sum(axis=1), dtype=np.bool_)


def draw_masks(history: History, seed: int) -> Flags:
    """[series, bucket] 2 to 8 whole in-stock weeks of a fifth of the series, after a first sale."""
    random = np.random.default_rng(seed)
    weekly = _by_week(history, history.units)
    there = np.isfinite(weekly) & (np.cumsum(np.nan_to_num(weekly), axis=1) > 0)
    weeks = np.zeros_like(there)
    for row in np.flatnonzero(random.random(len(there)) < MASKED_SHARE):
        possible = np.flatnonzero(there[row])
        if len(possible) >= LEAST_WEEKS:
            chosen = random.choice(possible, random.integers(FEWEST, MOST + 1), replace=False)
            weeks[row, chosen] = True
    return _to_buckets(history, weeks)


def _week(history: History) -> int:
    """Buckets of a week."""
    return max(7 // history.bucket_days, 1)


def _by_week(history: History, units: Floats) -> Floats:
    """[series, week] sums, missing where a bucket is; an unfinished first week is left out."""
    buckets = _week(history)
    cut = units.shape[1] % buckets
    return units[:, cut:].reshape(len(units), -1, buckets).sum(axis=2)


def _to_buckets(history: History, weeks: Flags) -> Flags:
    masks = np.zeros(history.units.shape, dtype=np.bool_)
    masks[:, history.buckets % _week(history) :] = np.repeat(weeks, _week(history), axis=1)
    return masks


def _cleaned(history: History) -> Floats:
    """Clean demand [series, bucket]; the series are in the order of the panel."""
    config = PlanConfig(bucket="day" if history.bucket_days == 1 else "week")
    return np.nan_to_num(clean_demand(_known(history), config).clean)


def _known(history: History) -> Snapshot:
    """M5 has no stock records, so only what is masked there is on record, as being out of stock."""
    whole = history.snapshot()
    if history.name != "m5":
        return whole
    stock = whole["stock"]
    out = stock[stock["in_stock_fraction"] <= 0]
    return replace(whole, tables={**whole.tables, "stock": out})
