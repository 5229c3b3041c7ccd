"""Nobody who decides on a morning may have seen that day, or one after it."""

from datetime import date

import pandas as pd

from engine.errors import InvalidInput
from engine.model.snapshot import Snapshot

# What is written down when it happens. A day's own exchange rate and traffic are known in its
# morning; sales and stock of a day only in its evening.
_HAPPENS = {
    "sales": ("date",),
    "stock": ("date",),
    "receipts": ("received_on",),
    "purchase_orders": ("ordered_on", "shipped_on", "requested_on", "approved_on"),
    "backorders": ("ordered_at",),
}
_KNOWN_TODAY = {"fx_rates": ("date",), "traffic": ("date",)}


class FutureSeen(InvalidInput):
    """A policy was about to decide on what it could not have known."""


def refuse_future(snapshot: Snapshot, day: date) -> Snapshot:
    """The snapshot as it came, where it holds nothing that happens on `day` or later.

    Plans may lie ahead: promotions, holidays, closures, prices, budgets and promised dates. Raises
    FutureSeen naming the table, the column and the first row that lies in the future.
    """
    if snapshot.as_of > day:
        raise FutureSeen(
            f"The data of {day} claims to go to {snapshot.as_of}. A policy decides on what is "
            "known on its morning; hand it Situation.snapshot()."
        )
    morning = pd.Timestamp(day)
    for table, columns in _HAPPENS.items():
        for column in columns:
            _refuse(snapshot[table], table, column, snapshot[table][column] >= morning, day)
    for table, columns in _KNOWN_TODAY.items():
        for column in columns:
            _refuse(snapshot[table], table, column, snapshot[table][column] > morning, day)
    return snapshot


def refuse_arrivals(orders: pd.DataFrame, day: date) -> None:
    """Raise FutureSeen where a policy states when its orders arrive: nobody knows on the day."""
    stated = orders["arrives_on"].notna()
    if bool(stated.any()):
        row = orders[stated].iloc[0]
        raise FutureSeen(
            f"The policy says on {day} that {row['sku']} arrives on {row['arrives_on']:%Y-%m-%d}. "
            "How long an order takes shows when it comes; leave arrives_on empty."
        )


def _refuse(
    frame: pd.DataFrame, table: str, column: str, late: "pd.Series[bool]", day: date
) -> None:
    if bool(late.any()):
        row = frame[late].iloc[0]
        raise FutureSeen(
            f"The data of {day} holds a row of {table} with {column} {row[column]:%Y-%m-%d} "
            f"({int(late.sum())} in all). Whoever decides on {day} cannot have seen it."
        )
