"""A shop in a database whose customers wait for oak lamps at Leeds, promised anew at will."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.model.config import PlanConfig
from engine.promise.policy import PromisePolicy
from engine.service import people
from engine.service.promising import Promised, promise_anew
from engine.service.stores import Stores
from engine.store.database import Database
from support.purchasing import (
    NOW,
    POLICY,
    buy,
    click,
    policy_file,
    proposed,
    purchasing_stores,
)
from support.sent import mark_sent
from support.snapshots import import_tables

Row = dict[str, Any]
LAMP, LEEDS = "LAMP-OAK-01", "LEEDS"
AS_OF = date(2026, 11, 2)
USUAL = PromisePolicy()
_PAID = datetime(2026, 10, 20, 9, 0)  # noqa: DTZ001  the contract's instants are UTC


ADMINISTERED = POLICY.replace(
    "people:\n", "  admin: {rights: [read, administer]}\npeople:\n"
    "  - {id: ada, name: Ada Okoye, roles: [admin]}\n",
)  # fmt: skip


def shop_stores(database: Database, folder: Path, *, sent: bool = False) -> Stores:
    """With `sent`, PO-1001 over 60 lamps is with its supplier since NOW. Ada administers."""
    stores = purchasing_stores(database, folder)
    people.sync(stores, policy_file(ADMINISTERED), now=NOW)
    if sent:
        click(stores, proposed(stores, buy(LAMP, 60)), "max")
        mark_sent(stores, "PO-1001")
    return stores


def waits(name: str, units: int = 1, paid: int | None = 0, **other: Any) -> Row:
    """Paid so many hours after the first; None: not paid."""
    return {
        "order_line": name, "sku": LAMP, "location": LEEDS, "channel": "web", "units": units,
        "ordered_at": _PAID, "paid_at": None if paid is None else _PAID + timedelta(hours=paid),
        "contact_ref": f"customer-{name}", **other,
    }  # fmt: skip


def bring(
    stores: Stores,
    waiting: list[Row],
    *,
    on_hand: int | None = None,
    as_of: date = AS_OF,
    **more: Any,
) -> None:
    """Import the shop's data of a day: who waits, and the lamps on the shelf."""
    evening = as_of - timedelta(days=1)
    stock = (
        []
        if on_hand is None
        else [{"date": evening, "sku": LAMP, "location": LEEDS, "on_hand": on_hand}]
    )
    tables: Row = {
        "items": [{"sku": LAMP}], "locations": [{"location": LEEDS}],
        "suppliers": [{"supplier": "NORDLICHT", "lead_time_days": 14}],
        "supplier_items": [{"supplier": "NORDLICHT", "sku": LAMP}],
        "stock": stock, "backorders": waiting,
    }  # fmt: skip
    import_tables(stores, as_of, **(tables | more))


def promise(stores: Stores, policy: PromisePolicy = USUAL, *, day: int = 0) -> Promised:
    """So many days after NOW."""
    return promise_anew(stores, PlanConfig(), policy, now=NOW + timedelta(days=day))
