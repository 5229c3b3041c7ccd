"""Import a folder: read and check it, store the blobs, then register everything in one step."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from engine.connect import arrow
from engine.connect.importer import ImportedData, read_folder
from engine.connect.mapping_file import find_mapping, load_mapping
from engine.connect.quarantine import as_columns
from engine.connect.tally import Tally
from engine.kernels.currency import rates_on
from engine.model.contract import BY_NAME
from engine.model.finding import SEVERITIES, Finding, Severity
from engine.model.progress import Progress, silent
from engine.purchase.terms import terms_on
from engine.service.budget_caps import adopt_imported
from engine.service.introduction import ASSUMED, introduce, unstated
from engine.service.order_arrivals import advance_orders
from engine.service.repricing import reprice_orders
from engine.service.snapshot_changes import TableChange, snapshot_changes
from engine.service.stores import Stores
from engine.store import migrate
from engine.store.snapshots import (
    SnapshotHeader,
    StoredTable,
    StoredTables,
    latest_snapshot_id,
    save_snapshot,
    snapshot_header,
)
from engine.store.tables import imports


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import read, found, stored and changed."""

    snapshot: SnapshotHeader
    is_new: bool  # False: exactly this data was imported before
    previous_id: str | None  # the latest snapshot before this import
    source: str
    mapping: str | None
    tallies: tuple[Tally, ...] = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)  # errors first
    changes: tuple[TableChange, ...] = ()  # against the previous snapshot
    details: tuple[str, ...] = ()  # what else differs from it, such as the as-of date
    quarantined: int = 0  # cells in the quarantine
    quarantine_blob: str | None = None
    unstated: frozenset[str] = frozenset()  # what the mapping does not say of the company

    @property
    def snapshot_id(self) -> str:
        return self.snapshot.id

    @property
    def is_exact(self) -> bool:
        """Every row and every sum of the source is accounted for."""
        return all(tally.is_exact for tally in self.tallies)

    def count(self, severity: Severity) -> int:
        return sum(finding.severity == severity for finding in self.findings)


def import_folder(
    stores: Stores,
    source: Path,
    *,
    mapping: Path | None = None,
    now: datetime,
    progress: Progress = silent,
) -> ImportReport:
    """Import a folder of exports as a snapshot.

    Without `mapping`, the folder's own mapping.yaml is used, else files named after the tables.
    Blobs are stored first and registered in one transaction last: whenever this stops, the
    snapshot is registered whole or not at all. Raises BadSource for input that cannot be planned
    from, StoreError where it cannot be stored, WrongSchema for a database of another version.
    """
    migrate.require_current_schema(stores.database)
    mapping_path = find_mapping(source, mapping)
    rules = load_mapping(mapping_path)
    with stores.database.read() as look:
        previous = snapshot_header(look) if latest_snapshot_id(look) else None
    data = read_folder(
        source, rules, known=previous.company if previous else None, progress=progress
    )
    header = _store_tables(stores, data, progress)
    quarantine = _store_quarantine(stores, data)
    progress("comparing", 0, None)
    changes = snapshot_changes(stores.blobs, previous.tables, header.tables) if previous else ()
    report = ImportReport(
        snapshot=header,
        is_new=True,
        previous_id=previous.id if previous else None,
        source=str(source),
        mapping=mapping_path.name if mapping_path else None,
        tallies=data.tallies,
        findings=data.findings,
        changes=changes,
        details=_details(previous, header) if previous else (),
        quarantined=len(data.bad),
        quarantine_blob=quarantine,
        unstated=unstated(rules.company),
    )
    return _register(stores, report, now)


def _store_tables(stores: Stores, data: ImportedData, progress: Progress) -> SnapshotHeader:
    """Every table as a blob of its content."""
    stored: dict[str, StoredTable] = {}
    for done, (name, columns) in enumerate(data.tables.items()):
        progress(f"storing {name}", done, len(data.tables))
        table = arrow.to_table(BY_NAME[name], columns)
        stored[name] = StoredTable(blob=stores.blobs.put_table(table), rows=table.num_rows)
    return SnapshotHeader(
        company=data.company,
        first_day=data.coverage.first_day,
        as_of=data.coverage.as_of,
        sales_bucket=data.coverage.bucket,
        tables=stored,
    )


