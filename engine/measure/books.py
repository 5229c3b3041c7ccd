"""The books that key figures are computed from: what happened, what was done, what was said."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import pandas as pd

from engine.measure.budget_use import no_caps
from engine.measure.price_of_the_cap import no_capped_plans
from engine.measure.promise_hit_rate import no_windows
from engine.measure.revenue_saved import Acted, acted_within, nothing_acted
from engine.measure.said import nothing_said

# Sales that drew on the items in question: their own, and those of the sets they are parts of.
DRAWING = "sales, sets included"
_BY_SKU = ("sales", "stock", "purchase_orders", "backorders", "traffic")
_BY_PLACE = ("sales", "stock", "purchase_orders", "backorders", DRAWING)


@dataclass(frozen=True, kw_only=True)
class Books:
    """`tables` are frames of the data contract, under the names that items have today.

    `orders` are purchase orders with the times that were kept here (engine.measure.
    order_cycle_time). `said`, `caps`, `capped_plans`, `windows` have the columns that the KPI
    of each states; those and `acted` are empty where nothing was done or said from here.
    """

    currency: str  # base; money is in its minor units
    first_day: date
    as_of: date
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    rates: Mapping[str, Decimal] = field(repr=False)
    orders: pd.DataFrame = field(repr=False)
    acted: Acted = field(default_factory=nothing_acted, repr=False)
    said: pd.DataFrame = field(default_factory=nothing_said, repr=False)
    caps: pd.DataFrame = field(default_factory=no_caps, repr=False)
    capped_plans: pd.DataFrame = field(default_factory=no_capped_plans, repr=False)
    windows: pd.DataFrame = field(default_factory=no_windows, repr=False)
    seed: int = 0

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    def only(self, skus: set[str] | None = None, location: str | None = None) -> "Books":
        """The books of these items, or of this place. Traffic knows no place: by place it drops."""
        tables = dict(self.tables)
        if skus is not None:
            for name in _BY_SKU:
                tables[name] = tables[name][tables[name]["sku"].isin(skus)]
            sets = tables["bundles"].loc[
                tables["bundles"]["component_sku"].isin(skus), "bundle_sku"
            ]
            tables[DRAWING] = tables[DRAWING][tables[DRAWING]["sku"].isin(skus | set(sets))]
            tables["items"] = tables["items"][tables["items"]["sku"].isin(skus)]
        if location is not None:
            for name in _BY_PLACE:
                tables[name] = tables[name][tables[name]["location"] == location]
            tables["traffic"] = tables["traffic"].iloc[:0]
        return replace(
            self,
            tables=tables,
            acted=acted_within(self.acted, skus, location),
            said=_only(self.said, skus, location),
            windows=_only(self.windows, skus, location),
        )


def _only(frame: pd.DataFrame, skus: set[str] | None, location: str | None) -> pd.DataFrame:
    if skus is not None:
        frame = frame[frame["sku"].isin(skus)]
    return frame if location is None else frame[frame["location"] == location]
