"""Key figures measured once after the plan of the night, so that asking for them is quick.

They are of one data snapshot, so new data is never answered with old figures. What people do during
a day to days that have passed (an order cancelled, a customer served late) shows the next night;
`qm kpi` measures anew whenever it is asked.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.measure import EVERY_CUT, MEASURES, Cut, KpiName, Period, cuts, trend
from engine.model.canonical import digest, plain
from engine.model.config import PlanConfig
from engine.service import figure_content as content
from engine.service.books import open_books
from engine.service.measure import USUAL_DAYS, KpiReport, KpiStory, kpi_report
from engine.service.reading import RunHeader, latest_run
from engine.service.stores import Stores
from engine.service.version import engine_version
from engine.store.snapshots import load_snapshot, snapshot_header
from engine.store.tables.figures import key_figures

TREND_WEEKS = 13
KEPT_DAYS = 40  # of figures of older data
WHOLE = ""  # in the column `by`: the figure itself, the period before and its weeks


def keep_figures(stores: Stores, config: PlanConfig, *, now: datetime) -> int:
    """Measure what people ask for of the data of the plan of record; how many rows were written.

    That is every figure of the last four weeks with its weeks and all its cuts, and of the last
    whole month. Nothing is done where all of it stands already for that plan and these settings.
    """
    run, settings = latest_run(stores), settings_of(config)
    if _is_kept(stores, run, settings):
        return 0
    rows = [
        {**row, "snapshot_id": run.snapshot_id, "settings": settings, "run_id": run.id, "at": now}
        for row in _measured(stores, run, config)
    ]
    table = key_figures.c
    gone = (table.snapshot_id == run.snapshot_id) | (table.at < now - timedelta(days=KEPT_DAYS))
    with stores.database.write() as work:
        work.execute(sa.delete(key_figures).where(gone))
        work.execute(sa.insert(key_figures), rows)
    return len(rows)


def are_kept(stores: Stores, config: PlanConfig) -> bool:
    """Whether keep_figures has nothing to do; asks the database only."""
    return _is_kept(stores, latest_run(stores), settings_of(config))


def usual_report(stores: Stores, run: RunHeader) -> KpiReport | None:
    """What was kept of the last four weeks of a plan's data; None where nothing was."""
    table, end = key_figures.c, run.as_of - timedelta(days=1)
    query = sa.select(sa.func.max(table.first)).where(
        table.snapshot_id == run.snapshot_id, table.last == end, table.by == WHOLE
    )  # a whole month may end on the same day: of several periods the shorter
    with stores.database.read() as look:
        start = look.execute(query).scalar()
    if start is None:
        return None
    return kept_report(stores, period=Period(start=start, end=end), snapshot_id=run.snapshot_id)


def kept_report(
    stores: Stores, *, period: Period, snapshot_id: str, config: PlanConfig | None = None
) -> KpiReport | None:
    """As engine.service.measure.kpi_report, of what was kept; None where it was not.

    Without a configuration whatever was measured last of these days counts.
    """
    rows = _rows(stores, snapshot_id, period, config, (WHOLE,))
    if set(MEASURES) - {name for name, _ in rows}:
        return None
    return _report(stores, snapshot_id, period, [rows[name, WHOLE] for name in MEASURES])


def kept_story(
    stores: Stores, name: KpiName, *, period: Period, weeks: int, by: Cut | None,
    snapshot_id: str, config: PlanConfig,
) -> KpiStory | None:  # fmt: skip
    """As engine.service.measure.kpi_stories, of one figure that was kept; None where it was not.

    A cut that the figure does not allow is not kept either: measuring it says so.
    """
    rows = _rows(stores, snapshot_id, period, config, (WHOLE, by or WHOLE), name)
    found = rows.get((name, WHOLE), {})
    if "weeks" not in found or (name, by or WHOLE) not in rows or weeks > TREND_WEEKS:
        return None
    report = _report(stores, snapshot_id, period, [found])
    like = report.kpis[0]
    points = content.from_weeks(found["weeks"], like)
    parts = () if by is None else content.from_slices(rows[name, by]["parts"], like)
    return KpiStory(report=report, trend=points[-weeks:], by=by, slices=parts)


