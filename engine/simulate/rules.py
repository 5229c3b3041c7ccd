"""The rules that companies buy by: min/max, reorder point, weeks of cover, levels from a list.

Silver, Pyke & Thomas, Inventory and Production Management in Supply Chains, 4th ed., chapter 6:
(s, S), (s, Q) and (R, S). All arrays have the axis [series]; levels are in units.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
import pandas as pd

from engine.errors import InvalidInput
from engine.kernels.loss import normal_quantile
from engine.simulate.buying_terms import BuyingTerms
from engine.simulate.policy import Past
from engine.simulate.rows import Floats, Ints

RuleKind = Literal["min_max", "reorder_point", "weeks_of_cover", "levels"]
PACE_DAYS = 91  # of sales on which a rule judges demand
_MOSTLY = 0.5  # share of a week in stock from which it tells of a whole one
_LEAST_DAYS = 7.0  # in stock, below which a rule does not know the pace
_LEAST_WEEKS = 4  # mostly in stock, below which the spread is taken as that of chance arrivals
Settings = Mapping[str, Floats]


@dataclass(frozen=True, kw_only=True)
class Pace:
    """What sold while in stock, lately."""

    daily: Floats
    weekly_sd: Floats


@dataclass(frozen=True, kw_only=True)
class Levels:
    """Order when the position is at or below `low`: up to `high`, in lots of `lot` where given."""

    low: Floats = field(repr=False)
    high: Floats = field(repr=False)
    lot: Floats | None = field(default=None, repr=False)

    def needed(self, position: Ints) -> Floats:
        """Units wanting, 0 where none are."""
        below = position <= self.low
        if self.lot is None:
            return np.where(below, np.maximum(self.high - position, 0.0), 0.0)
        lots = np.floor((self.low - position) / self.lot) + 1
        return np.where(below, lots * self.lot, 0.0)


def pace_of(past: Past) -> Pace:
    """Mean over the time in stock, so that a stockout is not taken for a lack of demand.

    The spread is that of weeks in stock half of the time or more, scaled to whole ones.
    """
    days = len(past.sold) // 7 * 7
    sold, present = past.sold[len(past.sold) - days :], past.present[len(past.sold) - days :]
    there = present.sum(axis=0)
    known = there >= _LEAST_DAYS
    daily = np.where(known, sold.sum(axis=0) / np.where(known, there, 1.0), 0.0)
    weeks = sold.reshape(-1, 7, sold.shape[1]).sum(axis=1)
    share = present.reshape(-1, 7, sold.shape[1]).mean(axis=1)
    whole = np.where(share >= _MOSTLY, weeks / np.maximum(share, _MOSTLY), np.nan)
    return Pace(daily=daily, weekly_sd=_spread(whole, 7 * daily))


def _spread(weeks: Floats, weekly: Floats) -> Floats:
    known = np.isfinite(weeks)
    count = known.sum(axis=0)
    mean = np.nansum(weeks, axis=0) / np.maximum(count, 1)
    square = np.nansum((weeks - mean) ** 2, axis=0) / np.maximum(count - 1, 1)
    return np.sqrt(np.where(count >= _LEAST_WEEKS, square, weekly))


class Rule(Protocol):
    def __call__(
        self, pace: Pace, terms: BuyingTerms, settings: Settings, review_days: int, /
    ) -> Levels:
        """The levels of the day."""
        ...


def min_max(pace: Pace, terms: BuyingTerms, settings: Settings, review_days: int, /) -> Levels:
    """(s, S) in days of cover: s lasts lead time, review and reserve; S `cycle_days` more."""
    low = pace.daily * (terms.lead_days + review_days + settings["reserve_days"])
    return Levels(low=_never(low, pace), high=low + pace.daily * settings["cycle_days"])


def reorder_point(
    pace: Pace, terms: BuyingTerms, settings: Settings, review_days: int, /
) -> Levels:
    """(s, Q): s is the demand of lead time and review plus z standard deviations of it."""
    days = terms.lead_days + review_days
    z = np.asarray([normal_quantile(float(each)) for each in settings["service"]])
    low = pace.daily * days + z * pace.weekly_sd * np.sqrt(days / 7)
    lot = np.maximum(pace.daily * settings["cycle_days"], 1.0)
    return Levels(low=_never(low, pace), high=low + lot, lot=lot)


def weeks_of_cover(
    pace: Pace, _terms: BuyingTerms, settings: Settings, _review_days: int, /
) -> Levels:
    """(R, S): every review, up to so many weeks of sales."""
    high = pace.daily * 7 * settings["weeks"]
    return Levels(low=_never(high - 1, pace), high=high)


def levels(_pace: Pace, _terms: BuyingTerms, settings: Settings, _review_days: int, /) -> Levels:
    """(s, S) in units, from the company's own list; -1 where an item is not on it."""
    return Levels(low=settings["min"], high=settings["max"])


def _never(low: Floats, pace: Pace) -> Floats:
    """Nothing is ordered of what does not sell."""
    return np.where(pace.daily > 0, low, -1.0)


RULES: Mapping[RuleKind, Rule] = {
    "min_max": min_max,
    "reorder_point": reorder_point,
    "weeks_of_cover": weeks_of_cover,
    "levels": levels,
}
# What each rule is set by, and the values that are tried where nobody sets them.
GRIDS: Mapping[RuleKind, Mapping[str, tuple[float, ...]]] = {
    "min_max": {
        "reserve_days": (0.0, 7.0, 14.0, 28.0, 42.0),
        "cycle_days": (7.0, 14.0, 28.0, 56.0),
    },
    "reorder_point": {
        "service": (0.7, 0.8, 0.9, 0.95, 0.98, 0.995, 0.999),
        "cycle_days": (7.0, 14.0, 28.0, 56.0),
    },
    "weeks_of_cover": {
        "weeks": (2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0, 26.0),
    },
    "levels": {},
}


def levels_from(listed: pd.DataFrame, series: pd.DataFrame) -> Settings:
    """Minimum and maximum of each series from rows sku, location (empty: everywhere), min, max."""
    exact = listed[listed["location"].notna()].set_index(["sku", "location"])
    anywhere = listed[listed["location"].isna()].set_index("sku")
    if exact.index.has_duplicates or anywhere.index.has_duplicates:
        raise InvalidInput("The list of levels names an item twice; keep one row for each.")
    keys = pd.MultiIndex.from_frame(series[["sku", "location"]])
    return {
        name: exact[name]
        .reindex(keys)
        .fillna(anywhere[name].reindex(series["sku"]).set_axis(keys))
        .fillna(-1.0)
        .to_numpy(dtype=np.float64)
        for name in ("min", "max")
    }
