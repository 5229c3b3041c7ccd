"""How often demand jumps or collapses, how far, and for how long: hidden states and their rates.

A series is in its usual state or in a pulse. A pulse multiplies demand by one of a few sizes and
ends with a constant chance per bucket, a short one soon, a long one late (a new level is a long
one). Single wild buckets that mean nothing are bursts: they belong to the usual state and keep the
tails of its distribution as heavy as they are.
"""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, single

SIZES = (0.05, 0.3, 0.6, 1.6, 2.5, 4.0)  # times usual demand; the first is silence
BURSTS = (0.02, 0.3, 2.0, 3.5, 7.0)  # of a single bucket
LENGTHS = 2  # short and long, the first axis of a state
# Before a panel has shown its own: what daily and weekly retail (M5, VN2) have in common, drawn
# together. Chances per day, short pulses first.
USUAL_ONSETS = (
    (1e-3, 4e-4, 6e-4, 8e-4, 4e-4, 2e-4),
    (5e-4, 3e-4, 6e-4, 8e-4, 3e-4, 1.5e-4),
)
BURST_CHANCE = 5e-3
DAYS_LASTING = (4.0, 42.0)
LEAST_BUCKETS = (1.8, 6.0)  # that a short and a long pulse last, on average


@dataclass(frozen=True, kw_only=True)
class PulseRates:
    """Chances per bucket. A state is [length, size]."""

    burst: Floats  # [burst] of a usual bucket being one
    onset: Floats  # [length, size] of a pulse beginning, from the usual state
    ending: Floats  # [length, size] of it ending

    @property
    def single(self) -> "PulseRates":
        """In single precision."""
        return PulseRates(
            burst=single(self.burst), onset=single(self.onset), ending=single(self.ending)
        )

    @property
    def calm(self) -> float:
        """Chance that no pulse begins."""
        return 1.0 - float(self.onset.sum())


def usual_rates(bucket_days: int) -> PulseRates:
    """The rates assumed where a panel has too little history to teach its own."""
    lasting = np.maximum(np.asarray(DAYS_LASTING) / bucket_days, LEAST_BUCKETS)
    return PulseRates(
        burst=np.full(len(BURSTS), BURST_CHANCE),
        onset=np.asarray(USUAL_ONSETS) * bucket_days,
        ending=np.repeat(1.0 / lasting[:, None], len(SIZES), axis=1),
    )


@dataclass(frozen=True, kw_only=True)
class State:
    """What is believed of each series: `usual` [series] and `pulse` [length, size, series].

    Probabilities that sum to 1 per series.
    """

    usual: Floats
    pulse: Floats

    @property
    def factor(self) -> Floats:
        """[series] expected multiple of usual demand."""
        sizes = np.asarray(SIZES, dtype=self.usual.dtype)[None, :, None]
        return self.usual + (sizes * self.pulse).sum(axis=(0, 1))

    @property
    def variance(self) -> Floats:
        """[series] of the multiple."""
        sizes = np.asarray(SIZES)[None, :, None]
        square = self.usual + (sizes**2 * self.pulse).sum(axis=(0, 1))
        return np.maximum(square - self.factor**2, 0.0)


def at_ease(series: int) -> State:
    """Nobody is in a pulse."""
    return State(usual=np.ones(series), pulse=np.zeros((LENGTHS, len(SIZES), series)))


def moved_on(state: State, rates: PulseRates, begins: Bools | None = None) -> State:
    """One bucket later, before that bucket is seen.

    Where `begins` is false no pulse begins: what cannot be seen is not suspected either.
    """
    onset = rates.onset[:, :, None] * state.usual
    if begins is not None:
        onset = onset * begins
    ended = (rates.ending[:, :, None] * state.pulse).sum(axis=(0, 1))
    return State(
        usual=state.usual - onset.sum(axis=(0, 1)) + ended,
        pulse=(1.0 - rates.ending)[:, :, None] * state.pulse + onset,
    )
