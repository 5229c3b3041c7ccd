"""Keep a company in one file, and set it up again from it: one consistent point.

The database is read in one transaction. Blobs are stored before the database names them and never
change, so those it names are there. The anchor is cut at the last event of that transaction.
"""

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from engine.errors import BadSettings, StoreError, Tampered, WrongSchema
from engine.model.progress import Progress, silent
from engine.service import audit
from engine.service.audit_anchor import append_heads, read_anchor
from engine.service.backup_file import Backup, BackupWriter, Manifest, new_backup, open_backup
from engine.service.stores import Stores
from engine.store import migrate
from engine.store.dump import count_on, insert_rows, reflected, rows_of

ANCHOR, POLICY, CHECKPOINTS = "anchor.jsonl", "people.yaml", "checkpoints.db"
READ_BYTES = 2**20
SEEDED = ("audit_head",)  # a migration puts its first row there


@dataclass(frozen=True, kw_only=True)
class Home:
    """What lies beside the stores: the people file, and the turns that are under way."""

    policy_file: Path
    checkpoints: Path  # of SQLite; on PostgreSQL they are in the database


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A backup as it was written or restored."""

    path: Path
    revision: str
    rows: int
    blobs: int
    events: int


def keep(
    stores: Stores,
    home: Home,
    path: Path,
    *,
    now: datetime,
    with_blobs: bool = True,
    progress: Progress = silent,
) -> Kept:
    """Write a backup while everything runs. Raises StoreError when it cannot be written."""
    status = migrate.schema_status(stores.database)
    if status.current is None:
        raise StoreError(f"{stores.database.shown_url()} is empty; there is nothing to back up.")
    with new_backup(path) as file:
        with stores.database.read() as look:
            rows, blobs, last = _keep_database(file, look, progress)
        if with_blobs:
            for done, name in enumerate(sorted(blobs)):
                progress("snapshots", done, len(blobs))
                file.add(f"blobs/{name}", [stores.blobs.get(name)])
        file.add(ANCHOR, _anchor_lines(stores.seal.anchor, last))
        _keep_home(file, home)
        manifest = Manifest(
            program=version("quartermaster"), revision=status.current,
            dialect=stores.database.dialect, taken_at=now.isoformat(), seal=_proof(stores),
            events=last, is_whole=with_blobs, members=file.members,
        )  # fmt: skip
        file.close_with(manifest)
    return Kept(path=path, revision=status.current, rows=rows, blobs=len(blobs), events=last)


def restore(stores: Stores, home: Home, path: Path, *, progress: Progress = silent) -> Kept:
    """Set a company up again in an empty place, and verify its audit.

    Nothing is begun before the whole file, the key and the emptiness of the target are checked;
    the rows come in one transaction. Raises BadSource, WrongSchema, BadSettings for another key,
    StoreError for a target that is not empty, Tampered when the restored audit does not verify.
    """
    with open_backup(path) as backup:
        _check(stores, home, backup)
        blobs = backup.names("blobs")
        for done, name in enumerate(blobs):
            progress("snapshots", done, len(blobs))
            stores.blobs.put(backup.read(name), Path(name).suffix)
        _restore_home(backup, home)
        _restore_anchor(stores, backup)
        rows = _restore_database(stores, backup, progress)
    report = audit.verify(stores)
    if not report.verified:
        raise Tampered(f"Restored, but {report.findings[0].sentence} Look with `qm audit verify`.")
    revision = migrate.schema_status(stores.database).head
    return Kept(path=path, revision=revision, rows=rows, blobs=len(blobs), events=report.events)


def _keep_database(
    file: BackupWriter, look: sa.Connection, progress: Progress
) -> tuple[int, set[str], int]:
    """Rows written, blobs named, and the last event of the audit."""
    rows, blobs, last = 0, set[str](), 0
    tables = reflected(look)
    for done, table in enumerate(tables):
        progress("tables", done, len(tables))
        lines = list(rows_of(look, table))
        file.add(f"tables/{table.name}.jsonl", lines)
        rows += len(lines)
        blobs |= _blobs_named(table.name, lines)
        if table.name == "audit_events" and lines:
            last = int(json.loads(lines[-1])["seq"])
    return rows, blobs, last


def _blobs_named(table: str, lines: list[bytes]) -> set[str]:
    cells = [json.loads(line) for line in lines] if table in _NAMING else []
    if table == "plan_runs":
        return {name for row in cells for name in row["artefacts"].values()}
    return {row[_NAMING[table]] for row in cells if row[_NAMING[table]]}


_NAMING = {"plan_runs": "artefacts", "snapshot_tables": "blob", "import_runs": "quarantine_blob"}


def _anchor_lines(anchor: str, last: int) -> Iterator[bytes]:
    """Heads up to the last event that the database had, one line each."""
    for seq, macs in sorted(read_anchor(anchor).seals.items()):
        for mac in sorted(macs) if seq <= last else ():
            yield (json.dumps({"seq": seq, "mac": mac}) + "\n").encode()


def _keep_home(file: BackupWriter, home: Home) -> None:
    if home.policy_file.is_file():
        file.add(POLICY, [home.policy_file.read_bytes()])
    if not home.checkpoints.is_file():
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / CHECKPOINTS
        _copy_sqlite(home.checkpoints, copy)
        with copy.open("rb") as content:
            file.add(CHECKPOINTS, iter(lambda: content.read(READ_BYTES), b""))


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's online backup: whole, also while others write."""
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reading.backup(writing)
    finally:
        reading.close()
        writing.close()


