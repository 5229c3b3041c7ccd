"""Replays that are over, and asking the worker for one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.model.canonical import digest
from engine.model.config import PlanConfig
from engine.service.jobs import enqueue
from engine.service.replay import ReplayReport, replay_weeks
from engine.service.replay_content import replay_content
from engine.service.replay_rules import Rivals
from engine.service.stores import Stores
from engine.store.claims import insert_once
from engine.store.tables.replays import replays

JOB = "replay"


@dataclass(frozen=True, kw_only=True)
class StoredReplay:
    """`report` is as engine.service.replay_content writes it."""

    id: str
    snapshot_id: str
    weeks: int
    report: Mapping[str, Any] = field(repr=False)
    created_at: datetime


def keep_replay(stores: Stores, report: ReplayReport, *, is_whole: bool, now: datetime) -> str:
    """Store a report; the same one again changes nothing. Returns its id."""
    content = replay_content(report)
    replay_id = f"replay-{digest(content)[:16]}"
    with stores.database.write() as work:
        insert_once(
            work,
            replays,
            {
                "id": replay_id, "snapshot_id": report.snapshot_id, "weeks": report.weeks,
                "is_whole": is_whole, "report": content, "created_at": now,
            },
        )  # fmt: skip
    return replay_id


def latest_replay(stores: Stores, *, at_least_weeks: int) -> StoredReplay | None:
    """The newest replay of the whole company that spans so many weeks; None without one."""
    query = (
        sa.select(replays)
        .where(replays.c.is_whole, replays.c.weeks >= at_least_weeks)
        .order_by(replays.c.created_at.desc(), replays.c.id)
        .limit(1)
    )
    with stores.database.read() as look:
        row = look.execute(query).first()
    if row is None:
        return None
    return StoredReplay(
        id=row.id,
        snapshot_id=row.snapshot_id,
        weeks=row.weeks,
        report=row.report,
        created_at=row.created_at,
    )


def ask_for_replay(
    stores: Stores, *, weeks: int, budget_minor: int | None, snapshot_id: str, now: datetime
) -> bool:
    """Have the worker replay these weeks; False where that was asked for before."""
    asked = {"weeks": weeks, "budget_minor": budget_minor, "snapshot_id": snapshot_id}
    with stores.database.write() as work:
        return enqueue(work, kind=JOB, key=f"{JOB}:{digest(asked)[:16]}", payload=asked, run_at=now)


def replay_and_keep(
    stores: Stores, config: PlanConfig, asked: Mapping[str, Any], now: datetime
) -> str:
    """What the worker does; importable by a compute process, and safe to repeat."""
    report = replay_weeks(
        stores,
        config,
        weeks=int(asked["weeks"]),
        budget_minor=asked["budget_minor"],
        snapshot_id=asked["snapshot_id"],
        rivals=Rivals(),
    )
    return keep_replay(stores, report, is_whole=True, now=now)