def settings_of(config: PlanConfig) -> str:
    """What measured: its settings and its code."""
    return digest({"config": config, "engine": engine_version()})


def _is_kept(stores: Stores, run: RunHeader, settings: str) -> bool:
    table = key_figures.c
    query = sa.select(table.name).where(
        table.snapshot_id == run.snapshot_id, table.run_id == run.id, table.settings == settings
    )
    with stores.database.read() as look:
        return look.execute(query.limit(1)).first() is not None


def _measured(stores: Stores, run: RunHeader, config: PlanConfig) -> Iterator[dict[str, Any]]:
    """Rows of the table, without what they all have in common."""
    snapshot = load_snapshot(stores.database, stores.blobs, run.snapshot_id)
    usual, *months = _periods(snapshot.first_day, snapshot.as_of)
    for period in months:
        for name, held in _figures(stores, run, config, period).items():
            yield _row(period, name, WHOLE, held)
    first = usual.end - timedelta(days=7 * TREND_WEEKS - 1)
    books = open_books(stores, snapshot, Period(start=first, end=usual.end), config=config,
                       names=tuple(MEASURES))  # fmt: skip
    for name, held in _figures(stores, run, config, usual).items():
        weeks = content.weeks(trend(books, usual.end, TREND_WEEKS, name))
        yield _row(usual, name, WHOLE, {**held, "weeks": weeks})
    for by in EVERY_CUT:
        for name, parts in cuts(books, usual, tuple(MEASURES), by).items():
            yield _row(usual, name, by, {"parts": content.slices(parts)})


def _periods(first_day: date, as_of: date) -> list[Period]:
    """The last four weeks, and the last whole month where the data has it."""
    end = as_of - timedelta(days=1)
    usual = Period(start=max(end - timedelta(days=USUAL_DAYS - 1), first_day), end=end)
    last = as_of.replace(day=1) - timedelta(days=1)
    month = Period(start=last.replace(day=1), end=last)
    return [usual, month] if first_day <= month.start and month != usual else [usual]


def _figures(
    stores: Stores, run: RunHeader, config: PlanConfig, period: Period
) -> dict[KpiName, dict[str, Any]]:
    """Every figure and the period before, as content."""
    report = kpi_report(
        stores, start=period.start, end=period.end, snapshot_id=run.snapshot_id, config=config
    )
    earlier = {kpi.name: content.whole(kpi) for kpi in report.before}
    return {
        kpi.name: {"now": content.whole(kpi), "before": earlier.get(kpi.name)}
        for kpi in report.kpis
    }


def _row(period: Period, name: KpiName, by: str, held: dict[str, Any]) -> dict[str, Any]:
    return {"first": period.start, "last": period.end, "name": name, "by": by,
            "content": plain(held)}  # fmt: skip


def _rows(
    stores: Stores, snapshot_id: str, period: Period, config: PlanConfig | None,
    cuts_wanted: Sequence[str], name: KpiName | None = None,
) -> dict[tuple[str, str], dict[str, Any]]:  # fmt: skip
    """Content by figure and cut, of these days of this data."""
    table = key_figures.c
    query = sa.select(table.name, table.by, table.content).where(
        table.snapshot_id == snapshot_id, table.first == period.start, table.last == period.end,
        table.by.in_(list(cuts_wanted)),
    )  # fmt: skip
    if config is not None:
        query = query.where(table.settings == settings_of(config))
    if name is not None:
        query = query.where(table.name == name)
    with stores.database.read() as look:
        return {(str(row.name), str(row.by)): row.content for row in look.execute(query)}


def _report(
    stores: Stores, snapshot_id: str, period: Period, rows: Sequence[dict[str, Any]]
) -> KpiReport:
    with stores.database.read() as look:
        header = snapshot_header(look, snapshot_id)
    return KpiReport(
        snapshot_id=snapshot_id,
        as_of=header.as_of,
        currency=header.company.base_currency,
        period=period,
        kpis=tuple(content.from_whole(row["now"]) for row in rows),
        before=tuple(content.from_whole(row["before"]) for row in rows if row["before"]),
    )
