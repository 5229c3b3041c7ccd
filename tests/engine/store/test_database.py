"""Units of work on both databases."""

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import StoreError
from engine.store.address import without_credentials
from engine.store.database import Database, open_database
from engine.store.tables.company import companies

ACME = {
    "id": 1,
    "name": "Acme",
    "base_currency": "GBP",
    "time_zone": "Europe/London",
    "is_demo": False,
    "created_at": datetime(2026, 11, 2, 9, tzinfo=UTC),
}


def test_a_unit_of_work_commits_whole(database: Database) -> None:
    with database.write() as work:
        work.execute(sa.insert(companies).values(ACME))
    with database.read() as look:
        row = look.execute(sa.select(companies)).one()
    assert row.name == "Acme"
    assert row.created_at == ACME["created_at"]


def test_a_unit_of_work_that_fails_leaves_nothing(database: Database) -> None:
    def insert_then_fail() -> None:
        with database.write() as work:
            work.execute(sa.insert(companies).values(ACME))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        insert_then_fail()
    with database.read() as look:
        assert look.execute(sa.select(sa.func.count()).select_from(companies)).scalar() == 0


def test_one_database_holds_one_company(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.write() as work:
        work.execute(sa.insert(companies).values(ACME | {"id": 2}))


def test_a_naive_instant_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 2, 9)  # noqa: DTZ001  the point of the test
    with pytest.raises(sa.exc.StatementError, match="no time zone"), database.write() as work:
        work.execute(sa.insert(companies).values(ACME | {"created_at": naive}))


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/name"])
def test_an_address_that_is_no_supported_database_is_a_clear_error(url: str) -> None:
    with pytest.raises(StoreError, match="sqlite"):
        open_database(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql//u:hush-hush@h/d",
        "postgresql://u:hush-hush@h:port/d",
        "postgresql://u:hush@hush-hush@h/d",
        "mysql://u:hush-hush@h/d",
        "sqlite://u:hush-hush@h/d",
        "u:hush-hush://h",
        "hush-hush",
    ],
)
def test_an_address_that_cannot_be_read_is_never_repeated(url: str) -> None:
    with pytest.raises(StoreError, match="not shown") as refused:
        open_database(url)
    assert "hush" not in str(refused.value)
    assert refused.value.__context__ is None  # nor in a crash report


@pytest.mark.parametrize(
    "url",
    ["postgresql://u:hush-hush@127.0.0.1:1/d", "postgresql://u@127.0.0.1:1/d?password=hush-hush"],
)
def test_the_password_of_a_server_that_does_not_answer_is_hidden(url: str) -> None:
    database = open_database(url)
    with pytest.raises(StoreError, match="cannot be opened") as refused, database.read():
        pass
    assert "hush" not in str(refused.value)
    assert "127.0.0.1:1/d" in database.shown_url()


def test_what_looks_like_a_password_in_the_words_of_a_driver_is_hidden() -> None:
    told = without_credentials("no host in 'u:hush-hush@h:5432/d' at 12:30")
    assert told == "no host in '[hidden]@h:5432/d' at 12:30"


def test_whoever_opens_a_new_file_waits_while_another_process_sets_it_up(tmp_path: Path) -> None:
    """SQLite refuses the switch to its log at once, busy timeout or not, while another writes."""
    file = tmp_path / "new.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    ends = threading.Timer(0.1, other.rollback)
    ends.start()

    with open_database(f"sqlite:///{file}").read() as look:
        assert look.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    ends.join()
    other.close()
