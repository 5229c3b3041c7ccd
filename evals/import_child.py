"""One import in a process of its own; prints how long each stage took, as JSON."""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path


def main(folder: Path, home: Path) -> None:
    """Import a folder into fresh stores under `home`."""
    started = time.perf_counter()
    from engine.service.importing import import_folder
    from engine.service.stores import AuditSeal, Stores
    from engine.store import migrate
    from engine.store.blobs import BlobStore
    from engine.store.database import open_database

    database = open_database(f"sqlite:///{home}/quartermaster.db")
    migrate.upgrade(database)
    stores = Stores(
        database=database,
        blobs=BlobStore(url=str(home / "snapshots")),
        seal=AuditSeal(key=b"", anchor=str(home / "anchor")),
    )
    stages: dict[str, float] = {}
    last = ("starting", started)

    def note(stage: str, _done: int, _total: int | None) -> None:
        nonlocal last
        name, since = last
        now = time.perf_counter()
        kind = name.partition(" ")[0]
        stages[kind] = stages.get(kind, 0.0) + now - since
        last = (stage, now)

    report = import_folder(stores, folder, now=datetime(2026, 11, 23, tzinfo=UTC), progress=note)
    note("registering", 0, None)
    sales = next(tally for tally in report.tallies if tally.table == "sales")
    result = {
        "stages": {name: round(seconds, 3) for name, seconds in stages.items()},
        "snapshot": report.snapshot_id,
        "reconciles": report.is_exact,
        "read": sales.read.rows,
        "accepted": sales.accepted.rows,
        "quarantined": sales.quarantined.rows,
        "findings": {found.code: found.rows for found in report.findings},
    }
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
