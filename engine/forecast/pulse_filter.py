"""Follow every series bucket by bucket: its usual level, and whether a pulse is on.

A switching level model, filtered forward (Hamilton 1989 for the hidden state; the level is
collapsed to its mean after each bucket, as in Harrison and Stevens 1976). Given level m and state
of size f, a bucket is negative binomial with mean m f and the series' own spread; the usual state
mixes in bursts. What a pulse explains is taken out before the level learns from the bucket, so a
pulse moves the near-term forecast without moving the level, and the level is never counted twice.
"""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints, any_bucket, ratio, single, spaced
from engine.forecast.pulse_rates import BURSTS, SIZES, PulseRates, State, at_ease, moved_on

HALF_LIFE_DAYS = 42.0  # of what the level remembers
RIPE_BUCKETS = 5.0  # of demand seen before a level can be told from a pulse
LEAST_MEAN = 1e-4
SERIES_AT_ONCE = 4_000
FARTHEST = 50.0  # of a log-likelihood ratio; further is certain enough


@dataclass(frozen=True, kw_only=True)
class Watched:
    """Demand as the filter sees it, [series, bucket] unless said otherwise."""

    sold: Floats
    offered: Floats  # share in stock x season x events x promotions; 0: nothing can be learned
    spread: Floats  # variance of a bucket beyond counting, as a share of its squared mean

    def sample(self, most: int) -> Ints:
        """At most so many of the series that have sold anything, evenly spaced."""
        sold = np.flatnonzero(any_bucket(self.sold > 0))
        return spaced(sold, most)

    def of(self, rows: slice | Ints, buckets: slice = slice(None)) -> "Watched":
        """Some series, some buckets."""
        return Watched(
            sold=self.sold[rows][:, buckets],
            offered=self.offered[rows][:, buckets],
            spread=self.spread[rows][:, buckets],
        )


@dataclass(frozen=True, kw_only=True)
class Level:
    """Faded sums: `units` sold over `exposure`, in buckets of usual demand, per series."""

    units: Floats
    exposure: Floats


@dataclass(frozen=True, kw_only=True)
class Followed:
    """What the filter believed after each bucket; nothing looks ahead; [series, bucket] each."""

    factor: Floats  # expected multiple of usual demand in the bucket
    mean: Floats  # usual demand expected before the bucket was seen
    above: Floats  # chance that a pulse upwards is on
    below: Floats  # and one downwards
    ripe: Floats  # exposure of the level before the bucket, in buckets of usual demand
    state: State  # after the last bucket
    level: Level


def follow(watched: Watched, start: Level, rates: PulseRates, bucket_days: int) -> Followed:
    """Filter all series through all buckets; in parts, to stay near the processor."""
    firsts = range(0, max(len(watched.sold), 1), SERIES_AT_ONCE)
    slices = [slice(first, first + SERIES_AT_ONCE) for first in firsts]
    parts = [
        _followed(
            watched.of(part),
            Level(units=start.units[part], exposure=start.exposure[part]),
            rates,
            bucket_days,
        )
        for part in slices
    ]
    return parts[0] if len(parts) == 1 else _joined(parts)


def _joined(parts: list[Followed]) -> Followed:
    return Followed(
        factor=np.concatenate([part.factor for part in parts]),
        mean=np.concatenate([part.mean for part in parts]),
        above=np.concatenate([part.above for part in parts]),
        below=np.concatenate([part.below for part in parts]),
        ripe=np.concatenate([part.ripe for part in parts]),
        state=State(
            usual=np.concatenate([part.state.usual for part in parts]),
            pulse=np.concatenate([part.state.pulse for part in parts], axis=2),
        ),
        level=Level(
            units=np.concatenate([part.level.units for part in parts]),
            exposure=np.concatenate([part.level.exposure for part in parts]),
        ),
    )


def _followed(watched: Watched, start: Level, rates: PulseRates, bucket_days: int) -> Followed:
    """Chances in single precision: they are the costliest step of a backtest; sums in double."""
    series, buckets = watched.sold.shape
    fade = 0.5 ** (bucket_days / HALF_LIFE_DAYS)
    level, rates = start, rates.single
    state = State(usual=single(at_ease(series).usual), pulse=single(at_ease(series).pulse))
    sold_once, spread_once = single(watched.sold.T), single(watched.spread.T)
    factor, mean = np.ones((series, buckets)), np.zeros((series, buckets))
    above, below = np.zeros((series, buckets)), np.zeros((series, buckets))
    ripe = np.zeros((series, buckets))
    up = np.asarray(SIZES) > 1.0
    for bucket in range(buckets):
        sold, offered = watched.sold[:, bucket], watched.offered[:, bucket]
        expected = np.maximum(ratio(level.units, level.exposure) * offered, LEAST_MEAN)
        usable = (offered > 0) & (level.exposure >= RIPE_BUCKETS)
        state = moved_on(state, rates, usable)
        state = seen(state, sold_once[bucket], single(expected), spread_once[bucket], usable, rates)
        factor[:, bucket], mean[:, bucket] = state.factor, expected
        ripe[:, bucket] = level.exposure
        above[:, bucket] = state.pulse[:, up].sum(axis=(0, 1))
        below[:, bucket] = state.pulse[:, ~up].sum(axis=(0, 1))
        level = Level(
            units=fade * level.units + np.where(offered > 0, sold, 0.0),
            exposure=fade * level.exposure + offered * factor[:, bucket],
        )
    return Followed(
        factor=factor, mean=mean, above=above, below=below, ripe=ripe, state=state, level=level
    )  # fmt: skip


def seen(
    state: State, sold: Floats, mean: Floats, spread: Floats, usable: Bools, rates: PulseRates
) -> State:
    """Bayes' rule for one bucket; a bucket that cannot be used changes nothing."""
    size = 1.0 / spread
    usual = 1.0 - float(rates.burst.sum()) + _bursts(rates, sold, mean, size)
    pulse = likelihood(SIZES, sold, mean, size)
    usual = np.where(usable, state.usual * usual, state.usual)
    pulse = np.where(usable, state.pulse * pulse, state.pulse)
    total = usual + pulse.sum(axis=(0, 1))
    return State(usual=usual / total, pulse=pulse / total)


def _bursts(rates: PulseRates, sold: Floats, mean: Floats, size: Floats) -> Floats:
    # Not a matrix product: its rounding could depend on where in the panel a series stands.
    return (rates.burst[:, None] * likelihood(BURSTS, sold, mean, size)).sum(axis=0)


def likelihood(factors: tuple[float, ...], sold: Floats, mean: Floats, size: Floats) -> Floats:
    """[factor, ...] negative binomial likelihood at mean x factor over that at the mean."""
    shape = (-1,) + (1,) * sold.ndim
    times = np.asarray(factors, dtype=mean.dtype).reshape(shape)
    logs = sold * np.log(times) - (sold + size) * np.log((size + mean * times) / (size + mean))
    return np.exp(np.clip(logs, -FARTHEST, FARTHEST))


def level_before(sold: Floats, offered: Floats, bucket_days: int) -> Level:
    """The level to start from: faded sums over the buckets before, at least a trace of them."""
    age = np.arange(sold.shape[1] - 1, -1, -1.0)
    fade = 0.5 ** (age * bucket_days / HALF_LIFE_DAYS)
    units, exposure = (sold * fade * (offered > 0)).sum(axis=1), (offered * fade).sum(axis=1)
    return Level(units=units, exposure=exposure)
