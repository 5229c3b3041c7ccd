"""An import that is stopped leaves everything as it was, or is done; a second one succeeds.

Each case is a real process that is really interrupted, or whose disk is really full.
"""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pytest
import sqlalchemy as sa
from fsspec.implementations.memory import MemoryFileSystem

from engine.errors import StoreError
from engine.service.importing import import_folder
from engine.service.stores import Stores
from engine.store import migrate
from engine.store.blobs import BlobStore
from engine.store.database import Database, open_database
from engine.store.snapshots import load_snapshot
from engine.store.tables import imports
from support.exports import daily_sales, exports
from support.plans import stores_for

NOW = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
# Imports a folder; at the named stage the process gets the named signal, or may write no more
# than so many bytes into one file.
CHILD = """
import os, resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
import sqlalchemy as sa
from engine.service.importing import import_folder
from engine.service.stores import AuditSeal, Stores
from engine.store.blobs import BlobStore
from engine.store.database import open_database

home, folder, stage, how = sys.argv[1:]
database = open_database(f"sqlite:///{home}/qm.db")
stores = Stores(database=database, blobs=BlobStore(url=f"{home}/snapshots"),
                seal=AuditSeal(key=b"", anchor=f"{home}/anchor"))

def stop():
    if how.isdigit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(how), int(how)))
    else:
        os.kill(os.getpid(), getattr(signal, how))

def progress(now, done, total):
    if now == stage:
        stop()

@sa.event.listens_for(database.engine, "after_cursor_execute")
def seen(connection, cursor, statement, *_):
    if stage == "registering" and statement.startswith("INSERT INTO import_runs"):
        stop()

import_folder(stores, Path(folder), now=datetime(2026, 11, 2, tzinfo=UTC), progress=progress)
"""


@pytest.fixture
def home(migrated_file: Path, tmp_path: Path) -> Path:
    (tmp_path / "qm.db").write_bytes(migrated_file.read_bytes())
    return tmp_path


def interrupted(home: Path, folder: Path, stage: str, how: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CHILD, str(home), str(folder), stage, how]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def registered(database: Database) -> tuple[int, int]:
    with database.read() as look:
        counts = [
            look.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (imports.snapshots, imports.import_runs)
        ]
    return counts[0], counts[1]


@pytest.mark.parametrize(
    ("stage", "how"),
    [
        ("reading sales", "SIGINT"),
        ("storing sales", "SIGINT"),
        ("registering", "SIGINT"),
        ("registering", "SIGKILL"),
    ],
)
def test_an_interrupted_import_registers_nothing_and_can_be_repeated(
    home: Path, stage: str, how: str
) -> None:
    folder = exports(home / "exports", sales_csv=daily_sales())
    stopped = interrupted(home, folder, stage, how)
    assert stopped.returncode != 0
    stores = stores_for(open_database(f"sqlite:///{home}/qm.db"), home)
    assert registered(stores.database) == (0, 0)
    report = import_folder(stores, folder, now=NOW)
    assert registered(stores.database) == (1, 1)
    assert len(load_snapshot(stores.database, stores.blobs, report.snapshot_id)["sales"]) == 120
    stores.database.close()


def test_a_disk_that_is_full_is_a_clear_error_and_nothing_is_half_written(home: Path) -> None:
    folder = exports(home / "exports", sales_csv=daily_sales(days=400))
    full = interrupted(home, folder, "storing sales", "2000")
    assert "StoreError: The snapshot store" in full.stderr
    assert "free space" in full.stderr
    stores = stores_for(open_database(f"sqlite:///{home}/qm.db"), home)
    assert registered(stores.database) == (0, 0)
    assert list((home / "snapshots").rglob("*.part")) == []
    assert import_folder(stores, folder, now=NOW).is_new
    stores.database.close()


class _FailingDisk(MemoryFileSystem):
    """A file system that lets some files be written and then says what is wrong."""

    protocol = "failing"
    error = OSError(28, "No space left on device")
    files_left = 0

    def pipe_file(self, path: str, value: bytes, **kwargs: object) -> None:
        if type(self).files_left == 0:
            raise self.error
        type(self).files_left -= 1
        super().pipe_file(path, value, **kwargs)


@pytest.mark.parametrize(
    ("files", "error"),
    [
        (0, OSError(30, "Read-only file system")),
        (3, OSError(28, "No space left on device")),
        (1, PermissionError(13, "Permission denied")),
    ],
)
def test_a_store_that_cannot_be_written_registers_nothing(
    database: Database, tmp_path: Path, files: int, error: OSError
) -> None:
    fsspec.register_implementation("failing", _FailingDisk, clobber=True)
    _FailingDisk.files_left, _FailingDisk.error = files, error
    stores = Stores(
        database=database,
        blobs=BlobStore(url=f"failing://{tmp_path.name}"),
        seal=stores_for(database, tmp_path).seal,
    )
    folder = exports(tmp_path / "exports", sales_csv=daily_sales())
    with pytest.raises(StoreError, match=str(error.strerror)):
        import_folder(stores, folder, now=NOW)
    assert registered(database) == (0, 0)
    _FailingDisk.files_left = 1_000
    assert import_folder(stores, folder, now=NOW).is_new


def test_a_read_only_database_is_a_clear_error(home: Path) -> None:
    folder = exports(home / "exports", sales_csv=daily_sales())
    path = home / "qm.db"
    writable = open_database(f"sqlite:///{path}")
    migrate.upgrade(writable)
    writable.close()
    reading = open_database(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(StoreError, match=r"read-?only|readonly"):
        import_folder(stores_for(reading, home), folder, now=NOW)
    reading.close()


def test_hash_seeds_and_processes_do_not_change_a_snapshot(home: Path) -> None:
    folder = exports(home / "exports", sales_csv=daily_sales(skus=("B", "a", "C", "Ä")))
    stores = stores_for(open_database(f"sqlite:///{home}/qm.db"), home)
    here = import_folder(stores, folder, now=NOW)
    there = subprocess.run(
        [sys.executable, "-c", CHILD, str(home), str(folder), "", "SIGINT"],
        env={"PYTHONHASHSEED": "12345"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert there.returncode == 0, there.stderr
    assert registered(stores.database) == (1, 2)
    assert here.is_new
    stores.database.close()
