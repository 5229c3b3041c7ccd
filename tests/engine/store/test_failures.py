"""What goes wrong outside: each failure of the store is a sentence, and nothing is half written."""

import resource
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from engine.errors import StoreError
from engine.service import outbox
from engine.store import database as database_module, migrate
from engine.store.database import Database, open_database
from engine.store.tables import work as work_tables
from support.work import NOW, lead, post


def test_a_missing_server_says_so_without_the_password() -> None:
    database = open_database("postgresql://qm:hush-hush@127.0.0.1:1/qm")
    with pytest.raises(StoreError, match=r"refused.*database\.url") as error:
        migrate.schema_status(database)
    assert "hush" not in str(error.value)


def test_a_wrong_password_says_so_without_repeating_it(postgres_server: str) -> None:
    with psycopg.connect(postgres_server, autocommit=True) as admin:
        admin.execute("CREATE ROLE guarded LOGIN PASSWORD 'right'")
        (rules,) = admin.execute("SHOW hba_file").fetchone() or ("",)
        path = Path(rules)
        path.write_text("local all guarded scram-sha-256\n" + path.read_text())
        admin.execute("SELECT pg_reload_conf()")
    url = sa.make_url(postgres_server).set(username="guarded", password="wrong-word")
    database = open_database(url.render_as_string(hide_password=False))
    told = refusal(database)
    assert "password authentication failed" in told
    assert "wrong-word" not in told


def refusal(database: Database) -> str:
    """The server reads its new rules a moment after it was asked to."""
    for _ in range(500):
        try:
            with database.read():
                pass
        except StoreError as error:
            return str(error)
    raise AssertionError("the server never asked for the password")


@pytest.mark.parametrize("place", ["/proc/nowhere/qm.db", "/dev/null/qm.db"])
def test_a_folder_that_cannot_be_made_says_so(place: str) -> None:
    with pytest.raises(StoreError, match="QM_HOME"):
        open_database(f"sqlite:///{place}")


def test_a_folder_where_the_file_should_be_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened: unable to open database file"):
        migrate.schema_status(open_database(f"sqlite:///{tmp_path}"))


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "qm.db").write_bytes(b"sku,units\n" * 1000)
    with pytest.raises(StoreError, match="file is not a database"):
        migrate.schema_status(open_database(f"sqlite:///{tmp_path}/qm.db"))


def test_a_read_only_database_can_be_read_and_says_why_it_is_not_written(
    migrated_file: Path,
) -> None:
    database = open_database(f"sqlite:///file:{migrated_file}?mode=ro&uri=true")
    assert migrate.schema_status(database).is_current
    with pytest.raises(StoreError, match="cannot be written: attempt to write a readonly"):
        post(database, "po-7")


def test_a_full_disk_is_told_and_leaves_nothing_half_written(
    migrated_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "qm.db"
    path.write_bytes(migrated_file.read_bytes())
    database = open_database(f"sqlite:///{path}")
    post(database, "before")

    def fill() -> None:
        with database.write() as work:
            work.exec_driver_sql("PRAGMA max_page_count=1")  # SQLite's own way to be out of space
            for number in range(10_000):
                outbox.enqueue(work, kind="x", key=f"{number}", payload={"to": "x" * 500}, now=NOW)

    with pytest.raises(StoreError, match="no space left"):
        fill()
    assert outbox.counts(database) == {"pending": 1}


# Every write beyond the limit fails, as on a full disk; no right and no mount is needed for it.
NO_ROOM = """
import sys
from pathlib import Path
from engine.errors import StoreError
from engine.store.blobs import BlobStore
try:
    BlobStore(url=sys.argv[1]).put(b"x" * 2_000_000, ".bin")
except StoreError as error:
    print(error)
"""


def test_a_snapshot_that_finds_no_room_is_told_and_leaves_no_blob(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", NO_ROOM, str(tmp_path)], capture_output=True, text=True, check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        timeout=60,
    )  # fmt: skip
    assert "cannot be written" in told.stdout
    assert "data.snapshots" in told.stdout
    assert list(tmp_path.rglob("*.bin")) == []


def test_a_writer_that_waits_too_long_says_who_is_in_the_way(
    migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "qm.db"
    path.write_bytes(migrated_file.read_bytes())
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_SECONDS", 0)
    first = open_database(f"sqlite:///{path}")
    with first.write(), pytest.raises(StoreError, match="another program kept writing"):
        lead(open_database(f"sqlite:///{path}"))


def test_a_server_that_goes_away_is_told_and_the_next_attempt_connects_anew(
    postgres_url: str, postgres_server: str
) -> None:
    database = open_database(postgres_url)
    migrate.upgrade(database)

    def lose_the_server() -> None:
        with database.write() as work:
            backend = work.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
            with psycopg.connect(postgres_server, autocommit=True) as admin:
                admin.execute("SELECT pg_terminate_backend(%s)", (backend,))
            work.execute(sa.select(work_tables.jobs))

    with pytest.raises(StoreError, match="stopped answering"):
        lose_the_server()
    assert outbox.counts(database) == {}
    database.close()


def test_a_fault_of_this_program_is_not_dressed_up_as_the_operators(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError), database.write() as work:
        work.execute(sa.text("SELECT * FROM no_such_table"))
