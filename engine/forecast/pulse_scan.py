"""Scan the last buckets for a jump: how much likelier is a tripling, or a collapse, than chance.

The statistic of a window of a few buckets is the logarithm of the likelihood of `RISE` (or
`FALL`) times the demand expected before the window, over that of the usual state with its bursts
(a scan statistic; Kulldorff 1997 for counts). What was expected is the higher (for a fall the
lower) of the usual level, the level in the pulse already on, and the last week's: to come back
from silence, or to stay where it has risen to, is no jump.
"""

from dataclasses import dataclass, replace

import numpy as np

from engine.demand.arrays import Floats, ratio
from engine.forecast.pulse_filter import Followed, Watched, likelihood
from engine.forecast.pulse_rates import BURSTS, PulseRates

RISE, FALL = 3.0, 0.3
FAST_DAYS = 7.0  # half-life of what the last week sold
# A rise must show within days, or it is found too late to buy for; a fall is seen in what is not
# sold, which takes a busy item some days and a slow one weeks.
RISE_DAYS, FALL_DAYS = (1, 2, 3), (1, 2, 3, 5, 7)
LEAST_REFERENCE = 1e-2  # units per bucket


@dataclass(frozen=True, kw_only=True)
class Scans:
    """[series, bucket] of the best window that ends with the bucket, and its length."""

    statistic: Floats
    buckets: Floats


def windows(size: float, bucket_days: int) -> tuple[int, ...]:
    """Lengths of the windows scanned for a pulse of this size, in buckets."""
    days = RISE_DAYS if size > 1.0 else FALL_DAYS
    return tuple(sorted({max(round(each / bucket_days), 1) for each in days}))


@dataclass(frozen=True, kw_only=True)
class Scanner:
    """Demand and what was expected of it, in the form in which windows are scanned."""

    watched: Watched
    usual: Floats  # [series, bucket] level before the bucket, units per bucket of usual shape
    factor: Floats  # [series, bucket] multiple believed after the bucket
    fast: Floats  # [series, bucket] level of the last week before the bucket
    rates: PulseRates
    bucket_days: int

    def scan(self, size: float, changed: int = 0) -> Scans:
        """Scan for a pulse of `size`, as if the last `changed` buckets had been times it.

        The latter on real days tells how often a true pulse would be found.
        """
        best = np.full(self.usual.shape, -np.inf)
        length = np.ones(self.usual.shape)
        for buckets in windows(size, self.bucket_days):
            reference = self._reference(buckets, rising=size > 1.0)
            total = np.zeros(self.usual.shape)
            for back in range(buckets):
                times = size if back < changed else 1.0
                total += self._ratio(reference, size, back, times)
            better = total > best
            best, length = np.where(better, total, best), np.where(better, buckets, length)
        return Scans(statistic=best, buckets=length)

    def tail(self, buckets: int) -> "Scanner":
        """The same for the last buckets alone."""
        last = slice(-buckets, None)
        return replace(
            self,
            watched=self.watched.of(slice(None), last),
            usual=self.usual[:, last],
            factor=self.factor[:, last],
            fast=self.fast[:, last],
        )

    def _reference(self, buckets: int, *, rising: bool) -> Floats:
        """Expected per bucket of usual shape by what was known before the window."""
        usual, pulse = self.usual, _earlier(self.factor, buckets)
        fast = _earlier(self.fast, buckets - 1)
        before = _earlier(usual, buckets - 1)
        if rising:
            return np.maximum(before * np.maximum(pulse, 1.0), fast)
        return np.minimum(before * np.minimum(pulse, 1.0), fast)

    def _ratio(self, reference: Floats, size: float, back: int, times: float) -> Floats:
        """Log-likelihood ratio of the bucket `back` before each; 0 where nothing was offered."""
        offered = _earlier(self.watched.offered, back)
        sold = _earlier(self.watched.sold, back) * times
        mean = np.maximum(reference * offered, LEAST_REFERENCE)
        spread = 1.0 / _earlier(self.watched.spread, back)
        chance = self.rates.burst
        usual = 1.0 - chance.sum()
        for burst, each in zip(chance, BURSTS, strict=True):
            usual = usual + burst * likelihood((each,), sold, mean, spread)[0]
        pulse = likelihood((size,), sold, mean, spread)[0]
        return np.where(offered > 0, np.log(pulse / usual), 0.0)


def scanner(watched: Watched, followed: Followed, rates: PulseRates, bucket_days: int) -> Scanner:
    usual = ratio(followed.mean, watched.offered)
    return Scanner(
        watched=watched,
        usual=usual,
        factor=followed.factor,
        fast=_fast(watched, usual, bucket_days),
        rates=rates,
        bucket_days=bucket_days,
    )


def _fast(watched: Watched, usual: Floats, bucket_days: int) -> Floats:
    """Faded mean of the days before each bucket, begun at the usual level."""
    fade = 0.5 ** (bucket_days / FAST_DAYS)
    units, offered = np.zeros(len(usual)), np.zeros(len(usual))
    fast = np.zeros(usual.shape)
    for bucket in range(usual.shape[1]):
        fast[:, bucket] = ratio(units + usual[:, bucket], offered + 1.0)
        seen = watched.offered[:, bucket] > 0
        units = fade * units + np.where(seen, watched.sold[:, bucket], 0.0)
        offered = fade * offered + watched.offered[:, bucket]
    return fast


def _earlier(values: Floats, buckets: int) -> Floats:
    """values[t - buckets] at t; the first one where that is before the beginning."""
    if buckets == 0 or values.shape[1] == 0:
        return values
    kept = values[:, : max(values.shape[1] - buckets, 0)]
    first = np.repeat(values[:, :1], values.shape[1] - kept.shape[1], axis=1)
    return np.concatenate([first, kept], axis=1)
