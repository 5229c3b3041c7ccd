"""What is asked of all lines of a run at once, without reading each line's own details.

A stored run never changes, so what one reader decoded serves the next ones: a few runs are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pandas as pd
import sqlalchemy as sa

from engine.model import plan as frames
from engine.service.reading import RunHeader, full_line
from engine.service.stores import Stores
from engine.store.blobs import BlobStore
from engine.store.tables.plans import plan_cuts, plan_lines

LINE_INDEX = (
    "rank", "sku", "location", "supplier", "units", "cost_minor", "value_minor",
    "lost_margin_minor",
)  # fmt: skip
# Runs kept by a process: the plan of record, those that people compare it with, and a spare few.
KEPT_RUNS = 6


def line_index(stores: Stores, run: RunHeader) -> pd.DataFrame:
    """The ranked buys, columns LINE_INDEX, best first; shared, nobody writes into it."""
    return _lines(_source(stores, run))


def cut_index(stores: Stores, run: RunHeader) -> pd.DataFrame:
    """What the budget left out, columns engine.model.plan.CUTS, dearest loss first; shared."""
    return _cuts(_source(stores, run))


def lines_ranked(stores: Stores, run: RunHeader, ranks: Sequence[int]) -> pd.DataFrame:
    """The lines of these ranks in full, columns engine.model.plan.LINES, best first."""
    table = plan_lines
    query = (
        sa.select(table)
        .where(table.c.run_id == run.id, table.c.rank.in_([int(rank) for rank in ranks]))
        .order_by(table.c.rank)
    )
    with stores.database.read() as look:
        rows = [full_line(dict(row)) for row in look.execute(query).mappings()]
    return pd.DataFrame(rows, columns=list(frames.LINES))


@dataclass(frozen=True, kw_only=True)
class _Source:
    """Hashed by the run, what it decided and the company's own place for blobs."""

    run_id: str
    digest: str
    blobs: BlobStore
    stores: Stores = field(compare=False)


def _source(stores: Stores, run: RunHeader) -> _Source:
    return _Source(run_id=run.id, digest=run.digest, blobs=stores.blobs, stores=stores)


@lru_cache(maxsize=KEPT_RUNS)
def _lines(source: _Source) -> pd.DataFrame:
    columns = [plan_lines.c[name] for name in LINE_INDEX]
    query = sa.select(*columns).where(plan_lines.c.run_id == source.run_id)
    return _frame(source.stores, query.order_by(plan_lines.c.rank), LINE_INDEX)


@lru_cache(maxsize=KEPT_RUNS)
def _cuts(source: _Source) -> pd.DataFrame:
    table = plan_cuts.c
    query = (
        sa.select(*(table[name] for name in frames.CUTS))
        .where(table.run_id == source.run_id)
        .order_by(table.expected_loss_minor.desc(), table.sku, table.location)
    )
    return _frame(source.stores, query, frames.CUTS)


def _frame(stores: Stores, query: sa.Select[Any], names: Sequence[str]) -> pd.DataFrame:
    with stores.database.read() as look:
        rows = [tuple(row) for row in look.execute(query)]
    return pd.DataFrame.from_records(rows, columns=list(names))
