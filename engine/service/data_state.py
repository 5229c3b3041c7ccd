"""The state of the data: the latest snapshot, what its import found, and what it lacks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd
import sqlalchemy as sa

from engine.model.finding import SEVERITIES, Finding
from engine.service.stores import Stores
from engine.store.snapshots import SnapshotHeader, snapshot_header
from engine.store.tables import imports

# What planning does without a table; a table not named here is pleasant to have.
COST_OF_ABSENCE: Mapping[str, str] = {
    "items": "names, categories and costs are unknown: items are called by their SKU and margins "
    "are assumed",
    "stock": "stock on hand is assumed, so quantities are what a typical week needs",
    "suppliers": "one supplier with an assumed lead time stands for all",
    "supplier_items": "packs, minimums, price breaks and costs are unknown",
    "purchase_orders": "what is on order is unknown (it is ordered again), and lead times are "
    "those stated, without their spread",
    "receipts": "lead times are those stated or assumed: safety stock ignores late suppliers",
    "promotions": "promotion peaks look like demand of the season",
    "prices": "list prices are read off the sales, and a planned change moves no forecast",
    "holidays": "holiday weeks look like ordinary ones, unless the country has a public calendar",
    "budgets": "there is no cap unless one is asked for or set in the chat",
    "backorders": "customers who wait are not served first, and no promise is made to them",
    "bundles": "sets are planned as items of their own",
}
QUARANTINE = ("table", "file", "row", "column", "value", "reason", "row_kept", "record")


@dataclass(frozen=True, kw_only=True)
class MissingTable:
    table: str
    cost: str  # what the plan loses without it
    stand_in: bool  # assumed or derived rows stand in for it


@dataclass(frozen=True, kw_only=True)
class DataState:
    """What the plan rests on."""

    snapshot: SnapshotHeader = field(repr=False)
    snapshot_id: str
    imported_at: datetime
    source: str
    findings: tuple[Finding, ...] = field(repr=False)  # of that import, errors first
    counts: Mapping[str, int]  # findings by severity
    quarantined: int
    missing: tuple[MissingTable, ...]

    def days_old(self, now: datetime) -> int:
        """Days since the data ends, by the calendar; negative for data from the future."""
        return (now.date() - self.snapshot.as_of).days


def data_state(stores: Stores) -> DataState:
    """The state of the latest import; StoreError where nothing is imported yet."""
    with stores.database.read() as look:
        header = snapshot_header(look)
        runs = imports.import_runs
        run = look.execute(sa.select(runs).order_by(runs.c.id.desc()).limit(1)).one()
        findings = _findings(look, run.id)
    read = {str(tally["table"]) for tally in run.report["tallies"]}
    return DataState(
        snapshot=header,
        snapshot_id=header.id,
        imported_at=run.at,
        source=run.source,
        findings=findings,
        counts={
            severity: sum(finding.severity == severity for finding in findings)
            for severity in SEVERITIES
        },
        quarantined=int(run.report["quarantined"]),
        missing=tuple(
            MissingTable(table=name, cost=cost, stand_in=name in header.tables)
            for name, cost in COST_OF_ABSENCE.items()
            if name not in read
        ),
    )


def _findings(look: sa.Connection, run: int) -> tuple[Finding, ...]:
    table = imports.findings
    rows = look.execute(
        sa.select(table).where(table.c.import_run_id == run).order_by(table.c.position)
    )
    return tuple(
        Finding(
            code=row.code,
            severity=row.severity,
            table=row.table_name,
            rows=row.rows,
            message=row.message,
            done=row.done,
            examples=tuple(row.examples),
        )
        for row in rows
    )


def latest_quarantine(stores: Stores) -> pd.DataFrame:
    """Every cell that the latest import could not use, in the order of the source."""
    runs = imports.import_runs
    with stores.database.read() as look:
        snapshot_header(look)  # says what to do where nothing is imported
        blob = look.execute(
            sa.select(runs.c.quarantine_blob).order_by(runs.c.id.desc()).limit(1)
        ).scalar_one()
    if blob is None:
        return pd.DataFrame(columns=list(QUARANTINE))
    return stores.blobs.get_table(blob).to_pandas()
