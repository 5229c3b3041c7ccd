"""A company that runs in tests: any database, a home of its own, a clock that is set by hand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.bootstrap import Company
from agent.compute import ComputePool
from agent.sections import Settings
from agent.settings import Loaded
from engine.service.stores import AuditSeal, Stores
from engine.store.blobs import BlobStore
from engine.store.database import Database

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


@dataclass
class HandClock:
    """Time stands still until a test moves it."""

    at: datetime = field(default=START)

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def company_at(
    database: Database,
    home: Path,
    clock: HandClock | None = None,
    settings: Settings | None = None,
) -> Company:
    settings = settings or Settings(home=home)
    return Company(
        loaded=Loaded(settings=settings, origins={}, file=None),
        stores=Stores(
            database=database,
            blobs=BlobStore(url=settings.snapshots_url),
            seal=AuditSeal(key=b"a key for tests only", anchor=settings.anchor_url),
        ),
        plan_config=settings.plan.as_config(),
        clock=clock or HandClock(),
        compute=ComputePool(processes=1, timeout_seconds=60),
        policy_file=settings.policy_file,
    )
