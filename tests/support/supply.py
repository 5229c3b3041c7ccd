"""Purchase orders and receipts for tests: say the days, get the tables."""

from datetime import date, timedelta
from typing import Any

from engine.model.snapshot import Snapshot
from support.demand import AS_OF, snapshot

Row = dict[str, Any]


def supplier(code: str = "ACME", **other: Any) -> Row:
    return {"supplier": code, "name": code.title(), **other}


def order(
    po: str, days_ago: int, units: int = 10, *, code: str = "ACME", sku: str = "A", **other: Any
) -> Row:
    return {
        "po": po,
        "line": 1,
        "supplier": code,
        "sku": sku,
        "location": "MAIN",
        "ordered_on": day(-days_ago),
        "units": units,
        **other,
    }


def receipt(po: str, days_ago: int, units: int = 10, **other: Any) -> Row:
    return {"po": po, "line": 1, "received_on": day(-days_ago), "units": units, **other}


def day(offset: int) -> date:
    """A day relative to the as-of date."""
    return AS_OF + timedelta(days=offset)


def delivered(
    leads: list[int], *, code: str = "ACME", sku: str = "A", location: str = "MAIN"
) -> tuple[list[Row], list[Row]]:
    """Orders that took so many days each, all long ago."""
    orders, receipts = [], []
    for i, lead in enumerate(leads):
        po = f"{code}-{sku}-{location}-{i}"
        orders.append(order(po, 400 + i, code=code, sku=sku, location=location))
        receipts.append(receipt(po, 400 + i - lead))
    return orders, receipts


def supply_snapshot(**tables: Any) -> Snapshot:
    return snapshot(**({"suppliers": [supplier()]} | tables))
