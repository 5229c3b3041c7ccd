"""Rolling origins: what each candidate would have said, with only what was known then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.demand.arrays import Bools, Floats, Ints, ratio
from engine.forecast.levels import POOLED, pooled_candidates
from engine.forecast.pulses import Finder, Pulses, find_pulses
from engine.forecast.statsforecast_adapter import forecast_rows
from engine.forecast.structure import Structure, fit_structure, standing_at
from engine.forecast.training import Training
from engine.model.mapped import Mapped

ORIGINS = 13  # at most
STEP_DAYS = 14  # between origins
# With so many series a third fewer origins over the same half year teach as much.
MANY_SERIES, WIDER_STEP_DAYS = 10_000, 21
REFIT_DAYS = 84  # an origin may use the season that was fitted up to this long before it
SPAN_DAYS = 56  # ahead of each; protection periods are of this order
TINY = 1e-6  # what a collapse leaves at least
LEAST_TRAINING_DAYS = 84  # an origin with less history before it teaches nothing


# Predictions of the many pooled candidates are of single precision, to save memory.
Predictions = NDArray[np.floating[Any]]


@dataclass(frozen=True, kw_only=True)
class Standpoint:
    """What is known at an origin: the history before it, and the plans for the steps after."""

    training: Training
    structure: Structure
    shape: Floats  # [series, bucket] season x holidays x promotions x pulses, past
    ahead: Floats  # [series, step] the same for the steps after the origin
    pulses: Pulses | None = None  # those in `shape` and `ahead`

    @property
    def level_demand(self) -> Floats:
        """Demand per bucket with the shape taken out; 0 where out of stock."""
        return ratio(self.training.sold, self.training.weight * self.shape)

    @property
    def unmoved(self) -> "Standpoint":
        """Without its pulses, for a candidate that follows the latest demand in its own way."""
        if self.pulses is None:
            return self
        past, ahead = self.pulses.past, self.pulses.ahead
        shape, after = self.shape / np.maximum(past, TINY), self.ahead / np.maximum(ahead, TINY)
        return replace(self, shape=shape, ahead=after, pulses=None)


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """Axes: [origin, series, step]; `actual` counts where `seen`, in stock all bucket long."""

    names: tuple[str, ...]
    rows: Ints  # the series' positions in the training
    actual: Floats
    seen: Bools
    predicted: Predictions  # [model, origin, series, step]


def origins(buckets: int, bucket_days: int, series: int = 0) -> tuple[int, ...]:
    """Bucket positions of the origins, latest first; none where the history is too short."""
    step, least = spacing(bucket_days, series), max(LEAST_TRAINING_DAYS // bucket_days, 1)
    latest = buckets - span(bucket_days)
    earliest = latest - spacing(bucket_days, 0) * (ORIGINS - 1)
    return tuple(range(latest, max(earliest, least) - 1, -step))


def spacing(bucket_days: int, series: int) -> int:
    """Buckets between origins."""
    return max((WIDER_STEP_DAYS if series > MANY_SERIES else STEP_DAYS) // bucket_days, 1)


def span(bucket_days: int) -> int:
    """Steps ahead that every origin forecasts."""
    return max(SPAN_DAYS // bucket_days, 1)


def shape_of(structure: Structure, training: Training) -> Floats:
    """Season x holidays x promotions x prices of every bucket of the training."""
    season = structure.season(training.starts, training.bucket_days, training.shape[0])
    moved = structure.promotion(training.levers) * structure.price(training.levers)
    return season * structure.event(training.holidays) * moved


def stand_at(
    whole: Training, origin: int, steps: int, earlier: Structure | None = None,
    finder: Finder = find_pulses,
) -> Standpoint:  # fmt: skip
    """Forget everything from the origin on but the calendar and the promotion plan.

    `earlier` is the structure as known at an earlier origin, which saves fitting it again.
    """
    known = whole.before(origin)
    structure = fit_structure(known) if earlier is None else standing_at(known, earlier)
    shape = shape_of(structure, whole.foreseen(origin, steps))
    pulses = finder(known, structure, shape[:, :origin], steps)
    return Standpoint(
        training=known,
        structure=structure,
        shape=shape[:, :origin] * pulses.past,
        ahead=shape[:, origin:] * pulses.ahead,
        pulses=pulses,
    )


S = TypeVar("S")


class Guest(Protocol[S]):
    """A candidate that looks at every origin, and speaks after the last."""

    def look(self, whole: Training, here: Standpoint) -> S:
        """What it needs to know of an origin; asked of several at once."""
        ...

    def remember(self, scene: S) -> None:
        """Called with what it saw, latest origin first."""
        ...


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What all origins share: structures by origin, and a finder that learned at the earliest."""

    whole: Training
    structures: Mapping[int, Structure]
    finder: Finder

    @property
    def origins(self) -> tuple[int, ...]:
        return tuple(self.structures)


