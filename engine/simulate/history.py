"""What the company itself did in a stretch of its history, as a policy to compare with."""

import numpy as np
import pandas as pd

from engine.kernels.renames import under_current_names
from engine.model.snapshot import Snapshot
from engine.simulate.policy import ORDERS, Decision, Policy, Situation


def as_it_happened(snapshot: Snapshot) -> Policy:
    """The orders that were really placed, arriving when and as they really did.

    All orders of the stretch are written down on its first morning, dated by their receipts, so
    the days between orders do not matter. What had not come by the end comes after it; what was
    refused or cancelled never does. Items that were first stocked within the stretch are left out.
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
        costed = rows[held].merge(situation.series[["sku", "location", "cost"]])
        return Decision(orders=costed[costed["units"] > 0][list(ORDERS)].reset_index(drop=True))

    return _once(policy)


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
    return came.assign(arrives_on=came["received_on"])[_COLUMNS]


def _still_out(placed: pd.DataFrame, received: pd.DataFrame, snapshot: Snapshot) -> pd.DataFrame:
    settled = received.assign(settled=received["units"] + received["rejected_units"])
    by_line = settled.groupby(["po", "line"], as_index=False)["settled"].sum()
    lines = placed.merge(by_line, on=["po", "line"], how="left").fillna({"settled": 0})
    left = lines["units"] - lines["cancelled_units"] - lines["settled"]
    return lines.assign(
        units=np.maximum(left, 0).astype(np.int64), arrives_on=pd.Timestamp(snapshot.as_of)
    )[_COLUMNS]


_COLUMNS = ["sku", "location", "supplier", "units", "arrives_on"]
