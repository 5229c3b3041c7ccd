"""The only place that wires settings to stores, ports and services; every command starts here."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from agent.clock import Clock, SystemClock
from agent.compute import ComputePool
from agent.keys import audit_key
from agent.settings import Loaded, Settings, load_settings
from engine.model.config import PlanConfig
from engine.service import audit, people
from engine.service.policy_install import install_first
from engine.service.stores import AuditSeal, Stores
from engine.store import migrate
from engine.store.blobs import BlobStore
from engine.store.database import Database, open_database


@dataclass(frozen=True, kw_only=True)
class Company:
    """One running installation: what is set, where it is stored, what time it is.

    Use it as a context manager, or call `close()`: it ends the compute processes, if any.
    """

    loaded: Loaded
    stores: Stores
    plan_config: PlanConfig
    clock: Clock
    compute: ComputePool  # starts no process before its first call
    policy_file: Path  # people, roles and limits; may not exist yet

    @property
    def settings(self) -> Settings:
        return self.loaded.settings

    def close(self) -> None:
        self.compute.close()
        self.stores.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()


def to_stderr(sentence: str) -> None:
    """Tell the operator, beside what the command prints."""
    sys.stderr.write(f"qm: {sentence}\n")


def open_company(
    config: Path | None = None,
    *,
    create: bool = True,
    environment: Mapping[str, str] | None = None,
    warn: Callable[[str], None] = to_stderr,
) -> Company:
    """Open what the settings name. An empty database gets its tables, unless `create` is False.

    Raises BadSettings, StoreError when a store cannot serve, and WrongSchema for a database that
    an older or a newer program made: its upgrade is the operator's decision (`qm db upgrade`).
    A first people file is put in force; one that differs from the policy in force is only warned
    about. `environment` stands in for the process's variables: the demo must not be led to a real
    company's database.
    """
    loaded = load_settings(config, environment)
    settings = loaded.settings
    database = open_database(settings.database_url)
    _require_tables(database, create=create)
    stores = open_stores(settings, database)
    clock = SystemClock()
    _look_at_people(stores, settings, clock, warn)
    return Company(
        loaded=loaded,
        stores=stores,
        plan_config=settings.plan.as_config(),
        clock=clock,
        compute=ComputePool(
            processes=settings.worker.processes, timeout_seconds=settings.worker.compute_seconds
        ),
        policy_file=settings.policy_file,
    )


def open_stores(settings: Settings, database: Database) -> Stores:
    """The stores on a database that has its tables; makes the audit key of a new chain."""
    key = audit_key(settings, may_make=not audit.has_events(database))
    return Stores(
        database=database,
        blobs=BlobStore(url=settings.snapshots_url),
        seal=AuditSeal(key=key, anchor=settings.anchor_url),
    )


def open_bare_stores(config: Path | None) -> tuple[Settings, Stores]:
    """The stores as they stand, whatever the schema: for upgrades, backups and restoring.

    The audit key must be there already; none is made.
    """
    settings = load_settings(config).settings
    database = open_database(settings.database_url)
    seal = AuditSeal(key=audit_key(settings, may_make=False), anchor=settings.anchor_url)
    return settings, Stores(
        database=database, blobs=BlobStore(url=settings.snapshots_url), seal=seal
    )


def connect_database(config: Path | None) -> Database:
    """The database that the settings name, as it stands: neither created nor migrated."""
    return open_database(load_settings(config).settings.database_url)


def _require_tables(database: Database, *, create: bool) -> None:
    if create and migrate.schema_status(database).current is None:
        migrate.upgrade(database)
    migrate.require_current_schema(database)


def _look_at_people(
    stores: Stores, settings: Settings, clock: Clock, warn: Callable[[str], None]
) -> None:
    """Whoever sets a company up brings its first policy; after that a file by itself is nothing."""
    path = settings.policy_file
    if settings.people.file is None and not path.exists():
        return
    user = os.getuid() if sys.platform != "win32" else None
    file = people.load_policy(path)
    if not install_first(stores, file, os_user_id=user, now=clock.now()):
        warn(f"{path} is not what is in force, and changes nothing until `qm policy install`.")
