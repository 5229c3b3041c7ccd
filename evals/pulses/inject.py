"""Pulses put into real days: which series, how large, of which kind, from which day."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SIZES = (2.0, 3.0, 0.3)
KINDS = ("step", "spike")  # a step lasts to the end of the held-back days
SPIKE_DAYS = 3
FIRST_START, LAST_START = 1, 13  # days into the held-back ones; a week is left to be forecast


@dataclass(frozen=True, kw_only=True)
class Injection:
    """One pulse per series; size 1 marks the series that are left as they are; per series."""

    size: Floats
    kind: Ints  # position in KINDS
    start: Ints  # days into the held-back ones

    @property
    def injected(self) -> NDArray[np.bool_]:
        return self.size != 1.0

    def active(self, days: int) -> NDArray[np.bool_]:
        """[series, held-back day] the pulse is on."""
        day = np.arange(days)[None, :]
        last = np.where(self.kind == KINDS.index("spike"), self.start + SPIKE_DAYS, days)
        return self.injected[:, None] & (day >= self.start[:, None]) & (day < last[:, None])


def draw(series: int, random: np.random.Generator) -> Injection:
    """A pulse for every series, evenly over sizes and kinds."""
    cells: list[tuple[float, int]] = [(size, kind) for size in SIZES for kind in range(len(KINDS))]
    dealt = random.permutation(series) % len(cells)
    return Injection(
        size=np.array([size for size, _ in cells])[dealt],
        kind=np.array([kind for _, kind in cells], dtype=np.int64)[dealt],
        start=random.integers(FIRST_START, LAST_START + 1, series),
    )


def none(series: int) -> Injection:
    """Every series as it was."""
    nothing = np.zeros(series, dtype=np.int64)
    return Injection(size=np.ones(series), kind=nothing, start=nothing)


def injected(units: Floats, injection: Injection, random: np.random.Generator) -> Floats:
    """Held-back units [series, day] with the pulses in them.

    A size above 1 multiplies what was sold; one below 1 keeps each unit with that chance.
    """
    size = injection.size[:, None]
    fewer = random.binomial(units.astype(np.int64), np.minimum(size, 1.0))
    changed = np.where(size >= 1.0, units * size, fewer)
    return np.where(injection.active(units.shape[1]), changed, units)
