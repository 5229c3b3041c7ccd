"""Transfers between our own places, once they have left: supply for promises and plans alike."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from engine.errors import IllegalTransition, InvalidInput, UnknownName
from engine.model.people import Person, Right
from engine.service import audit
from engine.service.company import local_day
from engine.service.rights import require_right
from engine.service.stores import Stores
from engine.store.claims import insert_once
from engine.store.snapshots import load_snapshot
from engine.store.tables.promises import stock_transfers


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """Units on their way from one place to another; `key` is what a repeat is recognised by."""

    sku: str
    from_location: str
    to_location: str
    units: int
    arrives_on: date
    key: str


def send_transfer(stores: Stores, transfer: Transfer, *, person: Person, now: datetime) -> bool:
    """Record that it has left; False when this key was told before.

    Raises InvalidInput for nothing, or for one that goes nowhere, and UnknownName for a place or
    an item that the data does not know.
    """
    snapshot = load_snapshot(stores.database, stores.blobs)
    for table, name, value in (
        ("items", "sku", transfer.sku), ("locations", "location", transfer.from_location),
        ("locations", "location", transfer.to_location),
    ):  # fmt: skip
        if value not in set(snapshot[table][name]):
            raise UnknownName("SKU" if name == "sku" else name, value)
    if transfer.units <= 0 or transfer.from_location == transfer.to_location:
        raise InvalidInput("A transfer moves at least one unit, from one place to another.")
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.DRAFT)
        day = local_day(work, now)
        values = {
            **{name: getattr(transfer, name) for name in Transfer.__dataclass_fields__},
            "sent_on": day, "state": "sent", "author": person.id, "at": now,
        }  # fmt: skip
        is_new = insert_once(work, stock_transfers, values)
        if is_new:
            body = {name: values[name] for name in ("sku", "from_location", "to_location", "units")}
            audit.record(work, stores.seal, person, at=now, kind="transfer.sent",
                         subject=transfer.key, body=body)  # fmt: skip
        return is_new


def end_transfer(
    stores: Stores, key: str, *, person: Person, now: datetime, received: bool
) -> None:
    """It has come (from then on the stock figures hold it), or it never will."""
    state = "received" if received else "cancelled"
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.DRAFT)
        table = stock_transfers
        row = work.execute(sa.select(table).where(table.c.key == key)).one_or_none()
        if row is None:
            raise UnknownName("transfer", key)
        if row.state != "sent":
            raise IllegalTransition(f"Transfer {key}", row.state, state, [])
        day = local_day(work, now) if received else None
        work.execute(
            sa.update(table).where(table.c.id == row.id).values(state=state, received_on=day)
        )
        audit.record(work, stores.seal, person, at=now, kind=f"transfer.{state}", subject=key,
                     body={"units": row.units})  # fmt: skip
