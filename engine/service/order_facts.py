"""What decides about an order besides its content: who wrote and asked, what it holds of budgets.

Sealed with every step of the order, so that separation of duties, cumulative limits and budgets
rest on rows that `qm audit verify` can hold against the audit. Digests only: some cells are text
that people wrote.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from engine.model.canonical import digest
from engine.store.tables.base import UtcDateTime
from engine.store.tables.budgets import budget_commitments
from engine.store.tables.fulfilment import (
    po_acknowledgements,
    po_amendments,
    po_confirmations,
    po_confirmed_lines,
    po_confirmed_prices,
    po_receipt_lines,
    po_receipts,
)
from engine.store.tables.people import people, slack_identities
from engine.store.tables.purchasing import (
    approval_requests,
    po_lines,
    po_revisions,
    po_successors,
    purchase_orders,
)

SEND = "order.send"  # the outbox message of an approved revision
_HEAD = purchase_orders.c
# What a digest is called in the sealed body: which rows, the column that names the order, and for
# rows that know their order through another table how they are joined to it.
Sealed = tuple[tuple[sa.Column[Any], ...], sa.Column[Any], sa.ColumnElement[bool] | None]
SEALED: Mapping[str, Sealed] = {
    "head": (
        (
            _HEAD.supplier, _HEAD.ship_to, _HEAD.currency, _HEAD.run_id, _HEAD.draft_key,
            _HEAD.drafted_by, _HEAD.requested_by, _HEAD.proposed_at,
        ),
        _HEAD.id,
        None,
    ),
    "revisions": (tuple(po_revisions.c), po_revisions.c.po_id, None),
    "lines": (tuple(po_lines.c), po_lines.c.po_id, None),
    "requests": (tuple(approval_requests.c), approval_requests.c.po_id, None),
    "commitments": (tuple(budget_commitments.c), budget_commitments.c.po_id, None),
    "successors": (tuple(po_successors.c), po_successors.c.po_id, None),
    "amendments": (tuple(po_amendments.c), po_amendments.c.po_id, None),
    "confirmations": (tuple(po_confirmations.c), po_confirmations.c.po_id, None),
    "confirmed": (
        tuple(po_confirmed_lines.c),
        po_confirmations.c.po_id,
        po_confirmed_lines.c.confirmation_id == po_confirmations.c.id,
    ),
    # Rows of their own: a column more would give every order of before another digest.
    "confirmed_prices": (
        tuple(po_confirmed_prices.c),
        po_confirmations.c.po_id,
        po_confirmed_prices.c.confirmation_id == po_confirmations.c.id,
    ),
    "receipts": (tuple(po_receipts.c), po_receipts.c.po_id, None),
    "received": (
        tuple(po_receipt_lines.c),
        po_receipts.c.po_id,
        po_receipt_lines.c.receipt_id == po_receipts.c.id,
    ),
    "acknowledgements": (tuple(po_acknowledgements.c), po_acknowledgements.c.po_id, None),
}  # fmt: skip
Digests = Mapping[str, str]


# Rows that only an order that has left can have: nothing is looked for before that.
AFTER_SENDING = frozenset(
    {
        "amendments", "confirmations", "confirmed", "confirmed_prices", "receipts", "received",
        "acknowledgements",
    }
)  # fmt: skip


def order_facts(look: sa.Connection) -> Mapping[int, Digests]:
    """A digest of each kind of row above, by the order's id, of all orders."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for name, (columns, owner, joined) in SEALED.items():
        query = sa.select(owner, *(column.label(f"c{n}") for n, column in enumerate(columns)))
        if joined is not None:
            query = query.where(joined)
        rows: dict[int, list[list[Any]]] = defaultdict(list)
        for order, *cells in look.execute(query):
            rows[order].append(cells)
        for order, cells in rows.items():
            found[order][name] = _digest_of(cells)
    return found


def facts_of(look: sa.Connection, po_id: int, *, has_left: bool) -> Digests:
    """As order_facts, of one order: every click asks, so all rows come with one statement."""
    wanted = [name for name in SEALED if has_left or name not in AFTER_SENDING]
    parts = [_as_text(look.dialect.name, name, po_id) for name in wanted]
    rows: dict[str, list[list[Any]]] = defaultdict(list)
    for row in look.execute(sa.union_all(*parts)).mappings():
        cells = zip(json.loads(row["cells"]), SEALED[row["name"]][0], strict=True)
        rows[row["name"]].append([_cell(value, column.type) for value, column in cells])
    return {name: _digest_of(cells) for name, cells in rows.items()}


def _digest_of(cells: list[list[Any]]) -> str:
    # Sorted here: databases sort text differently, and a dump may move to another one.
    return digest(sorted(map(digest, cells)))


def _as_text(dialect: str, name: str, po_id: int) -> sa.Select[str, str]:
    """One kind of rows, each as a JSON list of its cells."""
    columns, owner, joined = SEALED[name]
    array = sa.func.json_array if dialect == "sqlite" else sa.func.json_build_array
    # As bare columns: an instant must come as it is stored, not as its type reads it.
    cells = array(*(sa.type_coerce(column, sa.Text) for column in columns))
    query = sa.select(sa.literal(name).label("name"), sa.cast(cells, sa.Text).label("cells")).where(
        owner == po_id
    )
    return query if joined is None else query.where(joined)


def _cell(value: Any, kind: sa.types.TypeEngine[Any]) -> Any:  # noqa: ANN401  whatever a column holds
    """The value as the column's type reads it."""
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        at = datetime.fromisoformat(value)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    return bool(value) if isinstance(kind, sa.Boolean) else value


def identity_digest(look: sa.Connection) -> str:
    """Which proof of identity stands for which person: system users, Slack users, roles, by id.

    Names and addresses are left out: people can be forgotten, the audit cannot.
    """
    table = people
    known = look.execute(
        sa.select(table.c.id, table.c.os_user, table.c.roles).where(table.c.active)
    )
    slack = look.execute(sa.select(*slack_identities.c))
    rows = [[list(row) for row in known], [list(row) for row in slack]]
    return digest([sorted(map(digest, part)) for part in rows])
