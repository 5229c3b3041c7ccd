"""Training the challenger at a standpoint, and asking it about the steps ahead of one."""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints
from engine.forecast.backtest import Standpoint
from engine.forecast.boosted.history import gather
from engine.forecast.boosted.inputs import LEVEL, STEP, Asked, describe
from engine.forecast.boosted.rows import draw_rows
from engine.forecast.boosted.trees import Growth, Inputs, Trees, grow
from engine.forecast.structure import Structure
from engine.forecast.training import Training

MOST_LOG = 1.5  # of a ratio: beyond it the structure is believed, not the trees
LARGEST_FACTOR = 3.0  # of the logarithm of a factor from outside, as an input
LEAST_BASE = 1e-6  # of the typical level
CELLS_AT_ONCE = 200_000
FACTORS = (
    "season",
    "event",
    "price",
    "promotion",
)  # inputs from outside the history, in this order


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


def factor_logs(structure: Structure, known: Training, rows: Ints) -> Floats:
    """[row, bucket, factor] of the buckets of `known`, as `structure` has learned them."""
    season = structure.season(known.starts, known.bucket_days, known.shape[0])[rows]
    event = structure.event(known.holidays)[rows]
    price = np.broadcast_to(structure.price(known.levers), known.shape)[rows]
    return logs(season, event, price, structure.promotion(known.levers)[rows])


def train(here: Standpoint, reach: int) -> Challenger:
    """Trees from what is known at `here`, for up to `reach` steps ahead."""
    training = here.training
    reach = max(min(reach, training.shape[1] // 2), 1)
    drawn = draw_rows(training, reach)
    asked, target = drawn.asked, drawn.asked.target
    series = drawn.series[asked.series]
    history = gather(training, here.shape, drawn.series)
    past = factor_logs(here.structure, training, drawn.series)
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


def base_levels(here: Standpoint, rows: Ints) -> Floats:
    """[row] level at the end of the training that the ratios multiply, units per bucket."""
    return gather(here.training, here.shape, rows).level[:, -1]


def described(here: Standpoint, cells: Cells, outside: Floats) -> Inputs:
    """[cell, input] at the end of the training; `outside` is [cell, factor], logarithms."""
    rows, position = np.unique(cells.series, return_inverse=True)
    history = gather(here.training, here.shape, rows)
    origin = np.full(len(cells), here.training.shape[1])
    asked = Asked(series=position.astype(np.int64), origin=origin, step=cells.step)
    return describe(history, asked, outside)


def ratios(challenger: Challenger, inputs: Inputs) -> Floats:
    """[cell] expected demand over base level x shape, for `described` cells."""
    bounded = inputs.copy()
    bounded[:, STEP] = np.minimum(bounded[:, STEP], challenger.farthest)
    log_ratio = challenger.trees.log_ratio(against(challenger.volume, bounded))
    return np.exp(np.clip(log_ratio, -MOST_LOG, MOST_LOG))


def asked_in_parts(
    challenger: Challenger, here: Standpoint, cells: Cells, outside: Floats
) -> Floats:
    """`ratios` of any number of cells, described in parts to bound memory."""
    answers = np.empty(len(cells))
    for first in range(0, len(cells), CELLS_AT_ONCE):
        part = slice(first, first + CELLS_AT_ONCE)
        some = Cells(series=cells.series[part], step=cells.step[part])
        answers[part] = ratios(challenger, described(here, some, outside[part]))
    return answers
