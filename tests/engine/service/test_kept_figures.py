"""Key figures kept by the worker: the same as measured anew, made once, never of other data."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.measure import MEASURES, Kpi, Period
from engine.service.kept_figures import keep_figures, kept_report, kept_story
from engine.service.measure import kpi_report, kpi_stories
from engine.service.reading import RunHeader, latest_run
from engine.service.stores import Stores
from engine.store.tables.figures import key_figures
from support.imported import NOW, QUICK, copied, opened


@pytest.fixture(scope="module")
def stores(quick_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    yield from opened(copied(quick_home, tmp_path_factory.mktemp("kept") / "home"))


@pytest.fixture(scope="module")
def written(stores: Stores) -> int:
    return keep_figures(stores, QUICK, now=NOW)


@pytest.fixture(scope="module")
def run(stores: Stores) -> RunHeader:
    return latest_run(stores)


@pytest.fixture(scope="module")
def usual(run: RunHeader) -> Period:
    return Period(start=run.as_of - timedelta(days=28), end=run.as_of - timedelta(days=1))


def bare(kpi: Kpi) -> Kpi:
    return replace(kpi, parts=())


@pytest.mark.usefixtures("written")
def test_what_was_kept_is_what_is_measured(stores: Stores, run: RunHeader, usual: Period) -> None:
    days = {"snapshot_id": run.snapshot_id, "config": QUICK}
    kept = kept_report(stores, period=usual, **days)

    assert kept == kpi_report(stores, start=usual.start, end=usual.end, **days)
    assert {kpi.name for kpi in kept.kpis} == set(MEASURES)
    assert kept == kept_report(stores, period=usual, snapshot_id=run.snapshot_id)


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("by", ["class", "category", "location", None])
def test_weeks_and_parts_of_a_figure_are_those_measured(
    stores: Stores, run: RunHeader, usual: Period, by: object
) -> None:
    asked = {"period": usual, "weeks": 8, "by": by, "snapshot_id": run.snapshot_id}
    (fresh,) = kpi_stories(stores, ("fill rate",), **asked, config=QUICK)  # type: ignore[arg-type]
    kept = kept_story(stores, "fill rate", **asked, config=QUICK)  # type: ignore[arg-type]

    assert kept is not None
    assert kept.report == fresh.report
    assert [(p.week, bare(p.kpi)) for p in kept.trend] == [
        (p.week, bare(p.kpi)) for p in fresh.trend
    ]
    assert [(s.label, bare(s.kpi)) for s in kept.slices] == [
        (s.label, bare(s.kpi)) for s in fresh.slices
    ]
    assert len(kept.trend) == 8
    assert (by is None) == (kept.slices == ())


def test_the_same_plan_is_measured_once_and_old_figures_go(
    stores: Stores, written: int, run: RunHeader, usual: Period
) -> None:
    assert written > len(MEASURES) * 3
    assert keep_figures(stores, QUICK, now=NOW) == 0
    with stores.database.write() as work:
        work.execute(sa.update(key_figures).values(snapshot_id="older"))
    assert kept_report(stores, period=usual, snapshot_id=run.snapshot_id) is None

    assert keep_figures(stores, QUICK, now=NOW + timedelta(days=41)) == written
    with stores.database.read() as look:
        held = set(look.execute(sa.select(key_figures.c.snapshot_id)).scalars())
    assert held == {run.snapshot_id}


@pytest.mark.usefixtures("written")
def test_what_was_not_kept_is_not_answered(stores: Stores, run: RunHeader, usual: Period) -> None:
    other = replace(QUICK, seed=QUICK.seed + 1)
    asked = {"snapshot_id": run.snapshot_id, "config": QUICK}
    day = Period(start=usual.start + timedelta(days=1), end=usual.end)

    assert kept_report(stores, period=usual, snapshot_id=run.snapshot_id, config=other) is None
    assert kept_report(stores, period=day, **asked) is None
    assert kept_story(stores, "fill rate", period=usual, weeks=14, by=None, **asked) is None
    assert kept_story(stores, "budget use", period=usual, weeks=8, by="class", **asked) is None
