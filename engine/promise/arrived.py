"""What has come to each place lately, so that whoever was served by it can be told by what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from engine.model.snapshot import Snapshot
from engine.promise.allocate import Place


@dataclass(frozen=True, kw_only=True)
class Arrived:
    po: str
    on: date | None  # None: booked here since the data ends


def arrived_since(
    snapshot: Snapshot, day: date | None, came: Mapping[tuple[str, int, str, str], int]
) -> dict[Place, Arrived]:
    """The last order that brought something to each place, from `day` on.

    Receipts of orders that the data does not know bring nothing to a place that could be named.
    """
    orders = snapshot["purchase_orders"][["po", "line", "sku", "location"]]
    joined = snapshot["receipts"].merge(orders, on=["po", "line"])
    joined = joined[joined["units"] > 0]
    if day is not None:
        joined = joined[joined["received_on"] >= pd.Timestamp(day)]
    last = joined.sort_values(["received_on", "po", "line"], kind="stable")
    columns = [last[name].tolist() for name in ("sku", "location", "po")]
    found = {
        (str(sku), str(place)): Arrived(po=str(po), on=on.date())
        for sku, place, po, on in zip(*columns, last["received_on"], strict=True)
    }
    return found | {
        (sku, place): Arrived(po=po, on=None)
        for (po, _, sku, place), units in sorted(came.items())
        if units > 0
    }
