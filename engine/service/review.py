"""The monthly review: looked at together, kept as it was, with actions that are carried over."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa

from engine.errors import InvalidInput, UnknownName
from engine.measure import KpiName
from engine.model.canonical import canonical_json
from engine.model.config import PlanConfig
from engine.model.period import Period
from engine.model.review import Review, ReviewSection, ReviewTrend
from engine.model.snapshot import Snapshot
from engine.service import reading
from engine.service.measure import KpiStory, kpi_report, kpi_stories
from engine.service.people import SYSTEM
from engine.service.review_open import carried_actions, data_to_mend, open_decisions
from engine.service.review_parts import (
    drift,
    figures,
    judged_overrides,
    learnt,
    replayed,
    row,
    suppliers,
    value_added,
)
from engine.service.stores import Stores
from engine.store.content import text_digest
from engine.store.snapshots import load_snapshot
from engine.store.tables.reviews import reviews

TREND_WEEKS = 13
TRENDS: tuple[KpiName, ...] = (
    "stockout rate", "fill rate", "on time in full", "revenue saved", "weeks of supply",
    "cash in slow movers",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class StoredReview:
    """A review as it was made."""

    id: int
    month: str
    review: Review = field(repr=False)
    playbook: str = field(repr=False)
    author: str
    at: datetime


def month_of(stores: Stores, month: str | None) -> Period:
    """The days of a month (2026-10) that the data covers; by default the last whole one.

    Raises InvalidInput for what is no month or lies outside the data.
    """
    snapshot = load_snapshot(stores.database, stores.blobs)
    if month is None:
        end = snapshot.as_of.replace(day=1) - timedelta(days=1)
        return _inside(end.replace(day=1), snapshot)
    try:
        return _inside(date.fromisoformat(f"{month}-01"), snapshot)
    except ValueError:
        raise InvalidInput(f"{month!r} is no month; write it as 2026-10.") from None


def _inside(first: date, snapshot: Snapshot) -> Period:
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    start, end = max(first, snapshot.first_day), min(last, snapshot.as_of - timedelta(days=1))
    if start > end:
        raise InvalidInput(
            f"{first:%Y-%m} is not covered by the data, which reaches from {snapshot.first_day} to "
            f"{snapshot.as_of - timedelta(days=1)}."
        )
    return Period(start=start, end=end)


def make_review(
    stores: Stores,
    config: PlanConfig,
    *,
    month: str | None = None,
    playbook: str = "",
    changes: Sequence[str] = (),
    author: str = SYSTEM.id,
    now: datetime,
) -> StoredReview:
    """Make the review of a month and keep it; `playbook` is the policy in force, in words.

    `changes` are lines of it that are new or gone since the last review.
    """
    run, period = reading.latest_run(stores), month_of(stores, month)
    name = f"{period.start:%Y-%m}"
    before = last_review(stores, before=name)
    snapshot = load_snapshot(stores.database, stores.blobs)
    report = kpi_report(stores, start=period.start, end=period.end, config=config)
    sections = (
        figures(report), drift(stores, run), value_added(stores, run),
        judged_overrides(stores, run, period, now),
        learnt(stores, None if before is None else before.at), suppliers(stores, config, run),
        replayed(stores), data_to_mend(stores, run, now), open_decisions(stores, now),
        carried_actions(stores, now, None if before is None else before.at),
        _changes(changes),
    )  # fmt: skip
    stories = kpi_stories(stores, TRENDS, period=period, weeks=TREND_WEEKS, config=config)
    review = Review(
        month=name,
        first=period.start.isoformat(),
        last=period.end.isoformat(),
        as_of=run.as_of.isoformat(),
        company=snapshot.company.name,
        currency=run.currency,
        run_id=run.id,
        snapshot_id=snapshot.id,
        sections=sections,
        trends=tuple(_trend(story) for story in stories),
    )
    return _keep(stores, review, playbook, author, now)


def _trend(story: KpiStory) -> ReviewTrend:
    return ReviewTrend(
        name=story.kpi.name,
        unit=story.kpi.unit,
        weeks=tuple(each.week.start.isoformat() for each in story.trend),
        values=tuple(each.kpi.value for each in story.trend),
    )


def _changes(lines: Sequence[str]) -> ReviewSection:
    return ReviewSection(
        name="playbook",
        title="What changed in the playbook",
        says="Lines of the policy in force that are new (+) or gone (-) since the last review; the "
        "whole is in docs/playbook.md.",
        columns=("", "Line"),
        rows=tuple(row((line[:1], "text"), (line[1:].strip(), "text")) for line in lines),
        empty="Nothing has changed since the last review.",
    )


def _keep(
    stores: Stores, review: Review, playbook: str, author: str, now: datetime
) -> StoredReview:
    text = canonical_json(review.to_json())
    values = {
        "month": review.month, "run_id": review.run_id, "snapshot_id": review.snapshot_id,
        "digest": text_digest(text), "content": json.loads(text), "playbook": playbook,
        "author": author, "at": now,
    }  # fmt: skip
    newest = last_review(stores, month=review.month)
    if newest is not None and text_digest(canonical_json(newest.review.to_json())) == text_digest(
        text
    ):
        return newest  # the same review again
    with stores.database.write() as work:
        number = work.execute(sa.insert(reviews).values(values).returning(reviews.c.id))
        made: int = number.scalar_one()
    return stored_review(stores, made)


def stored_review(stores: Stores, number: int) -> StoredReview:
    """One review; raises UnknownName."""
    with stores.database.read() as look:
        found = look.execute(sa.select(reviews).where(reviews.c.id == number)).one_or_none()
    if found is None:
        raise UnknownName("review", str(number))
    return _stored(found)


def last_review(
    stores: Stores, *, month: str | None = None, before: str | None = None
) -> StoredReview | None:
    """The newest review, of a month or of the months before one; None where there is none."""
    query = sa.select(reviews).order_by(reviews.c.month.desc(), reviews.c.id.desc()).limit(1)
    if month is not None:
        query = query.where(reviews.c.month == month)
    if before is not None:
        query = query.where(reviews.c.month < before)
    with stores.database.read() as look:
        found = look.execute(query).one_or_none()
    return None if found is None else _stored(found)


def _stored(kept: sa.Row[Any]) -> StoredReview:
    return StoredReview(
        id=kept.id,
        month=kept.month,
        review=Review.from_json(cast("dict[str, Any]", kept.content)),
        playbook=kept.playbook,
        author=kept.author,
        at=kept.at,
    )
