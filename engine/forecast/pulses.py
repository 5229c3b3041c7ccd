"""Pulses: demand that jumps or collapses within days, as factors past and ahead.

Past factors are taken out before a level is read, so that a pulse does not raise the far future;
factors ahead move the near future at once and fade as fast as pulses have faded in this panel.
Both are expectations over what may be the case (nothing, a burst that is over, a pulse that will
pass, a new level), so every new day's demand moves them.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints
from engine.demand.expected import expect
from engine.demand.lift import lookback
from engine.forecast.pulse_alarms import Watch
from engine.forecast.pulse_filter import RIPE_BUCKETS, Level, Watched, follow, level_before
from engine.forecast.pulse_learning import learn_rates
from engine.forecast.pulse_rates import PulseRates, State, at_ease, moved_on
from engine.forecast.structure import Structure
from engine.forecast.training import Training

WATCH_DAYS = 182  # of the past are followed; pulses before it are part of the level
REMEMBERED_DAYS = 504  # before them; twelve half-lives of the level
NEAR_DAYS = 28
# Of the spread around neighbouring buckets, what remains once pulses and bursts are accounted
# for. On M5 the likelihood is flat between .5 and .75.
SPREAD_LEFT = 0.6
LIFT_DOUBT = 0.5  # standard deviation of a lift or event effect, as a share of the effect
SPARSE_LEFT = 1.0  # more, in units of one sold per bucket
EVIDENCE_UNITS = 60.0  # in the level's memory, at which a pulse is believed half
# Before a year is known, the swing of a season looks like a pulse: half of it may be one.
WITHOUT_SEASON = 0.5
FRESH_DAYS = 7  # cleaning may have damped these, not knowing yet what follows
USUAL_SPAN_DAYS = 56  # over which the share of demand lost or won in pulses is averaged


@dataclass(frozen=True, kw_only=True)
class Pulses:
    """Neutral is 1 everywhere."""

    past: Floats  # [series, bucket] expected multiple of long-run demand
    ahead: Floats  # [series, step] the same, relative to a series at ease
    doubt: Floats  # [series, step] its variance beyond that at ease, as a share of its square
    watch: Watch | None = None  # from what they follow

    def believed(self, share: float) -> "Pulses":
        """The same, believed by this share only."""
        past, ahead = (1.0 + share * (factor - 1.0) for factor in (self.past, self.ahead))
        return replace(self, past=past, ahead=ahead, doubt=share**2 * self.doubt)

    def without(self, rows: Ints) -> "Pulses":
        """The same with some series at ease from here on."""
        ahead, doubt = self.ahead.copy(), self.doubt.copy()
        ahead[rows], doubt[rows] = 1.0, 0.0
        return replace(self, ahead=ahead, doubt=doubt)


class Finder(Protocol):
    """Says of a training what pulses are on."""

    def __call__(
        self, training: Training, structure: Structure, shape: Floats, steps: int
    ) -> Pulses: ...

    def taught(self, training: Training, structure: Structure, shape: Floats) -> "Finder":
        """The same with what this training teaches, to be used on later ones without learning."""
        ...


@dataclass(frozen=True, kw_only=True)
class PulseFinder:
    """Follows every series up to the end of the training, and carries what is believed ahead."""

    rates: PulseRates | None = None  # None: those that each training teaches

    def __call__(
        self, training: Training, structure: Structure, shape: Floats, steps: int
    ) -> Pulses:
        found = carried(watch(training, structure, shape, self.rates), training, steps)
        return found if structure.year is not None else found.believed(WITHOUT_SEASON)

    def taught(self, training: Training, structure: Structure, shape: Floats) -> "PulseFinder":
        return PulseFinder(rates=watch(training, structure, shape).rates)


@dataclass(frozen=True, kw_only=True)
class NoPulses:
    """Nothing jumps: what the engine would say without this step."""

    def __call__(
        self, training: Training, structure: Structure, shape: Floats, steps: int
    ) -> Pulses:
        del structure, shape
        series, buckets = training.shape
        ones = np.ones((series, steps))
        return Pulses(past=np.ones((series, buckets)), ahead=ones, doubt=0.0 * ones)

    def taught(self, training: Training, structure: Structure, shape: Floats) -> "NoPulses":
        del training, structure, shape
        return self


find_pulses, no_pulses = PulseFinder(), NoPulses()


def watch(
    training: Training, structure: Structure, shape: Floats, rates: PulseRates | None = None
) -> Watch:
    """The last half year as the filter sees it; without `rates` it also teaches them."""
    first = max(training.shape[1] - round(training.buckets(WATCH_DAYS)), 0)
    part, days = slice(first, None), training.bucket_days
    sold, weight, lately = training.sold[:, part], training.weight[:, part], shape[:, part]
    around = expect(sold, weight, lately, max(round(training.buckets(NEAR_DAYS)), 1))
    spread = around.spread * _left(around.rate.mean(axis=1))
    watched = Watched(
        sold=np.where(_fresh(weight, days), training.uncorrected[:, part], sold),
        offered=weight * lately,
        spread=spread[:, None] + _doubt(training, structure, first),
    )
    past = slice(max(first - round(training.buckets(REMEMBERED_DAYS)), 0), first)
    start = level_before(training.sold[:, past], training.weight[:, past] * shape[:, past], days)
    known = learn_rates(watched, start, days) if rates is None else rates
    return Watch(
        watched=watched, start=start, rates=known, bucket_days=days,
        followed=follow(watched, start, known, days),
    )  # fmt: skip


def _left(rate: Floats) -> Floats:
    """[series] share of the spread that is not pulses: all of it where little is sold.

    The few orders of a sparse item differ in size as they please, and say little of its level.
    """
    return SPREAD_LEFT + SPARSE_LEFT / (1.0 + rate)


def _fresh(weight: Floats, bucket_days: int) -> Bools:
    """The last days, in stock without a break up to the end."""
    whole = np.logical_and.accumulate((weight >= 1.0)[:, ::-1], axis=1)[:, ::-1]
    age: Ints = np.arange(weight.shape[1] - 1, -1, -1, dtype=np.int64)
    return whole & (age < max(round(FRESH_DAYS / bucket_days), 1))


def _doubt(training: Training, structure: Structure, first: int) -> Floats:
    """[series, bucket from `first`] squared relative error of expected promotions and events.

    Demand beyond the expected lift of a promotion is an error of the lift before it is a pulse.
    """
    series, buckets = training.shape
    doubt = np.zeros((series, buckets - first))
    lead = max(first - lookback(training.bucket_days), 0)  # a promotion before is still felt
    for effect in (
        structure.promotion(training.levers.between(lead, buckets))[:, first - lead :],
        structure.event(training.holidays.between(first, buckets)),
    ):
        doubt += (LIFT_DOUBT * (effect - 1.0) / effect) ** 2
    return doubt


def carried(watched: Watch, training: Training, steps: int) -> Pulses:
    """What is believed after the last bucket, moved on step by step."""
    followed, rates = watched.followed, watched.rates
    series, buckets = training.shape
    usual = at_ease(1)
    course, spread = _course(usual, rates, steps)
    factor, variance = _course(followed.state, rates, steps)
    ripe = (followed.level.exposure >= RIPE_BUCKETS)[:, None]
    past = np.ones((series, buckets))
    believed = _believed(followed.level)[:, None]
    past[:, buckets - followed.factor.shape[1] :] = 1.0 + believed * (followed.factor - 1.0)
    doubt = np.where(ripe, believed * np.maximum(variance - spread, 0.0) / factor**2, 0.0)
    # A series at ease will not stay so; what that wins or loses on average belongs to its level.
    span = max(round(USUAL_SPAN_DAYS / training.bucket_days), 1)
    return Pulses(
        past=past / _course(usual, rates, span)[0].mean(),
        ahead=np.where(ripe, 1.0 + believed * (factor / course - 1.0), 1.0),
        # What is usual of it is among the backtest's errors, from which the noise is known.
        doubt=np.maximum(doubt - (doubt.mean(axis=0) if series else 0.0), 0.0),
        watch=watched,
    )


def _believed(level: Level) -> Floats:
    """[series] how far pulses are believed at all, by the units that the level remembers."""
    return level.units / (level.units + EVIDENCE_UNITS)


def _course(state: State, rates: PulseRates, steps: int) -> tuple[Floats, Floats]:
    """[series, step] mean and variance of the multiple in each step ahead."""
    mean = np.ones((len(state.usual), steps))
    variance = np.zeros((len(state.usual), steps))
    for step in range(steps):
        state = moved_on(state, rates)
        mean[:, step], variance[:, step] = state.factor, state.variance
    return mean, variance
