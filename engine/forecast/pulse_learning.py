"""Learn from a panel's own past how pulses begin, how large they are and how long they last.

Expectation maximisation for a hidden Markov chain (Baum, Petrie, Soules and Weiss 1970) around
the levels that the filter found, each drawn towards the usual rates by its evidence.
"""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats
from engine.forecast.pulse_filter import (
    RIPE_BUCKETS,
    Followed,
    Level,
    Watched,
    follow,
    likelihood,
    seen,
)
from engine.forecast.pulse_rates import (
    BURSTS,
    LENGTHS,
    SIZES,
    PulseRates,
    State,
    at_ease,
    moved_on,
    usual_rates,
)

SAMPLE = 400  # series that teach the rates
ROUNDS, STEPS = 2, 3  # levels are followed anew before each round of steps
PRIOR_BUCKETS = 2000.0  # of a series at ease, for which the usual rates stand
PRIOR_PULSES = 3.0  # pulses of each length, for which the usual endings stand
MOST_ONSET = 0.02  # per state; a panel that is nothing but pulses has no usual level


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Expected events in a panel's past."""

    usual: float  # buckets seen in the usual state
    burst: Floats  # [burst] of them
    calm: float  # buckets that began in the usual state
    onset: Floats  # [length, size] pulses that began
    active: Floats  # [length, size] buckets that began in a pulse
    ended: Floats  # [length, size] of them those in which it ended


def learn_rates(watched: Watched, start: Level, bucket_days: int) -> PulseRates:
    """Rates that make the past of an evenly spaced sample of series likely."""
    prior = usual_rates(bucket_days)
    rows = watched.sample(SAMPLE)
    mine = watched.of(rows)
    begin = Level(units=start.units[rows], exposure=start.exposure[rows])
    rates = prior
    for _ in range(ROUNDS):
        followed = follow(mine, begin, rates, bucket_days)
        for _ in range(STEPS):
            rates = _updated(_expected_counts(mine, followed, rates), prior)
    return rates


def _updated(counts: Counts, prior: PulseRates) -> PulseRates:
    burst = (counts.burst + PRIOR_BUCKETS * prior.burst) / (counts.usual + PRIOR_BUCKETS)
    onset = (counts.onset + PRIOR_BUCKETS * prior.onset) / (counts.calm + PRIOR_BUCKETS)
    # How long a pulse lasts is common to the sizes of a length: single sizes are rare.
    ended = counts.ended.sum(axis=1, keepdims=True) + PRIOR_PULSES
    active = counts.active.sum(axis=1, keepdims=True) + PRIOR_PULSES / prior.ending[:, :1]
    ending = np.repeat(ended / active, len(SIZES), axis=1)
    return PulseRates(burst=burst, onset=np.minimum(onset, MOST_ONSET), ending=ending)


def _expected_counts(watched: Watched, followed: Followed, rates: PulseRates) -> Counts:
    """Forward with what was known, backward with what came after."""
    usable = (watched.offered > 0) & (followed.ripe >= RIPE_BUCKETS)
    before = _forward(watched, followed, usable, rates)
    series, buckets = watched.sold.shape
    after = _nothing_after(series)
    usual, calm, burst = 0.0, 0.0, np.zeros(len(BURSTS))
    onset, active, ended = (np.zeros((LENGTHS, len(SIZES))) for _ in range(3))
    for bucket in range(buckets - 1, -1, -1):
        here, bursts = _weighed(watched, followed, usable, rates, bucket, after)
        held = before[bucket]
        total = _chance(moved_on(held, rates), here)
        # From the usual state: a pulse begins, or it stays; from a pulse: it ends, or it stays.
        begun = held.usual * rates.onset[:, :, None] * here.pulse / total
        stopped = held.pulse * rates.ending[:, :, None] * here.usual / total
        stayed = held.pulse * (1.0 - rates.ending)[:, :, None] * here.pulse / total
        at_usual = (held.usual * rates.calm * here.usual / total) + stopped.sum(axis=(0, 1))
        onset, ended = onset + begun.sum(axis=2), ended + stopped.sum(axis=2)
        active = active + (stopped + stayed).sum(axis=2)
        calm += float((held.usual * rates.calm * here.usual / total).sum() + begun.sum())
        counted = at_usual * usable[:, bucket]
        usual += float(counted.sum())
        burst = burst + (bursts * counted).sum(axis=1)
        after = _backward(here, rates)
    return Counts(usual=usual, burst=burst, calm=calm, onset=onset, active=active, ended=ended)


def _nothing_after(series: int) -> State:
    """Likelihoods, not chances: every state is as good as the other."""
    calm = at_ease(series)
    return State(usual=calm.usual, pulse=calm.pulse + 1.0)


def _forward(watched: Watched, followed: Followed, usable: Bools, rates: PulseRates) -> list[State]:
    """The state before each bucket, as it was believed after the one before."""
    state = at_ease(len(watched.sold))
    states: list[State] = []
    for bucket in range(watched.sold.shape[1]):
        states.append(state)
        state = seen(
            moved_on(state, rates, usable[:, bucket]),
            watched.sold[:, bucket], followed.mean[:, bucket],
            watched.spread[:, bucket], usable[:, bucket], rates,
        )  # fmt: skip
    return states


def _weighed(
    watched: Watched, followed: Followed, usable: Bools, rates: PulseRates, bucket: int,
    after: State,
) -> tuple[State, Floats]:  # fmt: skip
    """Likelihood of the bucket and all after it per state, and each burst's part of the usual."""
    sold, mean = watched.sold[:, bucket], followed.mean[:, bucket]
    size = 1.0 / watched.spread[:, bucket]
    known = usable[:, bucket]
    bursts = rates.burst[:, None] * likelihood(BURSTS, sold, mean, size)
    usual = 1.0 - rates.burst.sum() + bursts.sum(axis=0)
    pulse = np.where(known, likelihood(SIZES, sold, mean, size), 1.0)
    here = State(
        usual=np.where(known, usual, 1.0) * after.usual, pulse=pulse * after.pulse
    )  # fmt: skip
    return here, bursts / usual


def _chance(state: State, likelihoods: State) -> Floats:
    return state.usual * likelihoods.usual + (state.pulse * likelihoods.pulse).sum(axis=(0, 1))


def _backward(here: State, rates: PulseRates) -> State:
    """Likelihood of everything from a bucket on, given the state before it; scaled to 1."""
    usual = rates.calm * here.usual + (rates.onset[:, :, None] * here.pulse).sum(axis=(0, 1))
    stays = (1.0 - rates.ending)[:, :, None] * here.pulse
    pulse = rates.ending[:, :, None] * here.usual + stays
    scale = usual + pulse.sum(axis=(0, 1))
    return State(usual=usual / scale, pulse=pulse / scale)
