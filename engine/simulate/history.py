"""What the company itself did in a stretch of its history, as a policy to compare with."""

import numpy as np
import pandas as pd

from engine.kernels.columns import reals
from engine.kernels.currency import rates_on
from engine.kernels.renames import under_current_names
from engine.model.money import MICROS
from engine.model.snapshot import Snapshot
from engine.simulate.policy import ORDERS, Decision, Policy, Situation
from engine.simulate.rows import Floats


def as_it_happened(snapshot: Snapshot) -> Policy:
    """The orders that were really placed, arriving when and as they really did.

    All orders of the stretch are written down on its first morning, with the days on which they
    were placed and came, so that nothing depends on when it is asked. What had not come by the end
    comes after it; what was refused or cancelled never does. It knows what was to come: replay it
    with `hindsight`.
    """
    snapshot = under_current_names(snapshot)

    def policy(situation: Situation, /) -> Decision:
        first = pd.Timestamp(situation.day)
        orders = snapshot["purchase_orders"]
        placed = orders[orders["ordered_on"] >= first]
        received = snapshot["receipts"]
        came = placed.merge(received, on=["po", "line"], suffixes=("_ordered", ""))
        parts = [_arrived(came), _still_out(placed, received, snapshot)]
        # pandas warns of empty frames among those it joins: their columns say nothing of types.
        rows = pd.concat([part for part in parts if len(part)] or parts[:1])
        known = pd.MultiIndex.from_frame(situation.series[["sku", "location"]])
        held = pd.MultiIndex.from_frame(rows[["sku", "location"]]).isin(known)
        kept = rows[held & (rows["units"] > 0).to_numpy()]
        orders = kept.assign(cost=_costs(kept, snapshot, situation.series))
        return Decision(orders=orders[list(ORDERS)].reset_index(drop=True))

    return _once(policy)


def _costs(rows: pd.DataFrame, snapshot: Snapshot, series: pd.DataFrame) -> Floats:
    """What was agreed for one unit, in base currency; the item's cost where no price is on it."""
    base = snapshot.company.base_currency
    rates = rates_on(snapshot["fx_rates"], snapshot.as_of, base)
    rate = np.asarray([float(rates.get(str(each or base), 1)) for each in rows["currency"]])
    agreed = reals(rows, "unit_cost_micros") / MICROS * rate
    usual = rows[["sku", "location"]].merge(series, on=["sku", "location"], how="left")["cost"]
    return np.where(agreed > 0, agreed, usual.to_numpy(dtype=np.float64))


def _once(policy: Policy) -> Policy:
    """Decide on the first morning and never again."""
    decided: list[Decision] = []

    def first_only(situation: Situation, /) -> Decision:
        if decided:
            return Decision()
        decided.append(policy(situation))
        return decided[0]

    return first_only


def _arrived(came: pd.DataFrame) -> pd.DataFrame:
    return came.assign(arrives_on=came["received_on"], placed_on=came["ordered_on"])[_COLUMNS]


def _still_out(placed: pd.DataFrame, received: pd.DataFrame, snapshot: Snapshot) -> pd.DataFrame:
    settled = received.assign(settled=received["units"] + received["rejected_units"])
    by_line = settled.groupby(["po", "line"], as_index=False)["settled"].sum()
    lines = placed.merge(by_line, on=["po", "line"], how="left").fillna({"settled": 0})
    left = lines["units"] - lines["cancelled_units"] - lines["settled"]
    return lines.assign(
        units=np.maximum(left, 0).astype(np.int64),
        arrives_on=pd.Timestamp(snapshot.as_of),
        placed_on=lines["ordered_on"],
    )[_COLUMNS]


_COLUMNS = ["sku", "location", "supplier", "units", "unit_cost_micros", "currency",
            "placed_on", "arrives_on"]  # fmt: skip
