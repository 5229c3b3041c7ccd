"""A probabilistic forecast for a panel, with its drivers."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.model.snapshot import Bucket

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Confidence = Literal["high", "medium", "low"]
# The published order of the waterfall; driver k is forecast with inputs 1..k less with 1..k-1.
DRIVERS = (
    "baseline", "trend", "seasonality", "event", "price", "promotion", "pulse",
    "stockout correction", "override",
)  # fmt: skip
# Of a launch: whose circle gives (substitutes, variants, category), the share of its demand that
# siblings lose, its units over the horizon and those of them that are taken, and why that share.
LAUNCHES = ("sku", "location", "circle", "share", "units", "taken", "reason")

# Demand that has jumped or collapsed and still does, one row per series that is in it.
PULSES = (
    "sku", "location",
    "direction",  # 1 up, -1 down
    "size",  # sold since it began over what was usual for these buckets
    "began",  # first day of its first bucket
    "noise",  # chance that demand is usual again, or was all along
    "units",  # by which it moves the forecast of the next four weeks
    "cause",  # from data alone; NO_CAUSE where they give none
)  # fmt: skip
NO_CAUSE = "no known cause"


def no_pulses() -> pd.DataFrame:
    return pd.DataFrame(columns=list(PULSES))


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """Axes: [series, step]. Step 0 is the bucket that begins at `starts[0]`, the as-of date.

    `series` repeats the panel's rows (same order) and adds: method (which model or proxy),
    reason (why it was chosen, a sentence), confidence, confidence_reason (a sentence),
    demand_class, backtest_wape, backtest_bias (forecast less actual, over actual), level (units
    per bucket before season and events), proxies (skus joined by "|"; empty for known items),
    backtest_units, naive_wape, tracking_signal, drift_units, drift_share (see
    engine.forecast.tracking),
    family_reason (a sentence where a launch or a hand-over moves demand to or from it, else empty).
    `drivers` [series, step, driver] in units sums over drivers exactly to `mean`.
    `quantiles` [series, step, level] are monotone in level; counts where demand is a count.
    `noise` describes the distribution from which `engine.forecast.paths` draws. `launches` says
    what each launch takes from its siblings (columns LAUNCHES). `pulses` has the columns PULSES.
    """

    bucket: Bucket
    starts: pd.DatetimeIndex = field(repr=False)
    series: pd.DataFrame = field(repr=False)
    levels: tuple[float, ...]
    mean: Floats = field(repr=False)
    quantiles: Floats = field(repr=False)
    drivers: Floats = field(repr=False)
    noise: "DemandNoise" = field(repr=False)
    promoted: Floats | None = field(default=None, repr=False)  # [series, step] share promoted
    pulses: pd.DataFrame = field(default_factory=no_pulses, repr=False)
    launches: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(LAUNCHES)), repr=False
    )
    # The mean by channel of sale, adding up to it exactly; no channel where there is only one.
    channels: tuple[str, ...] = ()
    by_channel: Floats = field(  # [series, channel, step]
        default_factory=lambda: np.zeros((0, 0, 0)), repr=False
    )

    @property
    def bucket_days(self) -> int:
        return 7 if self.bucket == "week" else 1


@dataclass(frozen=True, kw_only=True)
class DemandNoise:
    """Two-level count noise, per series: a path draws one level factor, then counts per bucket.

    The level factor has mean 1 and carries the error of the forecast itself, which persists over
    the horizon: a gamma with coefficient of variation `level_cv`, and now and then (with the
    chance of `engine.forecast.mixture`) one with `wide_cv`, for items that fall silent or take
    off. Given the level, a bucket is negative binomial with variance mean + mean^2 / size (Poisson
    where `size` is inf). `level_share` says how much of the level's error a step has: its factor
    is 1 + share x (factor - 1).
    """

    level_cv: Floats  # [series]
    size: Floats  # [series]
    wide_cv: Floats | None = None  # [series], at least level_cv; None: the same
    level_share: Floats | None = None  # [series, step], 0..1; None: all of it

    @property
    def wide(self) -> Floats:
        return self.level_cv if self.wide_cv is None else self.wide_cv

    def of(self, rows: Rows) -> "DemandNoise":
        """Only these series, in this order."""
        return DemandNoise(
            level_cv=self.level_cv[rows],
            size=self.size[rows],
            wide_cv=None if self.wide_cv is None else self.wide_cv[rows],
            level_share=None if self.level_share is None else self.level_share[rows],
        )
