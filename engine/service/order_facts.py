"""What decides about an order besides its content: who wrote and asked, what it holds of budgets.

Sealed with every step of the order, so that separation of duties, cumulative limits and budgets
rest on rows that `qm audit verify` can hold against the audit. Digests only: some cells are text
that people wrote.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.model.canonical import digest
from engine.store.tables.budgets import budget_commitments
from engine.store.tables.fulfilment import (
    po_acknowledgements,
    po_amendments,
    po_confirmations,
    po_confirmed_lines,
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
    {"amendments", "confirmations", "confirmed", "receipts", "received", "acknowledgements"}
)


def order_facts(
    look: sa.Connection, po_id: int | None = None, *, has_left: bool = True
) -> Mapping[int, Digests]:
    """A digest of each kind of row above, by the order's id; of one order or all."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for name, (columns, owner, joined) in SEALED.items():
        if name in AFTER_SENDING and not has_left:
            continue
        query = sa.select(owner.label("owner"), *(c.label(f"c{n}") for n, c in enumerate(columns)))
        if joined is not None:
            query = query.where(joined)
        if po_id is not None:
            query = query.where(owner == po_id)
        rows: dict[int, list[list[Any]]] = defaultdict(list)
        for order, *cells in look.execute(query):
            rows[order].append(cells)
        for order, cells in rows.items():
            # Sorted here: databases sort text differently, and a dump may move to another one.
            found[order][name] = digest(sorted(map(digest, cells)))
    return found


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
