"""Gathers what a supplier's copy of an order says: the approved content, and who is who."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

import pandas as pd
import sqlalchemy as sa

from engine.connect.order_document import OrderDocument, Party
from engine.purchase.states import UNDER_WAY, OrderState
from engine.service.company import company_profile, local_zone
from engine.service.delivery import Void
from engine.service.order_steps import send_key
from engine.service.outbox import Message
from engine.service.stores import Stores
from engine.store.fulfilment import leaving_amendment
from engine.store.orders import Revision, find_order, read_revision
from engine.store.snapshots import latest_snapshot_id, load_snapshot
from engine.store.tables.purchasing import approval_requests


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """How the company writes to its suppliers; an empty name is the one in the data."""

    name: str = ""
    address: tuple[str, ...] = ()
    country: str = ""
    email: str = ""
    phone: str = ""
    tax_id: str = ""
    locale: str = "en_GB"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """An order ready to leave, and when it was approved."""

    document: OrderDocument
    approved_at: datetime


def paper_for(stores: Stores, message: Message, letterhead: Letterhead) -> Paper:
    """The order of an outbox message, held once more against what was approved; raises Void.

    Addresses come from the newest snapshot: a supplier who has moved gets it at the new place.
    What no snapshot holds is left out.
    """
    number = str(message.payload["order"])
    with stores.database.read() as look:
        order = find_order(look, number)
        revision = _approved(look, order, message)
        approved_at: datetime = order.approved_at
    document = _document(
        stores, order.number, revision, letterhead, approved_at,
        key=message.key, control_number=message.id,
    )  # fmt: skip
    return Paper(document=document, approved_at=approved_at)


def preview(stores: Stores, number: str, letterhead: Letterhead) -> OrderDocument:
    """The current revision as its supplier would get it; marked as a draft until approved."""
    with stores.database.read() as look:
        order = find_order(look, number)
        revision = read_revision(look, order.id, order.revision)
    approved_at: datetime | None = order.approved_at
    document = _document(
        stores, order.number, revision, letterhead, approved_at or revision.at,
        key=send_key(order.number, revision.number), control_number=order.id,
    )  # fmt: skip
    return replace(document, is_draft=approved_at is None)


def _document(
    stores: Stores,
    number: str,
    revision: Revision,
    letterhead: Letterhead,
    at: datetime,
    *,
    key: str,
    control_number: int,
) -> OrderDocument:
    with stores.database.read() as look:
        company = company_profile(look)
        day = at.astimezone(local_zone(look)).date()
        known = latest_snapshot_id(look)
    content = revision.content
    tables: Mapping[str, pd.DataFrame] = (
        load_snapshot(stores.database, stores.blobs).tables if known else {}
    )
    return OrderDocument(
        number=number,
        revision=revision.number,
        digest=revision.digest,
        key=key,
        control_number=control_number,
        issued_on=day,
        content=content,
        buyer=_buyer(letterhead, company.name if company else ""),
        supplier=_party(
            tables.get("suppliers"), "supplier", content.supplier, content.supplier_name
        ),
        ship_to=_party(tables.get("locations"), "location", content.ship_to, content.ship_to),
        gtins=_gtins(tables.get("items"), {line.sku for line in content.lines}),
        locale=letterhead.locale,
    )


def _buyer(letterhead: Letterhead, company: str) -> Party:
    return Party(
        code="", name=letterhead.name or company, address=letterhead.address,
        country=letterhead.country, email=letterhead.email, phone=letterhead.phone,
        tax_id=letterhead.tax_id,
    )  # fmt: skip


def _approved(look: sa.Connection, order: sa.Row[Any], message: Message) -> Revision:
    revision = read_revision(look, order.id, order.revision)
    requests = approval_requests.c
    digest = look.execute(
        sa.select(requests.digest).where(
            requests.id == message.payload["request"],
            requests.po_id == order.id,
            requests.state == "approved",
        )
    ).scalar_one_or_none()
    is_change = order.state in UNDER_WAY and leaving_amendment(look, order) is not None
    if order.state != OrderState.APPROVED and not is_change:
        raise Void(f"{order.number} is {order.state!r} and no longer approved; it was not sent.")
    if (revision.number, revision.digest) != (message.payload["revision"], digest):
        raise Void(f"{order.number} is not the revision that was approved; it was not sent.")
    return revision


def _party(table: pd.DataFrame | None, column: str, code: str, name: str) -> Party:
    found = None if table is None else table[table[column] == code]
    last: Any = {} if found is None or found.empty else found.iloc[-1].to_dict()
    row = cast("Mapping[str, object]", last)
    address = _word(row, "address")
    return Party(
        code=code,
        name=_word(row, "name") or name,
        address=tuple(line.strip() for line in address.split("|") if line.strip()),
        country=_word(row, "country"),
        email=_word(row, "email"),
        phone=_word(row, "phone"),
        tax_id=_word(row, "tax_id"),
        edi_id=_word(row, "edi_id"),
    )


def _word(row: Mapping[str, object], column: str) -> str:
    value = row.get(column)
    return value.strip() if isinstance(value, str) else ""


def _gtins(items: pd.DataFrame | None, wanted: set[str]) -> dict[str, str]:
    if items is None:
        return {}
    named = items[items["sku"].isin(sorted(wanted)) & items["gtin"].notna()]
    return dict(zip(named["sku"].astype(str), named["gtin"].astype(str), strict=True))
