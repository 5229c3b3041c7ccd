"""The challenger's way into the forecast: rehearsed at past origins, then trained on everything."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.demand.arrays import Floats, Ints, ratio
from engine.forecast.backtest import Backtest, Standpoint, collect, origins, span
from engine.forecast.boosted.challenge import Challenge, Memory, neutral_logs
from engine.forecast.boosted.challenger import (
    Cells,
    Challenger,
    ask,
    described,
    factor_logs,
    ratios,
    train,
)
from engine.forecast.boosted.history import Ground, ground
from engine.forecast.boosted.rows import chosen_series
from engine.forecast.boosted.trees import Inputs, installed
from engine.forecast.combine import CHALLENGER, Shares
from engine.forecast.training import Training
from engine.model.mapped import Mapped

LEAST_BUCKETS = 2_000  # in stock before the first origin; with fewer the trees would learn chance
REHEARSED = 300_000  # cells (series, origin and step) on which it is tried at past origins
FARTHEST_DAYS = 182  # ahead; later steps are taken as this one
SWITCHED_OFF = "Boosted trees are switched off."
NOT_INSTALLED = "Boosted trees did not compete: the extra `ml` is not installed."
TOO_LITTLE = "Too little history for boosted trees."


@dataclass(frozen=True, kw_only=True)
class Scene:
    """An origin as the challenger saw it: what it needs to forecast it later."""

    origin: int
    inputs: Inputs  # [row x step, input]
    base: Floats  # [row, step] units by level and shape


@dataclass(frozen=True, kw_only=True)
class Looked:
    """A scene, and where it was seen from."""

    scene: Scene
    here: Standpoint


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """Collects the origins; the trees are grown once, on what was known at the earliest.

    No origin's forecast therefore rests on anything that came after it.
    """

    rows: Ints
    reach: int
    scenes: list[Scene] = field(default_factory=list[Scene])
    latest_seen: list[Standpoint] = field(default_factory=list[Standpoint])

    def look(self, whole: Training, here: Standpoint) -> "Looked":
        # The trees see the latest weeks themselves: without pulses in the shape they are told more
        # (weekly M5, VN2), and in the mixture theirs is another opinion on what is passing.
        here = here.unmoved
        origin, steps = here.training.shape[1], here.ahead.shape[1]
        outside = factor_logs(here.structure, whole.foreseen(origin, steps), steps, self.rows)
        cells = _cells(self.rows, steps)
        grounds = ground(here.training, here.shape)
        seen = described(grounds, cells, outside.reshape(len(cells), -1))
        base = seen.level.reshape(-1, steps) * here.ahead[self.rows]
        return Looked(scene=Scene(origin=origin, inputs=seen.inputs, base=base), here=here)

    def remember(self, scene: "Looked") -> None:
        self.scenes.append(scene.scene)
        # Origins come latest first, so what is kept in the end is the earliest.
        self.latest_seen[:] = [scene.here]

    def backtest(self, whole: Training, mapped: Mapped = map) -> Backtest:
        challenger = train(self.latest_seen[0], self.reach)

        def played(scene: Scene) -> Floats:
            answer = ratios(challenger, scene.inputs)
            return (scene.base * answer.reshape(scene.base.shape))[None]

        runs = list(mapped(played, self.scenes))
        positions = tuple(scene.origin for scene in self.scenes)
        return collect(whole, positions, (CHALLENGER,), self.rows, runs)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The challenger after its last training, inputs neutral."""

    challenger: Challenger
    grounds: Ground
    path: Floats  # [series, step] units before season and events; NaN where it has no say
    neutral: Floats

    def challenge(self, course: Floats, shares: Shares, classes: Ints) -> Challenge:
        """Its part in the mixed `course` [series, step]."""
        share = shares.of(classes, course.shape[1])[shares.names.index(CHALLENGER)]
        part = np.minimum(ratio(share * np.nan_to_num(self.path), course), 1.0)
        nothing = neutral_logs(*part.shape)
        return Challenge(
            challenger=self.challenger, grounds=self.grounds, part=part, neutral=self.neutral,
            memory=Memory(outside=nothing, answer=self.neutral),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Contest:
    """`rehearsal` is None where the challenger stays away; then `note` says why, a sentence."""

    rehearsal: Rehearsal | None
    note: str

    def results(self, whole: Training, mapped: Mapped = map) -> dict[str, Backtest]:
        if self.rehearsal is None:
            return {}
        return {CHALLENGER: self.rehearsal.backtest(whole, mapped)}

    def final(self, here: Standpoint, shares: Shares, classes: Ints, steps: int) -> Standing | None:
        """Trained on everything; None where no class gave it a share."""
        if self.rehearsal is None:
            return None
        rows = np.flatnonzero(shares.overall()[classes, shares.names.index(CHALLENGER)])
        if len(rows) == 0:
            return None
        challenger, grounds = train(here, self.rehearsal.reach), ground(here.training, here.shape)
        cells = _cells(rows, steps)
        nothing = neutral_logs(len(rows), steps).reshape(len(cells), -1)
        answers = ask(challenger, grounds, cells, nothing)
        shape = (here.training.shape[0], steps)
        path, neutral = np.full(shape, np.nan), np.ones(shape)
        path[rows] = (answers.level * answers.ratio).reshape(-1, steps)
        neutral[rows] = answers.ratio.reshape(-1, steps)
        return Standing(challenger=challenger, grounds=grounds, path=path, neutral=neutral)


def enter(training: Training, sample: Mapping[str, Ints], steps: int, *, wanted: bool) -> Contest:
    """Whether the challenger competes, and on which series it is tried.

    Those on which the library's models were tried come first: in their classes shares are learned
    on what all were tried on.
    """
    note = SWITCHED_OFF if not wanted else _barred(training)
    if note:
        return Contest(rehearsal=None, note=note)
    ahead = span(training.bucket_days)
    most = REHEARSED // (ahead * len(_origins(training)))
    rows = _tried(training, sample, most)
    reach = min(max(steps, ahead), round(training.buckets(FARTHEST_DAYS)))
    return Contest(rehearsal=Rehearsal(rows=rows, reach=reach), note="")


def _tried(training: Training, sample: Mapping[str, Ints], most: int) -> Ints:
    """Half of them from the library's samples, where there are any; the rest from everywhere."""
    sampled = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *sample.values()]))
    some = sampled[chosen_series(training.keys[sampled], most // 2)]
    return np.union1d(some, chosen_series(training.keys, most - len(some)))


def _origins(training: Training) -> tuple[int, ...]:
    series, buckets = training.shape
    return origins(buckets, training.bucket_days, series)


def _barred(training: Training) -> str:
    before = _origins(training)
    if not before or np.count_nonzero(training.weight[:, : min(before)]) < LEAST_BUCKETS:
        return TOO_LITTLE
    return "" if installed() else NOT_INSTALLED


def _cells(rows: Ints, steps: int) -> Cells:
    """Every step of every row, row by row."""
    return Cells(series=np.repeat(rows, steps), step=np.tile(np.arange(steps), len(rows)))
