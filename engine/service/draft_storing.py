"""Where drafted lines go: into this plan's draft, or into an order that replaces older drafts."""

from datetime import date, datetime
from typing import Any, Protocol

import sqlalchemy as sa

from engine.model.people import Person
from engine.purchase.merge import merged
from engine.purchase.order import OrderContent
from engine.purchase.revise import extended
from engine.purchase.states import OrderState
from engine.service.order_steps import record_step
from engine.service.stores import AuditSeal
from engine.service.superseding import supersede
from engine.store.orders import (
    add_revision,
    insert_order,
    last_line,
    order_by_id,
    read_revision,
)
from engine.store.tables.purchasing import purchase_orders


class Run(Protocol):
    """What drafting asks of a plan run."""

    @property
    def id(self) -> str: ...
    @property
    def snapshot_id(self) -> str: ...
    @property
    def as_of(self) -> date: ...
    @property
    def created_at(self) -> datetime: ...


def same_need(run_id: str, content: OrderContent) -> sa.ColumnElement[bool]:
    """Orders that one plan run needs of a supplier at a place, in one currency."""
    return _same_place(content) & (purchase_orders.c.run_id == run_id)


def store_draft(
    work: sa.Connection,
    seal: AuditSeal,
    run: Run,
    content: OrderContent,
    person: Person,
    now: datetime,
    series: str,
) -> int:
    """Add the lines to the draft this run has there already, or open a new one; returns its id.

    A draft that an earlier plan left there has been counted as supply, so what this plan needs
    comes on top of it. Both leave as one order, which takes the older one's place. What somebody
    put off to a day, or asked approval for, stays as it is.
    """
    older = _drafts(work, _same_place(content) & (purchase_orders.c.run_id != run.id))
    mine = _drafts(work, same_need(run.id, content))
    if mine:
        return _extend(work, seal, mine[-1], content, person, now)
    whole = merged(content, [read_revision(work, each.id, each.revision).content for each in older])
    return open_draft(
        work, seal, whole, replaces=older, run_id=run.id, snapshot_id=run.snapshot_id,
        person=person, now=now, series=series, why="drafted from the plan",
    )  # fmt: skip


def open_draft(
    work: sa.Connection,
    seal: AuditSeal,
    content: OrderContent,
    *,
    replaces: list[sa.Row[Any]],
    run_id: str,
    snapshot_id: str,
    person: Person,
    now: datetime,
    series: str,
    why: str,
) -> int:
    """Store a new order, in place of others where there are any; returns its id."""
    head = _head(work, run_id, snapshot_id, content, person, now)
    po_id = insert_order(work, head, series=series)
    names = ", ".join(each.number for each in replaces)
    told = f"{why}, in place of {names}" if names else why
    add_revision(work, order_by_id(work, po_id), content, author=person.id, at=now, why=told)
    for each in replaces:
        supersede(work, seal, each, (po_id,), person=person, now=now)
    replaced = {"replaces": [each.number for each in replaces]} if replaces else {}
    record_step(
        work, seal, po_id, person, at=now, kind="order.drafted", more={"run": run_id, **replaced}
    )
    return po_id


def _same_place(content: OrderContent) -> sa.ColumnElement[bool]:
    table = purchase_orders
    return (
        (table.c.supplier == content.supplier)
        & (table.c.ship_to == content.ship_to)
        & (table.c.currency == content.currency)
    )


def _drafts(work: sa.Connection, where: sa.ColumnElement[bool]) -> list[sa.Row[Any]]:
    query = sa.select(purchase_orders).where(where, purchase_orders.c.state == OrderState.DRAFT)
    return list(work.execute(query.order_by(purchase_orders.c.id)).all())


def _extend(
    work: sa.Connection,
    seal: AuditSeal,
    draft: sa.Row[Any],
    more: OrderContent,
    person: Person,
    now: datetime,
) -> int:
    before = read_revision(work, draft.id, draft.revision)
    longer = extended(before.content, more, last_line=last_line(work, draft.id))
    add_revision(work, draft, longer, author=person.id, at=now, why="more lines of the same plan")
    record_step(
        work,
        seal,
        draft.id,
        person,
        at=now,
        kind="order.revised",
        more={"from_digest": before.digest},
    )
    return int(draft.id)


def _head(
    work: sa.Connection,
    run_id: str,
    snapshot_id: str,
    content: OrderContent,
    person: Person,
    now: datetime,
) -> dict[str, object]:
    query = sa.select(sa.func.count()).select_from(purchase_orders)
    earlier: int = work.execute(query.where(same_need(run_id, content))).scalar_one()
    place = (run_id, content.supplier, content.ship_to, content.currency)
    return {
        "state": OrderState.DRAFT.value,
        "supplier": content.supplier,
        "ship_to": content.ship_to,
        "currency": content.currency,
        "run_id": run_id,
        "snapshot_id": snapshot_id,
        "draft_key": "|".join((*place, str(earlier + 1))),
        "drafted_by": person.id,
        "drafted_at": now,
    }
