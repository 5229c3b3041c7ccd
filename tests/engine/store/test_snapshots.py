"""Snapshots in the store: typed frames, loaded table by table."""

import pickle
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from engine.connect import arrow
from engine.connect.append import empty_columns
from engine.connect.columns import Numbers, text_of
from engine.errors import StoreError, UnknownName
from engine.model.contract import BY_NAME, TABLES, Table
from engine.model.snapshot import CompanyProfile, Snapshot
from engine.store.blobs import BlobStore
from engine.store.database import Database
from engine.store.snapshots import (
    SnapshotHeader,
    StoredTable,
    StoredTables,
    load_snapshot,
    save_snapshot,
    snapshot_header,
)

NOW = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
ACME = CompanyProfile(name="Acme", base_currency="GBP", time_zone="Europe/London")


def header(blobs: BlobStore, **changes: object) -> SnapshotHeader:
    day = np.asarray(["2026-08-03", "2026-08-04"], dtype="datetime64[ns]")
    both = np.ones(2, dtype=np.bool_)
    sales = arrow.to_table(
        BY_NAME["sales"],
        {
            "date": Numbers(cells=day, valid=both),
            "sku": text_of(["VASE", "LAMP"]),
            "location": text_of(["LEEDS", "LEEDS"]),
            "channel": text_of(["web", "web"]),
            "units": Numbers(cells=np.asarray([3, 4]), valid=both),
            "net_revenue": Numbers(cells=np.asarray([5_000_000, 0]), valid=day < day[1]),
            "kind": text_of(["sale", "sale"]),
        },
    )
    stored = {"sales": StoredTable(blob=blobs.put_table(sales), rows=2)}
    values: dict[str, object] = {
        "company": ACME,
        "first_day": date(2026, 8, 3),
        "as_of": date(2026, 8, 5),
        "sales_bucket": "day",
        "tables": stored,
    }
    return SnapshotHeader(**(values | changes))  # type: ignore[arg-type]  given by name in each test


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(url=str(tmp_path / "snapshots"))


def saved(database: Database, blobs: BlobStore) -> Snapshot:
    wanted = header(blobs)
    with database.write() as work:
        save_snapshot(work, wanted, NOW)
    return load_snapshot(database, blobs, wanted.id)


def test_a_snapshot_is_registered_once(database: Database, blobs: BlobStore) -> None:
    with database.write() as work:
        assert save_snapshot(work, header(blobs), NOW)
        assert not save_snapshot(work, header(blobs), NOW)


def test_the_id_is_of_the_content_alone(blobs: BlobStore) -> None:
    same = header(blobs).id
    assert header(blobs).id == same
    assert header(blobs, as_of=date(2026, 8, 6)).id != same
    assert header(blobs, sales_bucket="week").id != same
    assert header(blobs, company=CompanyProfile(name="Acme", base_currency="EUR")).id != same
    assert header(blobs, tables={}).id != same


def test_a_header_comes_back_whole(database: Database, blobs: BlobStore) -> None:
    with database.write() as work:
        save_snapshot(work, header(blobs), NOW)
        assert snapshot_header(work, header(blobs).id) == header(blobs)


def test_frames_have_the_dtypes_of_the_contract(database: Database, blobs: BlobStore) -> None:
    sales = saved(database, blobs)["sales"]
    assert list(sales.columns) == [column.stored for column in BY_NAME["sales"].columns]
    assert list(sales["sku"].cat.categories) == ["LAMP", "VASE"]
    assert sales["sku"].tolist() == ["VASE", "LAMP"]
    assert sales["date"].dtype == "datetime64[ns]"
    assert sales["units"].dtype == np.int64
    assert sales["net_revenue_micros"].dtype == np.float64
    assert np.isnan(sales["net_revenue_micros"].iloc[1])
    assert sales["order_id"].tolist() == [None, None]


def test_absent_tables_are_empty_frames_with_the_same_dtypes(blobs: BlobStore) -> None:
    stored = {table.name: blobs.put_table(_one_row(table)) for table in TABLES}
    full, absent = StoredTables(blobs, stored), StoredTables(blobs, {})
    for table in TABLES:
        assert absent[table.name].empty
        assert len(full[table.name]) == 1
        assert _dtypes(full[table.name]) == _dtypes(absent[table.name])


def _one_row(table: Table) -> pa.Table:
    """A row that holds only what it must: zeros where a whole number is required."""
    cells = empty_columns(table, 1)
    for column in table.columns:
        number = cells[column.name]
        if isinstance(number, Numbers) and (column.required or column.default):
            cells[column.name] = Numbers(cells=number.cells, valid=~number.valid)
    return arrow.to_table(table, cells)


def _dtypes(frame: pd.DataFrame) -> dict[str, str]:
    """Names of dtypes; categories may differ with the data."""
    return {str(name): dtype.name for name, dtype in frame.dtypes.items()}


def test_a_table_is_read_when_it_is_first_asked_for(database: Database, blobs: BlobStore) -> None:
    snapshot = saved(database, blobs)
    (blob,) = Path(blobs.url).rglob("*.parquet")
    blob.unlink()
    assert snapshot["items"].empty
    assert len(snapshot.tables) == len(TABLES)
    with pytest.raises(StoreError, match=r"data\.snapshots"):
        _ = snapshot["sales"]


def test_a_snapshot_travels_to_another_process(database: Database, blobs: BlobStore) -> None:
    snapshot = saved(database, blobs)
    twin = pickle.loads(pickle.dumps(snapshot))  # noqa: S301  our own bytes
    pd.testing.assert_frame_equal(twin["sales"], snapshot["sales"])


def test_an_unknown_snapshot_is_a_clear_error(database: Database, blobs: BlobStore) -> None:
    known = saved(database, blobs)
    with pytest.raises(UnknownName, match=known.id):
        load_snapshot(database, blobs, "0123456789abcdef")


def test_no_snapshot_at_all_says_what_to_do(database: Database, blobs: BlobStore) -> None:
    with pytest.raises(StoreError, match="qm import FOLDER"):
        load_snapshot(database, blobs)