def _proof(stores: Stores) -> str:
    return hmac.new(stores.seal.key, b"quartermaster backup", hashlib.sha256).hexdigest()


def _check(stores: Stores, home: Home, backup: Backup) -> None:
    manifest = backup.manifest
    if not migrate.knows(manifest.revision):
        raise WrongSchema(
            f"The backup is at schema {manifest.revision}, written by version {manifest.program}, "
            "which this version does not know. Install that version or a newer one."
        )
    if not hmac.compare_digest(manifest.seal, _proof(stores)):
        raise BadSettings(
            "The audit in this backup was sealed with another key. Give its key in QM_AUDIT_KEY, "
            "or put its file audit.key into the home folder first."
        )
    if migrate.schema_status(stores.database).current is not None:
        with stores.database.read() as look:
            held = [
                table.name
                for table in reflected(look)
                if table.name not in SEEDED and look.execute(sa.select(table).limit(1)).first()
            ]
        if held:
            raise StoreError(
                f"{stores.database.shown_url()} is not empty: {', '.join(held[:3])}. A backup is "
                "restored into an empty database; set database.url or QM_HOME to a new place."
            )
    for name, place in ((POLICY, home.policy_file), (CHECKPOINTS, home.checkpoints)):
        if backup.has(name) and place.exists() and place.read_bytes() != backup.read(name):
            raise StoreError(f"{place} is there already and differs. Move it away first.")


def _restore_home(backup: Backup, home: Home) -> None:
    for name, place in ((POLICY, home.policy_file), (CHECKPOINTS, home.checkpoints)):
        if backup.has(name) and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(backup.read(name))


def _restore_anchor(stores: Stores, backup: Backup) -> None:
    """Add what the anchor does not have yet: a place of its own survives its database."""
    known = read_anchor(stores.seal.anchor).seals
    heads = [json.loads(line) for line in backup.read(ANCHOR).splitlines()]
    new = [(h["seq"], h["mac"]) for h in heads if h["mac"] not in known.get(h["seq"], frozenset())]
    if new:
        append_heads(stores.seal.anchor, new)


def _restore_database(stores: Stores, backup: Backup, progress: Progress) -> int:
    database, rows = stores.database, 0
    migrate.upgrade(database, backup.manifest.revision)
    with database.write() as work:
        tables = reflected(work)
        for table in tables:
            if table.name in SEEDED:
                work.execute(sa.delete(table))
        for done, table in enumerate(tables):
            progress("tables", done, len(tables))
            name = f"tables/{table.name}.jsonl"
            if backup.has(name):
                with backup.open(name) as lines:
                    rows += insert_rows(work, table, lines)
        count_on(work, tables)
    migrate.upgrade(database)
    return rows
