"""The series that `qm bench forecast` runs on: real ones drawn with replacement, or made up."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np

from engine.errors import InvalidInput
from engine.model.snapshot import Snapshot
from evals.demand_series import make_up
from evals.histories.history import Floats, History

HELD_OUT = 13  # weeks
LEAST_RECORDED = 0.5  # share of the weeks of a series that is drawn
FIRST_DAY = date(2024, 1, 1)  # a Monday; the sources' own calendars end in different years


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Weekly series and the weeks held out after them. NaN: out of stock, or not recorded."""

    snapshot: Snapshot = field(repr=False)
    units: Floats = field(repr=False)  # [series, week] history
    future: Floats = field(repr=False)  # [series, week] of the 13 held out; NaN is not scored


def series_of(folder: Path | None, series: int, points: int, seed: int) -> Drawn:
    """Real series where there is a folder of data, else made-up ones."""
    if folder is not None:
        return draw(folder, series, points, seed)
    made = make_up(series, points, HELD_OUT, seed)
    return Drawn(snapshot=made.snapshot, units=made.units, future=made.future)


def draw(folder: Path, series: int, points: int, seed: int) -> Drawn:
    """A seeded draw with replacement from VN2, Breakfast at the Frat and weekly M5, all alike.

    Of each source the last `points` + 13 weeks; series that had begun by then, were recorded in
    at least half of the weeks and whose sales ever change. Sources are set side by side so that
    their last weeks fall together: weeks of the year keep their order within a source, and each
    source is a category of its own.
    """
    sources = [_last(source, points + HELD_OUT) for source in _sources(folder)]
    pool = [(k, row) for k, one in enumerate(sources) for row in _usable(one, points)]
    if not pool:
        message = f"No series in {folder} has {points + HELD_OUT} weeks. Ask for fewer --points."
        raise InvalidInput(message)
    random = np.random.default_rng(seed)
    chosen = [pool[at] for at in random.integers(0, len(pool), series)]
    units = np.stack([sources[k].units[row] for k, row in chosen])
    history = History(
        name="drawn",
        skus=[f"S{number:06d}" for number in range(series)],
        locations=["MAIN"] * series,
        categories=[f"{sources[k].name}/{sources[k].categories[row]}" for k, row in chosen],
        units=units[:, :points],
        first_day=FIRST_DAY,
        bucket_days=7,
    )
    return Drawn(snapshot=history.snapshot(), units=history.units, future=units[:, points:])


def scales(units: Floats) -> Floats:
    """[series] mean absolute difference between recorded weeks that follow each other."""
    steps = np.abs(np.diff(units, axis=1))
    counted = np.isfinite(steps).sum(axis=1)
    return np.nan_to_num(steps).sum(axis=1) / np.maximum(counted, 1)


def carried_forward(units: Floats) -> Floats:
    """Gaps filled with the last number before them, for models that know no gaps."""
    position = np.where(np.isfinite(units), np.arange(units.shape[1])[None, :], 0)
    latest = np.maximum.accumulate(position, axis=1)
    return np.nan_to_num(np.take_along_axis(units, latest, axis=1))


def _sources(folder: Path) -> list[History]:
    from evals.histories.frat import read_frat
    from evals.histories.m5 import read_m5, weekly
    from evals.histories.vn2 import read_vn2

    return [read_vn2(folder), read_frat(folder), weekly(read_m5(folder))]


def _last(source: History, weeks: int) -> History:
    first = max(source.buckets - weeks, 0)
    begun = np.isfinite(source.units[:, : first + 1]).any(axis=1)
    cut = source.between(first, source.buckets)
    return replace(cut, units=np.where(begun[:, None], cut.units, np.nan))


def _usable(source: History, points: int) -> list[int]:
    if source.buckets < points + HELD_OUT:
        return []
    past = source.between(0, points)
    recorded = np.isfinite(past.units).mean(axis=1) >= LEAST_RECORDED
    scored = np.isfinite(source.units[:, points:]).any(axis=1)
    return [int(row) for row in np.flatnonzero(recorded & scored & (scales(past.units) > 0))]
