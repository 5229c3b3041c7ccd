"""Deliveries as evidence on how long orders take."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import flags, reals, texts, whole
from engine.supply.stated import StatedTimes

# On real vendors, forwards and backwards in time, half a year was .5 % better, a year .5 % worse;
# shorter memories leave too little of suppliers that are seldom ordered from.
HALF_LIFE_DAYS = 270.0


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Deliveries (columns DELIVERIES) as arrays; those that have not come yet are censored."""

    parts: pd.DataFrame = field(repr=False)
    days: NDArray[np.int64] = field(repr=False)  # open days until it came, or so far
    weight: NDArray[np.float64] = field(repr=False)  # share of the order line, less with age
    came: NDArray[np.bool_] = field(repr=False)
    stated: NDArray[np.float64] = field(repr=False)  # days; NaN where nothing is stated

    def of(self, rows: NDArray[np.bool_]) -> "Evidence":
        """The deliveries of these rows."""
        return Evidence(
            parts=self.parts[rows].reset_index(drop=True),
            days=self.days[rows],
            weight=self.weight[rows],
            came=self.came[rows],
            stated=self.stated[rows],
        )

    @property
    def suppliers(self) -> list[str]:
        return texts(self.parts, "supplier")


def evidence_from(parts: pd.DataFrame, stated: StatedTimes, as_of: date) -> Evidence:
    """Without lines that will never come: they would teach that lead times are endless.

    Lead times drift, so evidence fades: what was ordered nine months before counts half. Age runs
    from the order, not from the receipt, lest slow orders look younger than quick ones.
    """
    limit = lost_after(parts)
    kept = parts[~(parts["censored"] & (parts["open_days"] > limit))].reset_index(drop=True)
    age = as_of.toordinal() - whole(kept, "ordered")
    pairs = zip(texts(kept, "supplier"), texts(kept, "sku"), strict=True)
    return Evidence(
        parts=kept,
        days=whole(kept, "open_days"),
        weight=reals(kept, "weight") * 0.5 ** (age / HALF_LIFE_DAYS),
        came=~flags(kept, "censored"),
        stated=np.asarray([stated.of(supplier, sku) for supplier, sku in pairs], dtype=np.float64),
    )


def lost_after(parts: pd.DataFrame) -> int:
    """Days out after which a line counts as lost: twice the longest seen, at least half a year."""
    came = whole(parts, "open_days")[~flags(parts, "censored")]
    return lost_after_days(int(came.max(initial=0)))


def lost_after_days(longest: int) -> int:
    """The same from the longest time that a delivery took."""
    return max(2 * longest, 180)
