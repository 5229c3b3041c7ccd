"""Put a made-up company into a fresh database and blob store, as an import would leave it."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa

from engine.model.contract import BY_NAME, Kind
from engine.model.snapshot import Snapshot
from engine.service.stores import AuditSeal, Stores
from engine.store import migrate
from engine.store.blobs import BlobStore
from engine.store.database import open_database
from engine.store.snapshots import SnapshotHeader, StoredTable, save_snapshot
from engine.store.tables.imports import import_runs
from evals.bench_plan.company import make_company

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
_TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(), "list": pa.string(), "integer": pa.int64(), "money": pa.int64(),
    "real": pa.float64(), "date": pa.timestamp("ns"), "instant": pa.timestamp("ns"),
    "flag": pa.bool_(),
}  # fmt: skip


def stores_in(home: Path) -> Stores:
    return Stores(
        database=open_database(f"sqlite:///{home}/quartermaster.db"),
        blobs=BlobStore(url=str(home / "snapshots")),
        seal=AuditSeal(key=b"", anchor=str(home / "anchor")),
    )


def main(home: Path, series: int, weeks: int, seed: int) -> None:
    snapshot = make_company(series, weeks, seed)
    stores = stores_in(home)
    migrate.upgrade(stores.database)
    header = SnapshotHeader(
        company=snapshot.company,
        first_day=snapshot.first_day,
        as_of=snapshot.as_of,
        sales_bucket=snapshot.sales_bucket,
        tables={name: _stored(stores, name, snapshot) for name in BY_NAME if len(snapshot[name])},
    )
    with stores.database.write() as work:
        save_snapshot(work, header, NOW)
        row = {"at": NOW, "source": "made up", "snapshot_id": header.id, "report": {}}
        work.execute(sa.insert(import_runs).values(**row))


def _stored(stores: Stores, name: str, snapshot: Snapshot) -> StoredTable:
    frame = snapshot[name]
    arrays = {
        column.stored: pa.array(
            frame[column.stored].astype(object)
            if column.kind in {"text", "list"}
            else frame[column.stored],
            type=_TYPES[column.kind],
            from_pandas=True,
            safe=False,
        )
        for column in BY_NAME[name].columns
    }
    return StoredTable(blob=stores.blobs.put_table(pa.table(arrays)), rows=len(frame))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(argument) for argument in sys.argv[2:5]))
