"""Cumulative demand along simulated paths, at any moment."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class DemandPaths:
    """`upto` [place, path, step]: units demanded before step begins; step 0 is 0.

    Within a bucket demand is even. Past the last bucket it goes on at the path's own rate of the
    later half of the horizon, so a path with a high level stays high.
    """

    upto: Floats = field(repr=False)
    bucket_days: int

    @staticmethod
    def of(demand: NDArray[np.int32] | Floats, bucket_days: int) -> "DemandPaths":
        """From demand per bucket [place, path, step]."""
        places, paths, steps = demand.shape
        upto = np.zeros((places, paths, steps + 1))
        np.cumsum(demand, axis=2, out=upto[:, :, 1:])
        return DemandPaths(upto=upto, bucket_days=bucket_days)

    @property
    def horizon_days(self) -> float:
        return float((self.upto.shape[2] - 1) * self.bucket_days)

    @cached_property
    def rate_after(self) -> Floats:
        """Units per day past the horizon, [place, path]."""
        steps = self.upto.shape[2] - 1
        tail = max(steps // 2, 1)
        return (self.upto[:, :, -1] - self.upto[:, :, -1 - tail]) / (tail * self.bucket_days)

    def by(self, days: Floats) -> Floats:
        """Units demanded in the first `days` [place, path] days."""
        if days.size and bool((days == days.flat[0]).all()):
            return self.by_day(float(days.flat[0]))
        steps = self.upto.shape[2] - 1
        place = np.clip(days / self.bucket_days, 0.0, float(steps))
        step = np.minimum(place.astype(np.int64), steps - 1)
        low, high = self._around(step)
        within = low + (high - low) * (place - step)
        beyond = np.maximum(days - self.horizon_days, 0.0)
        return within + beyond * self.rate_after if beyond.any() else within

    def by_day(self, days: float) -> Floats:
        """The same for all, [place, path]; many times faster."""
        steps = self.upto.shape[2] - 1
        place = min(max(days / self.bucket_days, 0.0), float(steps))
        step = min(int(place), steps - 1)
        low, high = self.upto[:, :, step], self.upto[:, :, step + 1]
        within = low + (high - low) * (place - step)
        beyond = max(days - self.horizon_days, 0.0)
        return within + beyond * self.rate_after if beyond > 0 else within

    def _around(self, step: Ints) -> tuple[Floats, Floats]:
        """Demand up to the beginning and to the end of a step [place, path]."""
        places, paths, moments = self.upto.shape
        begin = (np.arange(places * paths, dtype=np.int64) * moments).reshape(places, paths)
        at: Ints = begin + step
        flat = self.upto.reshape(-1)
        return flat[at], flat[at + 1]

    def days_until(self, units: Floats) -> Floats:
        """Days until so many units [place, path] are demanded; infinite where never."""
        steps = self.upto.shape[2] - 1
        step = np.minimum((self.upto[:, :, 1:] < units[:, :, None]).sum(axis=2), steps - 1)
        low, high = self._around(step)
        part = np.clip((units - low) / np.maximum(high - low, 1e-9), 0.0, 1.0)
        days = (step + part) * self.bucket_days
        late = units > self.upto[:, :, -1]
        if late.any():
            rate = self.rate_after[late]
            lacking = (units - self.upto[:, :, -1])[late]
            with np.errstate(divide="ignore"):
                days[late] = self.horizon_days + lacking / rate
        return np.where(units <= 0, 0.0, days)

    def plus(self, other: "DemandPaths") -> "DemandPaths":
        """Demand of both, place by place."""
        return DemandPaths(upto=self.upto + other.upto, bucket_days=self.bucket_days)

    def at(self, places: Ints) -> "DemandPaths":
        return DemandPaths(upto=self.upto[places], bucket_days=self.bucket_days)
