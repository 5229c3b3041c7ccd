"""What could be bought, and what each quantity of it is worth: the stored input of a decision.

Candidates are the last thing that needs forecasts and simulation. A decision under a budget is a
pure function of them, so a stored run answers "what if the budget were X" without forecasting.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from engine.model.automation import Automation
from engine.model.rules import Rules

# One row per SKU-location that may be bought, sorted by (sku, location).
ITEMS = (
    "sku", "location", "supplier", "category",
    "group",  # row of `groups`
    "currency",  # the supplier's
    "unit_cost_micros",  # at the undiscounted price, in `currency`
    # What comes on top, base currency: shares of the goods' cost (duty: of goods and freight), and
    # minor units per unit.
    "freight_share", "freight_unit_minor", "duty_share", "charges_share",
    "source_why",  # why this supplier: a key of engine.model.plan.SOURCE_WHY
    "alternative",  # the second best supplier; None: no other sells it
    "case_pack", "minimum_units", "volume_l",
    "order_on",  # the next day on which the supplier takes orders; None: none in sight
    "on_hand", "reserved",
    "waiting_units",  # customer orders that wait for stock
    "inbound_units",
    "draft_units",  # of them on orders of ours that have not gone out yet
    "transfer_units",  # net into this location by this plan's transfers
    "demand_over_protection", "protection_days",
    "demand_low", "demand_high",  # of that demand: 10 %, 90 % of paths
    "stockout_days_p10", "stockout_days_p50", "stockout_days_p90",
    "stockout_chance",  # of running out before the order after this one could arrive
    "expected_lost_units", "lost_margin_minor", "lost_revenue_minor",
    "lost_before_units",  # of them before an order placed now could arrive
    "confidence",
    "demand_class",  # smooth, erratic, intermittent, lumpy; "" where unknown
    # The ladder that explains a quantity: what each rule alone makes of the one before (units).
    "need_units",  # best quantity if single units could be bought
    "pack_units",  # in packs
    "minimum_units_step",  # and at least the item's minimum
    "tier_units",  # and with price breaks
    "refused",  # why nothing may be bought now ("" where it may)
)  # fmt: skip

# One row per purchase order that could be: supplier and ship-to, sorted so. The supplier's minimums
# (0 where none) hold for each order; amounts are base currency.
GROUPS = (
    "supplier", "location", "currency", "minimum_minor", "minimum_units", "minimum_volume_l",
    "container_volume_l",  # of a container; 0: it does not come by container
    "container_cost_minor",  # freight of each container, full or not; 0: none is ours to pay
    "container_fill",  # least filled share of the containers sent; 0: any
)  # fmt: skip

# Locations with a capacity, sorted: what purchases may add; NaN where that is not limited.
ROOMS = ("location", "free_volume_l", "free_units")

# Budgets in force besides the one asked for; `scope` is category:PATH or supplier:CODE.
CAPS = ("scope", "cap_minor")

# Exceptions known before the budget is; `facts` is a JSON object with sorted keys.
NOTICES = (
    "key", "code", "severity", "sku", "location", "supplier", "po", "at_stake_minor", "facts",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Quantities that may be bought per item, with their cost and value.

    `first` [item + 1] cuts the option arrays into items: item i owns options first[i] to
    first[i + 1]. Option first[i] is always "buy nothing" (0 units, 0 cost, value 0); units rise
    within an item. `cost_minor` is in the base currency, rounded half-even once per line;
    `value` is expected profit above buying nothing, in (fractions of) minor units.
    """

    currency: str  # base
    as_of: date
    rules: Rules
    automation: Automation
    items: pd.DataFrame = field(repr=False)
    groups: pd.DataFrame = field(repr=False)
    rooms: pd.DataFrame = field(repr=False)
    caps: pd.DataFrame = field(repr=False)
    transfers: pd.DataFrame = field(repr=False)
    notices: pd.DataFrame = field(repr=False)
    first: NDArray[np.int64] = field(repr=False)
    units: NDArray[np.int64] = field(repr=False)
    cost_minor: NDArray[np.int64] = field(repr=False)
    value: NDArray[np.float64] = field(repr=False)

    @property
    def item_of_option(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))

    def to_tables(self) -> dict[str, pa.Table]:
        """Arrow tables by name; `from_tables` gives the same candidates back, bit for bit."""
        header = json.dumps(
            {
                "currency": self.currency,
                "as_of": self.as_of.isoformat(),
                "rules": asdict(self.rules),
                "automation": asdict(self.automation),
            }
        )
        arrays = (self.item_of_option, self.units, self.cost_minor, self.value)
        options = pa.Table.from_arrays(
            [pa.array(each) for each in arrays],
            names=["item", "units", "cost_minor", "value"],
            metadata={"candidates": header},
        )
        return {
            "candidate_options": options,
            "candidate_items": _table(self.items),
            "candidate_groups": _table(self.groups),
            "candidate_rooms": _table(self.rooms),
            "candidate_caps": _table(self.caps),
            "candidate_transfers": _table(self.transfers),
            "candidate_notices": _table(self.notices),
        }

    @staticmethod
    def from_tables(tables: Mapping[str, pa.Table]) -> "Candidates":
        """What `to_tables` made; other tables in the mapping are left alone."""
        options = tables["candidate_options"]
        header = json.loads((options.schema.metadata or {})[b"candidates"])
        items = _frame(tables["candidate_items"])
        owners = options["item"].to_numpy().astype(np.int64)
        return Candidates(
            currency=header["currency"],
            as_of=date.fromisoformat(header["as_of"]),
            rules=Rules.from_json(header["rules"]),
            automation=Automation.from_json(header["automation"]),
            items=items,
            groups=_frame(tables["candidate_groups"]),
            rooms=_frame(tables["candidate_rooms"]),
            caps=_frame(tables["candidate_caps"]),
            transfers=_frame(tables["candidate_transfers"]),
            notices=_frame(tables["candidate_notices"]),
            first=np.searchsorted(owners, np.arange(len(items) + 1)).astype(np.int64),
            units=options["units"].to_numpy().astype(np.int64),
            cost_minor=options["cost_minor"].to_numpy().astype(np.int64),
            value=options["value"].to_numpy().astype(np.float64),
        )


def _table(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False)


def _frame(table: pa.Table) -> pd.DataFrame:
    return table.to_pandas()
