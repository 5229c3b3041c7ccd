"""Immutable snapshots: Parquet blobs by content, registered in the database."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

import pandas as pd
import sqlalchemy as sa

from engine.errors import StoreError, UnknownName
from engine.model.contract import BY_NAME
from engine.model.snapshot import Bucket, CompanyProfile, Snapshot
from engine.store.blobs import BlobStore
from engine.store.database import Database
from engine.store.frames import empty_frame, frame_of
from engine.store.tables import imports


@dataclass(frozen=True, kw_only=True)
class StoredTable:
    blob: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class SnapshotHeader:
    """What the database knows of a snapshot; the data itself is in blobs."""

    company: CompanyProfile
    first_day: date
    as_of: date
    sales_bucket: Bucket
    tables: Mapping[str, StoredTable] = field(repr=False)

    @property
    def id(self) -> str:
        """A hash of the content alone: neither when nor from where it was imported."""
        content = {
            "tables": {name: self.tables[name].blob for name in sorted(self.tables)},
            "company": asdict(self.company),
            "as_of": self.as_of.isoformat(),
            "sales_bucket": self.sales_bucket,
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def save_snapshot(work: sa.Connection, header: SnapshotHeader, now: datetime) -> bool:
    """Register a snapshot whose blobs are stored; False when it is registered already."""
    known = sa.select(imports.snapshots.c.id).where(imports.snapshots.c.id == header.id)
    if work.execute(known).first() is not None:
        return False
    work.execute(
        sa.insert(imports.snapshots).values(
            id=header.id,
            company=asdict(header.company),
            first_day=header.first_day,
            as_of=header.as_of,
            sales_bucket=header.sales_bucket,
            created_at=now,
        )
    )
    work.execute(
        sa.insert(imports.snapshot_tables),
        [
            {"snapshot_id": header.id, "name": name, "blob": table.blob, "rows": table.rows}
            for name, table in sorted(header.tables.items())
        ],
    )
    return True


def latest_snapshot_id(look: sa.Connection) -> str | None:
    """The snapshot of the newest import; None before the first."""
    runs = imports.import_runs
    return look.execute(sa.select(runs.c.snapshot_id).order_by(runs.c.id.desc()).limit(1)).scalar()


def latest_as_of(look: sa.Connection) -> date | None:
    """The day after the newest imported data; None before the first import."""
    known = imports.snapshots
    query = sa.select(known.c.as_of).where(known.c.id == latest_snapshot_id(look))
    return look.execute(query).scalar()


def snapshot_header(look: sa.Connection, snapshot_id: str | None = None) -> SnapshotHeader:
    """A registered snapshot, the latest by default; StoreError where nothing is imported."""
    wanted = snapshot_id or latest_snapshot_id(look)
    if wanted is None:
        raise StoreError("Nothing is imported yet. Run: qm import FOLDER (or: qm demo)")
    row = look.execute(sa.select(imports.snapshots).where(imports.snapshots.c.id == wanted)).first()
    if row is None:
        recent = look.execute(sa.select(imports.snapshots.c.id).limit(5)).scalars()
        raise UnknownName("snapshot", wanted, tuple(recent))
    tables = imports.snapshot_tables
    rows = look.execute(sa.select(tables).where(tables.c.snapshot_id == wanted))
    return SnapshotHeader(
        company=CompanyProfile(**row.company),
        first_day=row.first_day,
        as_of=row.as_of,
        sales_bucket=row.sales_bucket,
        tables={table.name: StoredTable(blob=table.blob, rows=table.rows) for table in rows},
    )


def load_snapshot(database: Database, blobs: BlobStore, snapshot_id: str | None = None) -> Snapshot:
    """A snapshot, the latest by default; a table is read when it is first asked for."""
    with database.read() as look:
        header = snapshot_header(look, snapshot_id)
    return Snapshot(
        id=header.id,
        company=header.company,
        first_day=header.first_day,
        as_of=header.as_of,
        sales_bucket=header.sales_bucket,
        tables=StoredTables(blobs, {name: table.blob for name, table in header.tables.items()}),
    )


class StoredTables(Mapping[str, pd.DataFrame]):
    """Every table of the contract, read from its blob on first use; absent ones are empty."""

    def __init__(self, blobs: BlobStore, names: Mapping[str, str]) -> None:
        self._blobs = blobs
        self._names = dict(names)
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table not in BY_NAME:
            raise KeyError(table)
        if table not in self._read:
            blob = self._names.get(table)
            self._read[table] = (
                frame_of(table, self._blobs.get_table(blob)) if blob else empty_frame(table)
            )
        return self._read[table]

    def __iter__(self) -> Iterator[str]:
        return iter(BY_NAME)

    def __len__(self) -> int:
        return len(BY_NAME)

    def __getstate__(self) -> tuple[BlobStore, dict[str, str]]:
        """A worker process reads the blobs itself: they are smaller than pickled frames."""
        return self._blobs, self._names

    def __setstate__(self, state: tuple[BlobStore, dict[str, str]]) -> None:
        self._blobs, self._names = state
        self._read = {}
