"""A company in one file, and back: between databases, from older schemas, never half."""

import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import BadSettings, BadSource, StoreError, Tampered
from engine.purchase.states import OrderState
from engine.service import approve, audit, purchase
from engine.service.backup import Home, keep, restore
from engine.service.stores import AuditSeal, Stores
from engine.store import migrate
from engine.store.blobs import BlobStore
from engine.store.database import Database, open_database
from engine.store.dump import reflected, rows_of
from engine.store.tables.purchasing import purchase_orders
from support.purchasing import NOW, buy, click, person, proposed, purchasing_stores


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> Stores:
    """PO-1001 is approved, PO-1002 waits for its approval."""
    stores = purchasing_stores(database, tmp_path / "before")
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")
    proposed(stores, buy("CHAIR-1", 3))
    return stores


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/after.db")
    yield database
    database.close()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(policy_file=tmp_path / "people.yaml", checkpoints=tmp_path / "checkpoints.db")


def elsewhere(database: Database, folder: Path) -> Stores:
    return Stores(
        database=database,
        blobs=BlobStore(url=f"{folder}/snapshots"),
        seal=AuditSeal(key=b"a key for tests only", anchor=f"{folder}/anchor.jsonl"),
    )


def everything(stores: Stores) -> dict[str, list[bytes]]:
    with stores.database.read() as look:
        return {table.name: list(rows_of(look, table)) for table in reflected(look)}


def test_a_restored_company_is_the_same_row_by_row_on_either_database(
    filled: Stores, empty: Database, home: Home, tmp_path: Path
) -> None:
    kept = keep(filled, home, tmp_path / "b.tar.gz", now=NOW)
    there = elsewhere(empty, tmp_path / "after")
    restored = restore(there, home, tmp_path / "b.tar.gz")
    assert everything(there) == everything(filled)
    assert (restored.rows, restored.events) == (kept.rows, kept.events)
    assert audit.verify(there).anchored == kept.events


def test_what_waited_for_approval_can_be_approved_after_restoring_and_numbers_go_on(
    filled: Stores, empty: Database, home: Home, tmp_path: Path
) -> None:
    keep(filled, home, tmp_path / "b.tar.gz", now=NOW)
    there = elsewhere(empty, tmp_path / "after")
    restore(there, home, tmp_path / "b.tar.gz")
    (waiting,) = approve.pending_for(there, person(there, "max"), now=NOW)
    click(there, waiting, "max")
    assert purchase.order_view(there, "PO-1002").approved_at is not None
    proposed(there, buy("LAMP-ASH-02", 12))
    assert purchase.order_view(there, "PO-1003").state is OrderState.PROPOSED
    assert audit.verify(there).verified


def test_a_place_that_holds_a_company_is_left_alone(
    filled: Stores, home: Home, tmp_path: Path
) -> None:
    keep(filled, home, tmp_path / "b.tar.gz", now=NOW)
    before = everything(filled)
    with pytest.raises(StoreError, match="is not empty"):
        restore(filled, home, tmp_path / "b.tar.gz")
    assert everything(filled) == before


def test_nothing_restores_under_another_audit_key(
    filled: Stores, empty: Database, home: Home, tmp_path: Path
) -> None:
    keep(filled, home, tmp_path / "b.tar.gz", now=NOW)
    there = elsewhere(empty, tmp_path / "after")
    other = replace(there, seal=AuditSeal(key=b"another key altogether", anchor="a.jsonl"))
    with pytest.raises(BadSettings, match="sealed with another key"):
        restore(other, home, tmp_path / "b.tar.gz")
    assert migrate.schema_status(empty).current is None


def test_a_file_that_was_changed_or_cut_short_is_refused_before_anything_begins(
    filled: Stores, empty: Database, home: Home, tmp_path: Path
) -> None:
    path = tmp_path / "b.tar.gz"
    keep(filled, home, path, now=NOW)
    there = elsewhere(empty, tmp_path / "after")
    (tmp_path / "cut.tar.gz").write_bytes(path.read_bytes()[:-200])
    with pytest.raises(BadSource):
        restore(there, home, tmp_path / "cut.tar.gz")
    changed = with_changed_member(path, tmp_path, "tables/purchase_orders.jsonl")
    with pytest.raises(BadSource, match=r"purchase_orders\.jsonl in .* is damaged"):
        restore(there, home, changed)
    assert migrate.schema_status(empty).current is None


def with_changed_member(path: Path, folder: Path, name: str) -> Path:
    unpacked, changed = folder / "unpacked", folder / "changed.tar.gz"
    with tarfile.open(path) as tar:
        tar.extractall(unpacked, filter="data")
    member = unpacked / name
    member.write_bytes(member.read_bytes().replace(b"approved", b"Approved", 1))
    with tarfile.open(changed, "w:gz") as tar:
        for file in sorted(p for p in unpacked.rglob("*") if p.is_file()):
            tar.add(file, file.relative_to(unpacked).as_posix())
    return changed


