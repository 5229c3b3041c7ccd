"""Corrections that were learnt, in the tables: those in force, and the record of all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import pandas as pd
import sqlalchemy as sa

from engine.model.decisions import LEARNT
from engine.service.stores import Stores
from engine.store.tables.learning import corrections_learnt

LearntState = Literal["refused", "in_force", "replaced", "rolled_back"]


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One correction with its evidence; `as_of` is that of the data it was learnt from."""

    id: int
    kind: str
    scope: str
    value: float
    evidence: Mapping[str, Any] = field(repr=False)
    state: LearntState
    at: datetime
    as_of: date
    ended_at: datetime | None
    ended_why: str | None


def learnt_in_force(look: sa.Connection) -> pd.DataFrame:
    """Columns engine.model.decisions.LEARNT, sorted."""
    table = corrections_learnt.c
    query = (
        sa.select(table.kind, table.scope, table.value)
        .where(table.state == "in_force")
        .order_by(table.kind, table.scope, table.id)
    )
    rows = [tuple(row) for row in look.execute(query)]
    return pd.DataFrame(rows, columns=list(LEARNT))


def corrections(stores: Stores, *, state: LearntState | None = None) -> tuple[Correction, ...]:
    """Every correction, the newest first."""
    query = sa.select(corrections_learnt).order_by(corrections_learnt.c.id.desc())
    if state is not None:
        query = query.where(corrections_learnt.c.state == state)
    names = tuple(Correction.__dataclass_fields__)
    with stores.database.read() as look:
        rows = look.execute(query).mappings().all()
    return tuple(Correction(**{name: row[name] for name in names}) for row in rows)
