"""An observation as the snapshot of a company with one item, one place and one supplier."""

from datetime import timedelta

import numpy as np
import pandas as pd

from engine.model.config import PlanConfig
from engine.model.snapshot import Bucket, Snapshot
from evals.inventorybench.game import Observation
from evals.snapshots import snapshot_of

# One name for every instance: nothing is drawn from names, and nothing is learned by them.
SKU, PLACE, SUPPLIER = "ITEM", "MAIN", "SUPPLIER"
UNIT_COST = 1000.0  # far above the profit: what is left at the end is not lost, it only costs room
YEAR_DAYS = 365.0


def period_days(observation: Observation) -> int:
    """Days between periods: 7 where they are weeks, 1 where they are days."""
    steps = np.diff([start.toordinal() for start in observation.starts])
    return int(np.median(steps))


def config_of(observation: Observation) -> PlanConfig:
    """Holding is charged on closing stock; no other cost is known."""
    days = period_days(observation)
    bucket: Bucket = "week" if days >= 7 else "day"
    return PlanConfig(
        bucket=bucket,
        review_days=days,
        holding_basis="closing",
        holding_rate=observation.holding / UNIT_COST * YEAR_DAYS / days,
        capital_rate=0.0,
    )


def snapshot_at(observation: Observation) -> Snapshot:
    """What the buyer knows. An order that is seen to be gone is a cancelled line."""
    days = period_days(observation)
    return snapshot_of(
        "inventorybench",
        as_of=observation.starts[-1],
        bucket="week" if days >= 7 else "day",
        sales=_periods(observation).assign(units=observation.demand, kind="sale"),
        stock=_stock(observation),
        items=pd.DataFrame({
            "sku": [SKU], "unit_cost_micros": [UNIT_COST * 1e6],
            "price_micros": [(UNIT_COST + observation.profit) * 1e6],
        }),
        locations=pd.DataFrame({"location": [PLACE], "kind": ["store"]}),
        suppliers=pd.DataFrame({
            "supplier": [SUPPLIER], "lead_time_days": [float(observation.promised * days)],
            "review_days": [days], "payment_days": [0],
        }),
        supplier_items=pd.DataFrame({
            "supplier": [SUPPLIER], "sku": [SKU], "unit_cost_micros": [UNIT_COST * 1e6],
            "case_pack": [1], "minimum_units": [1], "rank": [1],
        }),
        purchase_orders=_orders(observation),
        receipts=_receipts(observation),
    )  # fmt: skip


def lost(observation: Observation) -> set[int]:
    """Periods whose order is not to be seen in transit, though it has not arrived.

    The order of a period is missing when what is ordered, less what came, less what is visible,
    grows by just its units from that observation to the next.
    """
    came = {arrival.ordered: arrival.came for arrival in observation.arrivals}
    gone: set[int] = set()
    unseen = 0
    for period, units in enumerate(observation.ordered):
        out = sum(
            size
            for placed, size in enumerate(observation.ordered[: period + 1])
            if came.get(placed, period + 1) > period
        )
        lacking = out - observation.in_transit[period + 1]
        if units and lacking - unseen == units:
            gone.add(period)
        unseen = lacking
    return gone


def _periods(observation: Observation) -> pd.DataFrame:
    known = len(observation.demand)
    return pd.DataFrame({
        "date": pd.DatetimeIndex(observation.starts[:known]),
        "sku": pd.Categorical([SKU] * known),
        "location": pd.Categorical([PLACE] * known),
    })  # fmt: skip


def _stock(observation: Observation) -> pd.DataFrame:
    """Demand was seen whole in every period, sold or not; stock is on record as of now."""
    evenings = pd.DatetimeIndex(observation.starts[1:]) - timedelta(days=1)
    on_hand = np.full(len(evenings), np.nan)
    on_hand[-1] = observation.on_hand
    rows = _periods(observation).assign(in_stock_fraction=1.0, on_hand=on_hand)
    return rows.assign(date=evenings)


def _orders(observation: Observation) -> pd.DataFrame:
    first = len(observation.demand) - observation.period
    gone = lost(observation)
    placed = [period for period, units in enumerate(observation.ordered) if units]
    units = [observation.ordered[period] for period in placed]
    return pd.DataFrame({
        "po": [f"PO-{period:04d}" for period in placed],
        "line": 1, "supplier": SUPPLIER, "sku": SKU, "location": PLACE,
        "ordered_on": pd.DatetimeIndex([observation.starts[first + k] for k in placed]),
        "units": units,
        "cancelled_units": [
            size if period in gone else 0 for period, size in zip(placed, units, strict=True)
        ],
    })  # fmt: skip


def _receipts(observation: Observation) -> pd.DataFrame:
    first = len(observation.demand) - observation.period
    came = observation.arrivals
    return pd.DataFrame({
        "po": [f"PO-{arrival.ordered:04d}" for arrival in came], "line": 1,
        "received_on": pd.DatetimeIndex([observation.starts[first + a.came] for a in came]),
        "units": [arrival.units for arrival in came], "rejected_units": 0,
    })  # fmt: skip
