"""Shipments as a snapshot: what a planner would have known at the end of a day."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.model.snapshot import Snapshot
from evals.lead_time.shipments import Shipments, names
from evals.snapshots import snapshot_of


def snapshot_at(shipments: Shipments, day: int) -> Snapshot:
    """Orders sent up to the end of `day` (an ordinal) and what has come of them by then.

    Orders of the day itself are open: their own deliveries are what is asked for. One order line
    of one unit stands for each shipment; vendor, country and item are its supplier, ship-to and
    sku. Scheduled and recorded dates are left out: they were rewritten afterwards.
    """
    sent = np.flatnonzero(shipments.sent <= day)
    came = sent[(shipments.delivered[sent] <= day) & (shipments.sent[sent] < day)]
    return snapshot_of(
        "scms",
        as_of=date.fromordinal(day + 1),
        bucket="day",
        sales=pd.DataFrame({"date": _stamps(shipments.sent[:1]), "units": [0]}),
        purchase_orders=_orders(shipments, sent),
        receipts=pd.DataFrame({
            "po": names(shipments, "po")[came],
            "line": came,
            "received_on": _stamps(shipments.delivered[came]),
            "units": 1,
            "rejected_units": 0,
        }),
    )  # fmt: skip


def _orders(shipments: Shipments, rows: NDArray[np.int64]) -> pd.DataFrame:
    """The number of the shipment is the line, so that lines are unique."""
    return pd.DataFrame({
        "po": names(shipments, "po")[rows],
        "line": rows,
        "supplier": names(shipments, "supplier")[rows],
        "sku": names(shipments, "sku")[rows],
        "location": names(shipments, "place")[rows],
        "ordered_on": _stamps(shipments.sent[rows]),
        "units": 1,
        "cancelled_units": 0,
    })  # fmt: skip


def _stamps(ordinals: NDArray[np.int64]) -> pd.DatetimeIndex:
    epoch = date(1970, 1, 1).toordinal()
    return pd.DatetimeIndex((ordinals - epoch).astype("datetime64[D]").astype("datetime64[ns]"))
