"""Draft orders from the lines of a plan run, each need once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa
from rapidfuzz import process

from engine.errors import UnknownName
from engine.kernels.columns import texts
from engine.model.config import PlanConfig
from engine.model.people import Person, Right
from engine.model.snapshot import Snapshot
from engine.purchase.compose import compose_orders
from engine.purchase.numbering import series_beside
from engine.purchase.order import OrderContent
from engine.purchase.states import OPEN, OrderState
from engine.purchase.terms import Terms, terms_on
from engine.service import audit, people, reading
from engine.service.company import local_day
from engine.service.draft_storing import Run, same_need, store_draft
from engine.service.order_view import OrderView, view_order
from engine.service.order_windows import lead_ranges
from engine.service.rights import require_right
from engine.service.stores import Stores
from engine.store.orders import foreign_numbers, order_by_id
from engine.store.snapshots import load_snapshot
from engine.store.tables.purchasing import po_lines, po_revisions, purchase_orders
from engine.supply import supplier_calendars

# What has come, or may yet: a need drafted by the same run into one of these is met.
_LIVE = (*sorted(OPEN), OrderState.RECEIVED, OrderState.CLOSED)


def draft_orders(
    stores: Stores,
    *,
    run_id: str,
    person: Person,
    now: datetime,
    suppliers: Sequence[str] | None = None,
    skus: Sequence[str] | None = None,
    locations: Sequence[str] | None = None,
) -> tuple[OrderView, ...]:
    """Orders for the lines of a stored run, narrowed to suppliers, SKUs or places where named.

    Raises UnknownName for a supplier, SKU or place the run does not buy for, and NotAllowed.
    """
    run = reading.run_header(stores, run_id)
    snapshot = load_snapshot(stores.database, stores.blobs, run.snapshot_id)
    lines = reading.plan_lines(stores, run_id)
    lines = _narrowed(lines, "supplier", "supplier in this plan", suppliers)
    lines = _narrowed(lines, "sku", "SKU among the buys of this plan", skus)
    lines = _narrowed(lines, "location", "location in this plan", locations)
    default_days = _planned_lead_time(run.inputs)
    terms = replace(
        terms_on(snapshot.tables, day=run.as_of, base_currency=run.currency),
        calendars=supplier_calendars(snapshot),
        lead_ranges=lead_ranges(snapshot, lines, default_lead_time_days=default_days),
    )
    return draft_from_lines(
        stores,
        run=run,
        lines=lines,
        terms=terms,
        person=person,
        now=now,
        named=skus is not None,
        default_lead_time_days=default_days,
        known_orders=_orders_of(snapshot),
    )


def draft_from_lines(
    stores: Stores,
    *,
    run: Run,
    lines: pd.DataFrame,
    terms: Terms,
    person: Person,
    now: datetime,
    named: bool = False,
    default_lead_time_days: float = PlanConfig.default_lead_time_days,
    known_orders: frozenset[tuple[str, str]] = frozenset(),
) -> tuple[OrderView, ...]:
    """One order per supplier, ship-to and currency from ranked buys (model.plan.LINES).

    What this run has drafted before is not drafted again: the order it stands in is returned with
    `already_there`. A line that somebody removed stays removed unless its SKU is `named` now.
    More lines for an order that is still a draft are added to it as a new revision; a draft of an
    earlier plan is replaced by an order that holds both. Goods are requested after
    `default_lead_time_days` where neither the item nor the supplier states a time.
    `known_orders` are number and supplier of the orders in the data, whose series stay theirs.
    """
    with stores.database.read() as look:
        day = max(run.as_of, local_day(look, now))  # a plan of last week is not ordered in the past
    orders = compose_orders(lines, terms, on=day, default_lead_time_days=default_lead_time_days)
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.DRAFT)
        names = people.names(work)
        series = series_beside(foreign_numbers(work, known_orders))
        views: dict[int, OrderView] = {}
        for content in orders:
            found = _met_before(work, run, content, named=named)
            fresh = [line for line in content.lines if line.sku not in found]
            for po_id in sorted(set(found.values())):
                row = order_by_id(work, po_id)
                views[po_id] = view_order(work, row, names=names, already_there=True)
            if fresh:
                numbered = [replace(line, line=n) for n, line in enumerate(fresh, start=1)]
                part = replace(content, lines=tuple(numbered))
                po_id = store_draft(work, stores.seal, run, part, person, now, series)
                views[po_id] = view_order(work, order_by_id(work, po_id), names=names)
    return tuple(views[po_id] for po_id in sorted(views))


def _orders_of(snapshot: Snapshot) -> frozenset[tuple[str, str]]:
    orders = snapshot["purchase_orders"]
    return frozenset(zip(texts(orders, "po"), texts(orders, "supplier"), strict=True))


def _narrowed(
    lines: pd.DataFrame, column: str, kind: str, wanted: Sequence[str] | None
) -> pd.DataFrame:
    if wanted is None:
        return lines
    known = sorted(set(lines[column].astype(str)))
    for name in wanted:
        if name not in known:
            close = process.extract(name, known, limit=3, score_cutoff=60)
            raise UnknownName(kind, name, [match[0] for match in close])
    return lines[lines[column].isin(list(wanted))]


def _planned_lead_time(inputs: Mapping[str, Any]) -> float:
    """The lead time that the run assumed where none is stated: its configuration, not today's."""
    config: Mapping[str, Any] = inputs.get("config", {})
    return float(config.get("default_lead_time_days", PlanConfig.default_lead_time_days))


def _met_before(
    work: sa.Connection, run: Run, content: OrderContent, *, named: bool
) -> dict[str, int]:
    """SKU -> the live order that meets the need already.

    That is an order of this run which has the line or (unless named) ever had it, and any order to
    the same place whose line appeared after the run was computed: the run could not count it.
    """
    skus = [line.sku for line in content.lines]
    this_run = same_need(run.id, content)
    if named:
        this_run &= po_lines.c.revision == purchase_orders.c.revision
    later = (
        (purchase_orders.c.ship_to == content.ship_to)
        & (po_lines.c.revision == purchase_orders.c.revision)
        & (_first_seen() >= run.created_at)
    )
    query = (
        sa.select(po_lines.c.sku, purchase_orders.c.id)
        .join(purchase_orders, po_lines.c.po_id == purchase_orders.c.id)
        .where(
            sa.or_(this_run, later),
            purchase_orders.c.state.in_(_LIVE),
            po_lines.c.sku.in_(skus),
        )
        .order_by(purchase_orders.c.id)
    )
    return {row.sku: row.id for row in work.execute(query)}


def _first_seen() -> sa.ScalarSelect[datetime]:
    """When the line of the enclosing query first stood in its order."""
    earlier = po_lines.alias("earlier")
    return (
        sa.select(sa.func.min(po_revisions.c.at))
        .join(
            earlier,
            (earlier.c.po_id == po_revisions.c.po_id)
            & (earlier.c.revision == po_revisions.c.revision),
        )
        .where(earlier.c.po_id == po_lines.c.po_id, earlier.c.line == po_lines.c.line)
        .correlate(po_lines)
        .scalar_subquery()
    )
