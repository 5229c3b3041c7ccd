"""The only place that wires settings to stores, ports and services; every command starts here."""

from collections.abc import Mapping
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


def open_company(
    config: Path | None = None,
    *,
    create: bool = True,
    environment: Mapping[str, str] | None = None,
) -> Company:
    """Open what the settings name. An empty database gets its tables, unless `create` is False.

    Raises BadSettings, StoreError when a store cannot serve, and WrongSchema for a database that
    an older or a newer program made: its upgrade is the operator's decision (`qm db upgrade`).
    The people file, where there is one, is put in force. `environment` stands in for the process's
    variables: the demo must not be led to a real company's database.
    """
    loaded = load_settings(config, environment)
    settings = loaded.settings
    database = open_database(settings.database_url)
    _require_tables(database, create=create)
    stores = open_stores(settings, database)
    clock = SystemClock()
    _put_people_in_force(stores, settings, clock)
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


def connect_database(config: Path | None) -> Database:
    """The database that the settings name, as it stands: neither created nor migrated."""
    return open_database(load_settings(config).settings.database_url)


def _require_tables(database: Database, *, create: bool) -> None:
    if create and migrate.schema_status(database).current is None:
        migrate.upgrade(database)
    migrate.require_current_schema(database)


def _put_people_in_force(stores: Stores, settings: Settings, clock: Clock) -> None:
    """A people file that was edited counts from the next command on; unchanged, it costs a read."""
    if settings.people.file is not None or settings.policy_file.exists():
        people.sync(stores, people.load_policy(settings.policy_file), now=clock.now())
