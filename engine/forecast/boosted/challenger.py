"""Training the challenger at a standpoint, and asking it about the steps ahead of one."""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints
from engine.demand.lift import lookback
from engine.forecast.backtest import Standpoint
from engine.forecast.boosted.history import Ground, gather, ground
from engine.forecast.boosted.inputs import LEVEL, STEP, Asked, describe
from engine.forecast.boosted.rows import draw_rows
from engine.forecast.boosted.trees import Growth, Inputs, Trees, grow
from engine.forecast.structure import Structure
from engine.forecast.training import Training

MOST_LOG = 1.5  # of a ratio: beyond it the structure is believed, not the trees
LARGEST_FACTOR = 3.0  # of the logarithm of a factor from outside, as an input
LEAST_BASE = 1e-6  # of the typical level
CELLS_AT_ONCE = 200_000
# Inputs from outside the history, in this order.
FACTORS = ("season", "event", "price", "promotion")


@dataclass(frozen=True, kw_only=True)
class Challenger:
    """Trees that give demand over base, base being the level before the origin x its shape."""

    trees: Trees
    volume: float  # typical level when trained, units per bucket
    farthest: float  # days ahead it was trained on; what lies beyond is taken as the farthest


@dataclass(frozen=True, kw_only=True)
class Cells:
    """(series, step) pairs: positions in the training, and steps ahead 0, 1 .."""

    series: Ints
    step: Ints

    def __len__(self) -> int:
        return len(self.series)

    @staticmethod
    def of(flags: Bools) -> "Cells":
        """The cells of a [series, step] matrix that are set, series by series."""
        series, step = np.nonzero(flags)
        return Cells(series=series.astype(np.int64), step=step.astype(np.int64))


def logs(*factors: Floats) -> Floats:
    """[..., factor] bounded logarithms of factors of one shape."""
    stacked = np.stack(factors, axis=-1)
    least = np.exp(-LARGEST_FACTOR)
    return np.log(np.clip(stacked, least, 1.0 / least))


def factor_logs(structure: Structure, known: Training, last: int, rows: Ints) -> Floats:
    """[row, bucket, factor] of the last buckets of `known`, as `structure` has learned them."""
    buckets = known.shape[1]
    first = buckets - last
    lead = max(first - lookback(known.bucket_days), 0)  # a promotion before is still felt
    levers = known.levers.between(lead, buckets)
    season = structure.season(known.starts[first:], known.bucket_days, known.shape[0])
    event = structure.event(known.holidays.between(first, buckets))
    price = np.broadcast_to(structure.price(levers), levers.shape)
    moved = price[:, -last:], structure.promotion(levers)[:, -last:]
    return logs(*(factor[rows] for factor in (season, event, *moved)))


def train(here: Standpoint, reach: int) -> Challenger:
    """Trees from what is known at `here`, for up to `reach` steps ahead."""
    training = here.training
    reach = max(min(reach, training.shape[1] // 2), 1)
    drawn = draw_rows(training, reach)
    asked, target = drawn.asked, drawn.asked.target
    series = drawn.series[asked.series]
    history = gather(ground(training, here.shape), drawn.series)
    past = factor_logs(here.structure, training, training.shape[1], drawn.series)
    level = history.level[asked.series, asked.origin]
    volume = float(np.median(level))
    inputs = against(volume, describe(history, asked, past[asked.series, target]))
    offset = here.shape[series, target] * training.weight[series, target]
    base = np.maximum(level * offset, LEAST_BASE * volume)
    trees = grow(inputs, training.sold[series, target], base, Growth())
    farthest = float((reach - 1) * training.bucket_days)
    return Challenger(trees=trees, volume=volume, farthest=farthest)


def against(volume: float, inputs: Inputs) -> Inputs:
    """The same inputs with the level against the typical one: large and small have no unit."""
    inputs[:, LEVEL] -= np.float32(np.log(volume))
    return inputs


@dataclass(frozen=True, kw_only=True)
class Described:
    """Cells as the trees see them: `level` [cell] is what their ratios multiply."""

    inputs: Inputs
    level: Floats


def described(grounds: Ground, cells: Cells, outside: Floats) -> Described:
    """At the end of the training; `outside` is [cell, factor], logarithms."""
    rows, position = np.unique(cells.series, return_inverse=True)
    history = gather(grounds, rows)
    origin = np.full(len(cells), grounds.training.shape[1])
    asked = Asked(series=position.astype(np.int64), origin=origin, step=cells.step)
    return Described(
        inputs=describe(history, asked, outside), level=history.level[asked.series, origin]
    )


def ratios(challenger: Challenger, inputs: Inputs) -> Floats:
    """[cell] expected demand over level x shape, for `described` cells."""
    bounded = inputs.copy()
    bounded[:, STEP] = np.minimum(bounded[:, STEP], challenger.farthest)
    log_ratio = challenger.trees.log_ratio(against(challenger.volume, bounded))
    return np.exp(np.clip(log_ratio, -MOST_LOG, MOST_LOG))


@dataclass(frozen=True, kw_only=True)
class Answers:
    """[cell]: demand ahead is level x ratio x shape."""

    level: Floats
    ratio: Floats


def ask(challenger: Challenger, grounds: Ground, cells: Cells, outside: Floats) -> Answers:
    """Any number of cells, described in parts to bound memory."""
    answers = Answers(level=np.empty(len(cells)), ratio=np.empty(len(cells)))
    for first in range(0, len(cells), CELLS_AT_ONCE):
        part = slice(first, first + CELLS_AT_ONCE)
        some = Cells(series=cells.series[part], step=cells.step[part])
        seen = described(grounds, some, outside[part])
        answers.level[part], answers.ratio[part] = seen.level, ratios(challenger, seen.inputs)
    return answers