def test_a_backup_is_never_written_over_another(filled: Stores, home: Home, tmp_path: Path) -> None:
    path = tmp_path / "b.tar.gz"
    path.write_text("mine")
    with pytest.raises(StoreError, match="exists already"):
        keep(filled, home, path, now=NOW)
    assert path.read_text() == "mine"


def test_a_backup_that_fails_in_the_middle_leaves_no_file(
    filled: Stores, home: Home, tmp_path: Path
) -> None:
    lost = replace(filled, blobs=BlobStore(url=f"{tmp_path}/nowhere"))
    with filled.database.write() as work:
        work.execute(sa.text(LOST_SNAPSHOT))
        work.execute(sa.text(LOST_TABLE))
    with pytest.raises(StoreError, match="lacks"):
        keep(lost, home, tmp_path / "b.tar.gz", now=NOW)
    assert not [*tmp_path.glob("*.tar.gz*"), *tmp_path.glob(".b*")]


LOST_SNAPSHOT = (
    "INSERT INTO snapshots (id, company, first_day, as_of, sales_bucket, created_at) VALUES "
    "('s', '{}', '2026-01-01', '2026-01-02', 'day', '2026-01-02 00:00:00')"
)
LOST_TABLE = "INSERT INTO snapshot_tables (snapshot_id, name, blob, rows) VALUES ('s','t','b',1)"


def test_a_tampered_company_restores_but_is_called_tampered(
    filled: Stores, empty: Database, home: Home, tmp_path: Path
) -> None:
    with filled.database.write() as work:
        work.execute(sa.update(purchase_orders).values(state="sent"))
    keep(filled, home, tmp_path / "b.tar.gz", now=NOW)
    with pytest.raises(Tampered, match="Restored, but"):
        restore(elsewhere(empty, tmp_path / "after"), home, tmp_path / "b.tar.gz")


def test_turns_under_way_and_the_people_file_come_along(
    filled: Stores, empty: Database, tmp_path: Path
) -> None:
    one, two = (
        Home(policy_file=tmp_path / n / "people.yaml", checkpoints=tmp_path / n / "checkpoints.db")
        for n in ("one", "two")
    )
    (tmp_path / "one").mkdir()
    one.policy_file.write_text("people: []\n")
    saved = open_database(f"sqlite:///{one.checkpoints}")
    with saved.write() as work:
        work.execute(sa.text("CREATE TABLE checkpoints (thread_id TEXT)"))
        work.execute(sa.text("INSERT INTO checkpoints VALUES ('po:1')"))
    saved.close()
    keep(filled, one, tmp_path / "b.tar.gz", now=NOW)
    restore(elsewhere(empty, tmp_path / "after"), two, tmp_path / "b.tar.gz")
    assert two.policy_file.read_text() == "people: []\n"
    again = open_database(f"sqlite:///{two.checkpoints}")
    with again.read() as look:
        assert look.execute(sa.text("SELECT thread_id FROM checkpoints")).scalars().all() == [
            "po:1"
        ]
    again.close()


def test_a_sqlite_company_moves_to_postgresql_and_back(
    tmp_path: Path, home: Home, postgres_url: str
) -> None:
    lite = open_database(f"sqlite:///{tmp_path}/one.db")
    migrate.upgrade(lite)
    stores = purchasing_stores(lite, tmp_path / "before")
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")
    keep(stores, home, tmp_path / "1.tar.gz", now=NOW)
    served = elsewhere(open_database(postgres_url), tmp_path / "pg")
    restore(served, home, tmp_path / "1.tar.gz")
    keep(served, home, tmp_path / "2.tar.gz", now=NOW)
    back = elsewhere(open_database(f"sqlite:///{tmp_path}/two.db"), tmp_path / "after")
    restore(back, home, tmp_path / "2.tar.gz")
    assert everything(back) == everything(stores)
    for each in (lite, served.database, back.database):
        each.close()


@pytest.mark.parametrize("revision", ["0004", "0005", "0006"])
def test_an_approval_that_waits_survives_an_upgrade_from_an_earlier_schema(
    filled: Stores, home: Home, tmp_path: Path, revision: str
) -> None:
    migrate.downgrade(filled.database, revision)
    keep(filled, home, tmp_path / "b.tar.gz", now=NOW, with_blobs=False)
    migrate.upgrade(filled.database)
    (waiting,) = approve.pending_for(filled, person(filled, "max"), now=NOW)
    click(filled, waiting, "max")
    assert purchase.order_view(filled, "PO-1002").approved_at is not None


def test_a_backup_of_an_earlier_schema_is_restored_and_brought_up_to_date(
    filled: Stores, empty: Database, home: Home, tmp_path: Path
) -> None:
    before = everything(filled)
    migrate.downgrade(filled.database, "0006")
    keep(filled, home, tmp_path / "b.tar.gz", now=NOW)
    there = elsewhere(empty, tmp_path / "after")
    restore(there, home, tmp_path / "b.tar.gz")
    assert migrate.schema_status(empty).is_current
    assert everything(there)["purchase_orders"] == before["purchase_orders"]
