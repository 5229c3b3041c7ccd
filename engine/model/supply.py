"""Lead times as distributions."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LANES = (
    "supplier", "sku", "location", "stated_days", "mean_days", "sd_days", "observations", "source",
)  # fmt: skip
DELAYS = ("supplier", "kind", "mean_days", "sd_days", "observations")


def _no_delays() -> pd.DataFrame:
    return pd.DataFrame(columns=list(DELAYS))


def _no_days() -> NDArray[np.float64]:
    return np.zeros((0, 0))


def _none() -> NDArray[np.float64]:
    return np.zeros(0)


@dataclass(frozen=True, kw_only=True)
class LeadTimes:
    """Order-to-receipt days per lane. Axes: [lane, day]; every row of `pmf` sums to 1.

    `lanes` columns: supplier, sku (None: the supplier as a whole), location, stated_days,
    mean_days, sd_days, observations, source ("observed", "shrunk", "stated", "assumed").
    `pmf[lane, d]` is the probability of exactly d days on which the supplier is open, for an order
    that comes; `lost[lane]` is the chance that one never does (see `engine.supply.lost`).

    `delays` has one row per supplier ("": all together) and kind of date ("confirmed",
    "promised") with evidence on how receipts keep to it: `delay_pmf[row, k]` is the probability
    of arriving `delay_first + k` calendar days after that date (before it where negative).
    `stated_spread` is the sd / mean of a stated time without any deliveries to judge it by.
    """

    lanes: pd.DataFrame = field(repr=False)
    pmf: NDArray[np.float64] = field(repr=False)
    delays: pd.DataFrame = field(default_factory=_no_delays, repr=False)
    delay_pmf: NDArray[np.float64] = field(default_factory=_no_days, repr=False)
    delay_first: int = 0
    stated_spread: float = 0.25
    lost: NDArray[np.float64] = field(default_factory=_none, repr=False)  # empty: nothing is lost

    def lost_of(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Chance of never coming of orders along these lanes."""
        return self.lost[rows] if len(self.lost) else np.zeros(len(rows))
