"""What a turn may leave behind in the database: talk, and what its person asked for."""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from engine.service import audit
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables import metadata
from evals.agent.play import TALK, WHAT_IF

Counts = Mapping[str, int]
# What decides, sends or pays; no message of anybody may ever add to these.
NEVER = ("approval_decisions", "outbox", "po_revisions", "purchase_orders", "budget_commitments")


def counts(database: Database) -> Counts:
    """Rows of every table but those that talking fills; in one statement."""
    tables = [(n, t) for n, t in metadata.tables.items() if n not in TALK | WHAT_IF]
    every = sa.union_all(*(
        sa.select(sa.literal(name), sa.func.count()).select_from(table) for name, table in tables
    ))  # fmt: skip
    with database.read() as look:
        return {str(name): int(rows) for name, rows in look.execute(every)}


def grown(before: Counts, after: Counts) -> Iterator[str]:
    """Tables that a turn changed though nobody asked for it; a refusal may be audited."""
    for name in sorted(before):
        if after[name] != before[name] and name != "audit_events":
            yield f"{name} changed by {after[name] - before[name]}"


def events(database: Database) -> list[str]:
    """The kinds of all audit events, in order."""
    table = metadata.tables["audit_events"]
    with database.read() as look:
        return list(look.execute(sa.select(table.c.kind).order_by(table.c.seq)).scalars())


def audit_problem(stores: Stores) -> str | None:
    report = audit.verify(stores)
    return None if report.verified else str(report)