@dataclass(frozen=True, kw_only=True)
class _Sampled:
    """What a library model is shown of its rows at an origin."""

    demand: Floats  # [row, bucket]
    seen: Bools
    ahead: Floats  # [row, step]


@dataclass(frozen=True, kw_only=True)
class _Run(Generic[S]):
    """What one origin says; library models wait, as they work on one series after the other."""

    pooled: Predictions  # [candidate, series, step]
    sampled: dict[str, _Sampled]
    scene: S | None


def run_backtest(
    stage: Stage,
    sample: Mapping[str, Ints],
    guest: Guest[S] | None = None,
    mapped: Mapped = map,
) -> tuple[Backtest, dict[str, Backtest]]:
    """The pooled candidates for every series, and each library model on its sample of rows."""
    whole, positions = stage.whole, stage.origins
    pooled: list[Predictions] = []
    library: dict[str, list[Floats]] = {name: [] for name in sample}
    for run in mapped(partial(_run, stage, sample, guest), positions):
        pooled.append(run.pooled)
        if guest is not None and run.scene is not None:
            guest.remember(run.scene)
        for name, rows in run.sampled.items():
            course = forecast_rows(name, rows.demand, rows.seen, rows.ahead.shape[1])
            library[name].append(course * rows.ahead)
    everyone = np.arange(whole.shape[0])
    tried = {
        name: collect(whole, positions, (name,), rows, [run[None] for run in library[name]])
        for name, rows in sample.items()
    }
    return collect(whole, positions, POOLED, everyone, pooled), tried


def _run(stage: Stage, sample: Mapping[str, Ints], guest: Guest[S] | None, origin: int) -> _Run[S]:
    steps = span(stage.whole.bucket_days)
    here = stand_at(stage.whole, origin, steps, stage.structures[origin], stage.finder)
    candidates = pooled_candidates(here.training, here.shape, steps)
    demand, seen = here.level_demand, here.training.weight >= MOSTLY_IN_STOCK
    return _Run(
        pooled=np.stack([(c.course * here.ahead).astype(np.float32) for c in candidates]),
        sampled={
            name: _Sampled(demand=demand[rows], seen=seen[rows], ahead=here.ahead[rows])
            for name, rows in sample.items()
        },
        scene=None if guest is None else guest.look(stage.whole, here),
    )


def set_stage(whole: Training, finder: Finder = find_pulses) -> Stage:
    """The rates and structures with which all origins are looked at."""
    positions = origins(whole.shape[1], whole.bucket_days, whole.shape[0])
    known = _structures(whole, positions)
    if positions:  # the rates of the earliest origin serve all of them
        first, earliest = whole.before(min(positions)), known[min(positions)]
        finder = finder.taught(first, earliest, shape_of(earliest, first))
    return Stage(whole=whole, structures={at: known[at] for at in positions}, finder=finder)


def _structures(whole: Training, positions: tuple[int, ...]) -> dict[int, Structure]:
    """For each origin the structure as known at it or at most `REFIT_DAYS` before it.

    Seasons change little in between, and fitting them at each origin would cost the most of all.
    The response to promotions is that of the earliest origin throughout, for the same reason.
    """
    known: dict[int, Structure] = {}
    fitted_at, latest = 0, None
    for origin in sorted(positions):
        if latest is None or (origin - fitted_at) * whole.bucket_days > REFIT_DAYS:
            response = None if latest is None else latest.response
            fitted_at, latest = origin, fit_structure(whole.before(origin), response)
        known[origin] = latest
    return known


MOSTLY_IN_STOCK = 0.5  # share of a bucket below which a library model does not see it


def collect(
    whole: Training,
    positions: tuple[int, ...],
    names: tuple[str, ...],
    rows: Ints,
    runs: Sequence[Predictions],
) -> Backtest:
    """What was predicted for `rows` beside what came; `runs` are [model, row, step] per origin."""
    steps = span(whole.bucket_days)
    ahead = [slice(origin, origin + steps) for origin in positions]
    empty = np.zeros((0, len(rows), steps))
    actual = np.stack([_came(whole, rows, part) for part in ahead]) if ahead else empty
    weight = np.stack([whole.weight[rows, part] for part in ahead]) if ahead else empty
    predicted = np.stack(runs, axis=1) if runs else np.zeros((len(names), *empty.shape))
    return Backtest(names=names, rows=rows, actual=actual, seen=weight >= 1.0, predicted=predicted)


def _came(whole: Training, rows: Ints, ahead: slice) -> Floats:
    """What was recorded, before cleaning: an origin could not have known which peak was one-off."""
    return np.maximum(whole.uncorrected[rows, ahead], 0.0)
