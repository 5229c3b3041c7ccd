"""Waiting customers, stock and orders for tests of promises: say a few, get what a room wants."""

from datetime import date, datetime, timedelta
from typing import Any

from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.snapshot import Snapshot
from engine.promise.book import Book, Since, promise_book
from engine.promise.policy import PromisePolicy
from engine.promise.queue import Waiting
from support.demand import AS_OF
from support.supply import delivered, order, supply_snapshot

Row = dict[str, Any]
PAID = datetime(2026, 11, 10, 9, 0)  # noqa: DTZ001  the snapshot's instants are UTC without saying so


def waiting(name: str, units: int = 1, paid: int | None = 0, **other: Any) -> Waiting:
    """A line of item A at MAIN, paid so many hours after PAID; None: not paid."""
    values: Row = {
        "sku": "A", "location": "MAIN", "channel": "web", "ordered_at": PAID,
        "paid_at": None if paid is None else PAID + timedelta(hours=paid),
    }  # fmt: skip
    return Waiting(order_line=name, units=units, **(values | other))


def backorder(name: str, units: int = 1, paid: int | None = 0, **other: Any) -> Row:
    """The same as a row of the contract table."""
    return {
        "order_line": name, "sku": "A", "location": "MAIN", "channel": "web", "units": units,
        "ordered_at": PAID, "paid_at": None if paid is None else PAID + timedelta(hours=paid),
        "contact_ref": f"customer-{name}", **other,
    }  # fmt: skip


def shelf(units: int, sku: str = "A", location: str = "MAIN", **other: Any) -> Row:
    """The count of yesterday's evening."""
    day = AS_OF - timedelta(days=1)
    return {"date": day, "sku": sku, "location": location, "on_hand": units, **other}


def shop(**tables: Any) -> Snapshot:
    """A shop whose supplier ACME has taken 8 to 12 days, and that sells A, B and the set AB."""
    orders, receipts = delivered([8, 9, 10, 11, 12] * 6)
    tables["purchase_orders"] = [*orders, *tables.get("purchase_orders", ())]
    tables["receipts"] = [*receipts, *tables.get("receipts", ())]
    usual: Row = {
        "items": [{"sku": sku, "category": "goods"} for sku in ("A", "B", "AB")],
        "locations": [{"location": "MAIN"}, {"location": "SHOP"}],
        "supplier_items": [{"supplier": "ACME", "sku": sku} for sku in ("A", "B")],
    }
    return supply_snapshot(**(usual | tables))


def book_of(
    snapshot: Snapshot,
    policy: PromisePolicy | None = None,
    *,
    decisions: Decisions | None = None,
    since: Since | None = None,
    today: date = AS_OF,
) -> Book:
    return promise_book(
        snapshot, decisions or Decisions(), PlanConfig(), policy or PromisePolicy(),
        today=today, since=since,
    )  # fmt: skip


def out(po: str, days_ago: int, units: int, **other: Any) -> Row:
    """An order that ACME has and has not delivered."""
    return order(po, days_ago, units, **other)
