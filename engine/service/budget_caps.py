"""How a cap comes into force: from the data, or by a decision. Every change keeps its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

import pandas as pd
import sqlalchemy as sa

from engine.model.money import MICROS, convert_minor, to_minor
from engine.service import audit
from engine.service.stores import AuditSeal
from engine.store.tables.budgets import budget_revisions, budgets


@dataclass(frozen=True, kw_only=True)
class CapAuthor:
    """Who sets a cap, and on what ground."""

    id: str
    source: str
    at: datetime
    proposal_id: int | None = None
    snapshot_id: str | None = None


def adopt_imported(
    work: sa.Connection,
    seal: AuditSeal,
    table: pd.DataFrame,
    rates: Mapping[str, Decimal],
    base_currency: str,
    *,
    snapshot_id: str,
    now: datetime,
) -> int:
    """Take over the caps of a snapshot's budgets table; returns how many are new or changed.

    `rates` are base currency per unit; a cap in a currency without one is left out, which the
    import has reported. A cap that a person has decided is left as it is.
    """
    wanted = {(str(row["scope"]), str(row["period"])): row for row in _rows(table)}
    changed = 0
    for (scope, period), row in sorted(wanted.items()):
        currency = row["currency"] if isinstance(row["currency"], str) else base_currency
        if currency not in rates:
            continue
        minor = to_minor(Decimal(int(row["cap_micros"])) / MICROS, currency)
        cap = convert_minor(minor, currency, base_currency, rates[currency])
        before = find_budget(work, scope, period)
        if before is None or (before.origin == "import" and before.cap_minor != cap):
            set_cap(work, seal, scope, period, cap, before, _import(snapshot_id, now))
            changed += 1
    return changed


def set_cap(
    work: sa.Connection,
    seal: AuditSeal,
    scope: str,
    period: str,
    cap_minor: int,
    before: sa.Row[Any] | None,
    author: CapAuthor,
) -> None:
    """Put a cap in force in place of `before`, with its history and its audit event."""
    revision = before.revision + 1 if before else 1
    values = {
        "cap_minor": cap_minor,
        "revision": revision,
        "origin": "person" if author.snapshot_id is None else "import",
    }
    place = (budgets.c.scope == scope) & (budgets.c.period == period)
    work.execute(
        sa.update(budgets).where(place).values(values)
        if before
        else sa.insert(budgets).values(scope=scope, period=period, **values)
    )
    work.execute(
        sa.insert(budget_revisions).values(
            scope=scope,
            period=period,
            revision=revision,
            cap_minor=cap_minor,
            author=author.id,
            at=author.at,
            proposal_id=author.proposal_id,
        )
    )
    audit.append(
        work,
        seal,
        at=author.at,
        actor=author.id,
        source=author.source,
        kind="budget.set",
        subject=budget_subject(scope, period),
        body={
            "cap_minor": cap_minor,
            "cap_before_minor": before.cap_minor if before else None,
            "revision": revision,
            "proposal": author.proposal_id,
            "snapshot": author.snapshot_id,
        },
    )


def find_budget(look: sa.Connection, scope: str, period: str) -> sa.Row[Any] | None:
    query = sa.select(budgets).where(budgets.c.scope == scope, budgets.c.period == period)
    return look.execute(query).one_or_none()


def _import(snapshot_id: str, now: datetime) -> CapAuthor:
    return CapAuthor(id="quartermaster", source="system", at=now, snapshot_id=snapshot_id)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", table.to_dict("records"))


def budget_subject(scope: str, period: str) -> str:
    return f"budget:{scope}:{period}"
