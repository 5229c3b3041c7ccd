"""How did we do? Key figures of a period from the latest (or a named) snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from engine.errors import InvalidInput
from engine.measure import (
    MEASURES,
    Books,
    Cut,
    Kpi,
    KpiName,
    Period,
    Point,
    Slice,
    cut,
    measure,
    trend,
)
from engine.model.config import PlanConfig
from engine.model.snapshot import Snapshot
from engine.service.books import books_of, open_books
from engine.service.stores import Stores
from engine.store.snapshots import load_snapshot

USUAL_DAYS = 28  # where no period is named


@dataclass(frozen=True, kw_only=True)
class KpiReport:
    """Key figures of a period and, beside them, of the period of equal length before it.

    `before` is empty where the data does not reach back that far. Cash in slow movers, weeks of
    supply and stock age are pictures at the end of each period.
    """

    snapshot_id: str
    as_of: date
    currency: str  # of money figures, which are minor units
    period: Period
    kpis: tuple[Kpi, ...]
    before: tuple[Kpi, ...]

    def of(self, name: KpiName) -> Kpi:
        return next(kpi for kpi in self.kpis if kpi.name == name)


@dataclass(frozen=True, kw_only=True)
class KpiStory:
    """One key figure: now and before, week by week, and by the parts of the company."""

    report: KpiReport
    trend: tuple[Point, ...] = field(repr=False)
    by: Cut | None
    slices: tuple[Slice, ...] = field(repr=False)

    @property
    def kpi(self) -> Kpi:
        return self.report.kpis[0]


def kpi_report(
    stores: Stores,
    *,
    start: date,
    end: date,
    snapshot_id: str | None = None,
    config: PlanConfig | None = None,
    names: Sequence[KpiName] = (),
) -> KpiReport:
    """Measure `start` to `end`, both included, within the snapshot's history.

    All key figures where none is named. Raises InvalidInput for days the data does not cover.
    """
    snapshot = load_snapshot(stores.database, stores.blobs, snapshot_id)
    period = Period(start=start, end=end)
    require_covered(snapshot, period)
    earlier = _before(period)
    books = open_books(
        stores, snapshot, Period(start=min(earlier.start, start), end=end),
        config=config or PlanConfig(), names=names or tuple(MEASURES),
    )  # fmt: skip
    return _report(snapshot, books, period, names)


def kpi_stories(
    stores: Stores,
    names: Sequence[KpiName],
    *,
    period: Period,
    weeks: int,
    by: Cut | None = None,
    snapshot_id: str | None = None,
    config: PlanConfig | None = None,
) -> tuple[KpiStory, ...]:
    """Key figures with their last `weeks` up to the end of the period, and cut where asked.

    Raises InvalidInput for days the data does not cover and for a cut the figure does not allow.
    """
    snapshot = load_snapshot(stores.database, stores.blobs, snapshot_id)
    require_covered(snapshot, period)
    first = min(_before(period).start, period.end - timedelta(days=7 * weeks - 1))
    books = open_books(
        stores, snapshot, Period(start=first, end=period.end),
        config=config or PlanConfig(), names=names,
    )  # fmt: skip
    return tuple(
        KpiStory(
            report=_report(snapshot, books, period, (name,)),
            trend=trend(books, period.end, weeks, name),
            by=by,
            slices=() if by is None or _skips(names, name, by) else cut(books, period, name, by),
        )
        for name in names
    )


def _skips(names: Sequence[KpiName], name: KpiName, by: Cut) -> bool:
    """Among many figures one that cannot be cut is left whole; asked for alone it is refused."""
    return len(names) > 1 and by not in MEASURES[name].cuts


def period_of(
    stores: Stores, first: date | None = None, last: date | None = None, days: int = USUAL_DAYS
) -> Period:
    """The days asked for; by default the last four weeks of the latest data, up to its end."""
    until = load_snapshot(stores.database, stores.blobs).as_of - timedelta(days=1)
    end = min(last or until, until)
    return Period(start=first or end - timedelta(days=days - 1), end=end)


def measured(snapshot: Snapshot, period: Period) -> KpiReport:
    """As kpi_report, of a snapshot at hand: nothing was done or said from here."""
    require_covered(snapshot, period)
    return _report(snapshot, books_of(snapshot, period), period, ())


def _report(
    snapshot: Snapshot, books: Books, period: Period, names: Sequence[KpiName]
) -> KpiReport:
    earlier = _before(period)
    return KpiReport(
        snapshot_id=snapshot.id,
        as_of=snapshot.as_of,
        currency=snapshot.company.base_currency,
        period=period,
        kpis=measure(books, period, *names),
        before=measure(books, earlier, *names) if earlier.start >= snapshot.first_day else (),
    )


def _before(period: Period) -> Period:
    """The days of equal length before a period."""
    return Period(
        start=period.start - timedelta(days=period.days), end=period.start - timedelta(days=1)
    )


def require_covered(snapshot: Snapshot, period: Period) -> None:
    """Raise InvalidInput for days outside the snapshot's history."""
    last = snapshot.as_of - timedelta(days=1)
    if period.start < snapshot.first_day or period.end > last:
        raise InvalidInput(
            f"{period.start} to {period.end} is not covered by the data, which reaches from "
            f"{snapshot.first_day} to {last}. Choose days within it."
        )
