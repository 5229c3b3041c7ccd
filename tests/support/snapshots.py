"""Snapshots of a few rows, as an import would leave them."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from engine.model.snapshot import CompanyProfile, Snapshot
from engine.service.stores import Stores
from engine.store.snapshots import SnapshotHeader, StoredTable, load_snapshot, save_snapshot
from engine.store.tables.imports import import_runs
from support.company import stored
from support.purchasing import NOW

PROFILE = CompanyProfile(
    name="Fern & Oak", base_currency="GBP", time_zone="Europe/London", is_demo=True
)


def import_tables(stores: Stores, as_of: date, **tables: list[dict[str, Any]]) -> Snapshot:
    """Make these rows, written as users write them, the latest snapshot, with a year behind it."""
    header = SnapshotHeader(
        company=PROFILE,
        first_day=as_of - timedelta(days=364),
        as_of=as_of,
        sales_bucket="day",
        tables={
            name: _stored(stores, name, rows) for name, rows in ({"sales": []} | tables).items()
        },
    )
    with stores.database.write() as work:
        save_snapshot(work, header, NOW)
        work.execute(
            sa.insert(import_runs).values(at=NOW, source="test", snapshot_id=header.id, report={})
        )
    return load_snapshot(stores.database, stores.blobs, header.id)


def order_row(po: str, **other: Any) -> dict[str, Any]:
    """One line of 60 oak lamps from Nordlicht for Leeds."""
    return {
        "po": po, "line": 1, "supplier": "NORDLICHT", "sku": "LAMP-OAK-01", "location": "LEEDS",
        "ordered_on": "2026-11-03", "units": 60, **other,
    }  # fmt: skip


def receipt_row(po: str, units: int, on: str = "2026-11-18", line: int = 1) -> dict[str, Any]:
    return {"po": po, "line": line, "received_on": on, "units": units}


def _stored(stores: Stores, name: str, rows: list[dict[str, Any]]) -> StoredTable:
    table = pa.Table.from_pandas(stored(name, pd.DataFrame(rows)), preserve_index=False)
    return StoredTable(blob=stores.blobs.put_table(table), rows=len(rows))
