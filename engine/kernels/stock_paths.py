"""Stock along demand paths, for all series, paths and steps at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.model.config import Shortage

Numbers = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class StockPaths:
    """Axes as the demand, usually [series, path, step]; units."""

    on_hand: Numbers  # at the end of each step
    short: Numbers  # not served in the step: lost, or newly owed
    owed: Numbers  # owed to customers at the end of each step; zeros under lost sales

    def fill_rate(self, demand: Numbers) -> float:
        """Share of all demand served from stock in its own step."""
        total = float(demand.sum())
        return 1.0 if total == 0 else 1 - float(self.short.sum()) / total


def stock_paths(
    *, start: Numbers, arrivals: Numbers, demand: Numbers, shortage: Shortage
) -> StockPaths:
    """Project stock; `arrivals` come before the demand of their step.

    `start` [..., ] has the leading axes of `demand` [..., step] (or broadcasts to them). Under
    lost sales the stock is the free balance reflected at zero: what is lost up to a step is the
    deepest the balance has ever been (Skorokhod; Asmussen, Applied Probability and Queues,
    section IX.2), which needs no loop over steps.
    """
    balance = start[..., None] + np.cumsum(arrivals, axis=-1) - np.cumsum(demand, axis=-1)
    if shortage == "lost_sales":
        lost = np.maximum(-np.minimum.accumulate(balance, axis=-1), 0)
        short = np.diff(lost, axis=-1, prepend=np.zeros_like(lost[..., :1]))
        return StockPaths(on_hand=balance + lost, short=short, owed=np.zeros_like(balance))
    available = np.maximum(balance + demand, 0)
    return StockPaths(
        on_hand=np.maximum(balance, 0),
        short=np.maximum(demand - available, 0),
        owed=np.maximum(-balance, 0),
    )