def _store_quarantine(stores: Stores, data: ImportedData) -> str | None:
    if not data.bad:
        return None
    return stores.blobs.put_table(arrow.text_table(as_columns(data.bad)))


def _details(before: SnapshotHeader, after: SnapshotHeader) -> tuple[str, ...]:
    """What differs beside the tables."""
    named = {
        "company": (before.company, after.company),
        "as-of date": (before.as_of, after.as_of),
        "sales bucket": (before.sales_bucket, after.sales_bucket),
    }
    return tuple(name for name, (old, new) in named.items() if old != new)


def _register(stores: Stores, report: ImportReport, now: datetime) -> ImportReport:
    """The only step that changes what the company plans from; it happens whole or not at all."""
    with stores.database.write() as work:
        assumed = introduce(work, report.snapshot.company, report.unstated, now)
        is_new = save_snapshot(work, report.snapshot, now)
        _adopt_budgets(work, stores, report.snapshot, now)
        report = _with_findings(report, _advance_orders(work, stores, report.snapshot, now))
        run = work.execute(
            sa.insert(imports.import_runs)
            .values(
                at=now,
                source=report.source,
                mapping=report.mapping,
                snapshot_id=report.snapshot_id,
                previous_snapshot_id=report.previous_id,
                quarantine_blob=report.quarantine_blob,
                report={**_kept(report), ASSUMED: sorted(assumed)},
            )
            .returning(imports.import_runs.c.id)
        ).scalar_one()
        if report.findings:
            work.execute(
                sa.insert(imports.findings),
                [_finding_row(run, at, found) for at, found in enumerate(report.findings)],
            )
    return replace(report, is_new=is_new)


def _advance_orders(
    work: sa.Connection, stores: Stores, snapshot: SnapshotHeader, now: datetime
) -> tuple[Finding, ...]:
    """Our own orders become what the data says of them."""
    tables = _tables(stores, snapshot)
    moved = advance_orders(
        work,
        stores.seal,
        tables["purchase_orders"],
        tables["receipts"],
        snapshot_id=snapshot.id,
        now=now,
    )
    terms = terms_on(tables, day=snapshot.as_of, base_currency=snapshot.company.base_currency)
    return moved + reprice_orders(work, stores.seal, terms, snapshot_id=snapshot.id, now=now)


def _with_findings(report: ImportReport, more: tuple[Finding, ...]) -> ImportReport:
    found = sorted((*report.findings, *more), key=lambda each: SEVERITIES.index(each.severity))
    return replace(report, findings=tuple(found)) if more else report


def _tables(stores: Stores, snapshot: SnapshotHeader) -> StoredTables:
    return StoredTables(stores.blobs, {name: each.blob for name, each in snapshot.tables.items()})


def _adopt_budgets(
    work: sa.Connection, stores: Stores, snapshot: SnapshotHeader, now: datetime
) -> None:
    """The caps that the data states hold from here on, unless a person has decided otherwise."""
    tables = _tables(stores, snapshot)
    base = snapshot.company.base_currency
    rates = rates_on(tables["fx_rates"], snapshot.as_of, base)
    adopt_imported(
        work, stores.seal, tables["budgets"], rates, base, snapshot_id=snapshot.id, now=now
    )


def _kept(report: ImportReport) -> dict[str, object]:
    """What is stored of the account, as plain JSON."""
    return {
        "tallies": [asdict(tally) for tally in report.tallies],
        "changes": [_change_row(change) for change in report.changes],
        "details": list(report.details),
        "quarantined": report.quarantined,
    }


def _change_row(change: TableChange) -> dict[str, object]:
    days = {name: day and day.isoformat() for name, day in _days(change).items()}
    return {**asdict(change), **days}


def _days(change: TableChange) -> Mapping[str, date | None]:
    return {"first": change.first, "last": change.last}


def _finding_row(run: int, position: int, finding: Finding) -> dict[str, object]:
    return {
        "import_run_id": run,
        "position": position,
        "code": finding.code,
        "severity": finding.severity,
        "table_name": finding.table,
        "rows": finding.rows,
        "message": finding.message,
        "done": finding.done,
        "examples": list(finding.examples),
    }
