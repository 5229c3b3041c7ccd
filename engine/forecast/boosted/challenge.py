"""The challenger's part in a forecast, and what it makes of the plans in force."""

from dataclasses import dataclass, field, replace

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints
from engine.forecast.backtest import TINY
from engine.forecast.boosted.challenger import FACTORS, Cells, Challenger, ask, logs
from engine.forecast.boosted.history import Ground


@dataclass(kw_only=True)
class Memory:
    """The last question and its answer, [series, step].

    The waterfall asks nine times, each time with one input more; only what changed since is asked
    of the trees again. An answer depends on nothing but its own cell, so memory changes no figure.
    """

    outside: Floats
    answer: Floats


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """`part` [series, step] is the challenger's part, 0..1, of the level's course, inputs neutral.

    `neutral` [series, step] are its ratios with no season, event or promotion.
    """

    challenger: Challenger = field(repr=False)
    grounds: Ground = field(repr=False)
    part: Floats
    neutral: Floats
    memory: Memory = field(repr=False)

    def factor(self, *factors: Floats, pulse: Floats) -> Floats:
        """[series, step] on the structural forecast; 1 where all factors (of FACTORS) are.

        The mixture of the challenger with what the others say: only its own part moves with what
        the trees make of the factors, and it alone does not follow `pulse`.
        """
        shape = self.neutral.shape
        outside = logs(*(np.broadcast_to(each, shape) for each in factors))
        ratio = np.where(outside.any(axis=2), self._ratio(outside), self.neutral)
        own = ratio / (self.neutral * np.maximum(pulse, TINY))
        return 1.0 + self.part * (own - 1.0)

    def without(self, rows: Ints) -> "Challenge":
        """The same with no say in the forecasts of some series."""
        part = self.part.copy()
        part[rows] = 0.0
        return replace(self, part=part)

    def _ratio(self, outside: Floats) -> Floats:
        changed: Bools = np.any(outside != self.memory.outside, axis=2)
        changed &= outside.any(axis=2) & (self.part > 0)
        if changed.any():
            answer = self.memory.answer.copy()
            cells = Cells.of(changed)
            answer[changed] = ask(self.challenger, self.grounds, cells, outside[changed]).ratio
            self.memory.outside, self.memory.answer = outside.copy(), answer
        return self.memory.answer


def neutral_logs(series: int, steps: int) -> Floats:
    """[series, step, factor] with nothing in force."""
    return np.zeros((series, steps, len(FACTORS)))
