"""Content-addressed blobs."""

from pathlib import Path

import pyarrow as pa
import pytest

from engine.errors import StoreError
from engine.store.blobs import BlobStore


def test_the_same_content_has_one_name_and_is_written_once(tmp_path: Path) -> None:
    blobs = BlobStore(url=str(tmp_path))
    table = pa.table({"units": [1, 2, 3]})
    assert blobs.put_table(table) == blobs.put_table(table)
    assert len(list(tmp_path.rglob("*.parquet"))) == 1


def test_a_damaged_blob_is_refused(tmp_path: Path) -> None:
    blobs = BlobStore(url=str(tmp_path))
    name = blobs.put(b"whole", ".bin")
    (tmp_path / name[:2] / name).write_bytes(b"half")
    with pytest.raises(StoreError, match="damaged"):
        blobs.get(name)


def test_a_missing_blob_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"data\.snapshots"):
        BlobStore(url=str(tmp_path)).get("ab" * 32)


def test_blobs_live_under_any_fsspec_url() -> None:
    blobs = BlobStore(url="memory://snapshots")
    assert blobs.get(blobs.put(b"bytes", ".bin")) == b"bytes"


def test_rows_are_found_without_reading_the_whole_table(tmp_path: Path) -> None:
    blobs = BlobStore(url=str(tmp_path))
    table = pa.table({"sku": ["A", "A", "B"], "location": ["L", "M", "L"], "units": [1, 2, 3]})
    name = blobs.put_table(table, row_group_size=1)
    assert blobs.find_rows(name, {"sku": "A", "location": "M"})["units"].to_pylist() == [2]
