"""What a policy sees and what it decides: the seam through which any policy can be replayed."""

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.model.snapshot import Snapshot

# `cost` is of one unit in base currency; `placed_on` is empty for today, else a day before the
# next review; `arrives_on` is for history alone and empty where the lead time decides.
ORDERS = ("sku", "location", "supplier", "units", "cost", "placed_on", "arrives_on")
TRANSFERS = ("sku", "from_location", "to_location", "units", "arrives_days")


def no_orders() -> pd.DataFrame:
    dates = dict.fromkeys(("placed_on", "arrives_on"), "datetime64[ns]")
    return pd.DataFrame(columns=list(ORDERS)).astype(dates)


def no_transfers() -> pd.DataFrame:
    return pd.DataFrame(columns=list(TRANSFERS))


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Orders to place and stock to move, columns ORDERS and TRANSFERS."""

    orders: pd.DataFrame = field(default_factory=no_orders, repr=False)
    transfers: pd.DataFrame = field(default_factory=no_transfers, repr=False)


@dataclass(frozen=True, kw_only=True)
class Past:
    """Axes [day, series], oldest day first; the last one is yesterday."""

    sold: NDArray[np.int64] = field(repr=False)
    present: NDArray[np.float64] = field(repr=False)  # share of the day that it could be bought


class Situation(Protocol):
    """The company on a morning, knowing nothing of what is to come."""

    @property
    def day(self) -> date: ...

    @property
    def series(self) -> pd.DataFrame:
        """Columns sku, location, supplier, cost, price; the arrays are aligned with its rows."""
        ...

    @property
    def on_hand(self) -> NDArray[np.int64]: ...

    @property
    def on_order(self) -> NDArray[np.int64]:
        """Units ordered or on the road to each series, not yet put away."""
        ...

    def past(self, days: int) -> Past:
        """The last `days` days, those of the replay included; fewer where no more are known."""
        ...

    def snapshot(self) -> Snapshot:
        """All records up to the evening before, those of the replay included."""
        ...


class Policy(Protocol):
    def __call__(self, situation: Situation, /) -> Decision:
        """Decide on the morning of `situation.day`."""
        ...


class LeadDays(Protocol):
    def __call__(self, orders: pd.DataFrame, day: date, /) -> NDArray[np.int64]:
        """Calendar days after which each order placed on `day` is put away; 0 is the same day."""
        ...


def do_nothing(_situation: Situation, /) -> Decision:
    """Neither order nor move: what the orders already out are good for."""
    return Decision()
