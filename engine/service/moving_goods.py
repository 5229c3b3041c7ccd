"""Goods on their way that are no supplier's, as plans and promises count them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa

from engine.model.decisions import OPEN_TRANSFERS
from engine.service.people import SYSTEM
from engine.store.promises import came_since, transfers_that_count


def under_way(transfers: Sequence[sa.RowMapping], as_of: date) -> pd.DataFrame:
    """Transfers that have left and not come; columns model.decisions.OPEN_TRANSFERS."""
    return _frame([_left(row, as_of) for row in transfers if row["state"] == "sent"])


def moving_goods(look: sa.Connection, as_of: date, in_data: Collection[str]) -> pd.DataFrame:
    """What a plan counts beside the stock and the orders that its data holds.

    Transfers under way; those that came since the data ends, and what was put away since of our
    own orders, whose open units are less by it: all there on the as-of day. Orders `in_data` (their
    numbers) are open there in full until the data tells of the receipt too.
    """
    rows = [_left(row, as_of) for row in transfers_that_count(look, as_of)]
    for (po, _, sku, place), units in came_since(look, as_of, SYSTEM.id).items():
        if po not in in_data and units > 0:
            rows.append(_arrived(sku, place, units, as_of))
    return _frame(rows)


def _left(row: sa.RowMapping, as_of: date) -> dict[str, Any]:
    values = {name: row[name] for name in OPEN_TRANSFERS if name != "still_counted"}
    arrives = as_of if row["state"] == "received" else row["arrives_on"]
    return {**values, "arrives_on": arrives, "still_counted": row["sent_on"] >= as_of}


def _arrived(sku: str, place: str, units: int, as_of: date) -> dict[str, Any]:
    return {
        "sku": sku, "from_location": "", "to_location": place, "units": units,
        "arrives_on": as_of, "still_counted": False,
    }  # fmt: skip


def _frame(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(OPEN_TRANSFERS))
    return frame.astype({"arrives_on": "datetime64[ns]", "still_counted": bool})
