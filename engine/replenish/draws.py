"""Random days along paths: stratified, and the same whoever asks.

Every distribution is cut into as many equally likely strata as there are paths; path p of a place
takes stratum (permutation[p] + key) mod paths, the key depending on names alone. So means over
paths are nearly exact, two plans of one company share their luck (common random numbers), and
neither the order of places nor the number of workers matters.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# What is drawn: independent of each other. What is on its way shares the luck of THIS_ORDER.
THIS_ORDER, NEXT_ORDER = 0, 1


@dataclass(frozen=True, kw_only=True)
class Strata:
    """`permutation` [purpose, path] of the strata."""

    permutation: Ints = field(repr=False)

    @property
    def paths(self) -> int:
        return self.permutation.shape[1]

    def of(self, purpose: int, keys: Ints) -> Ints:
        """Stratum of each path, [key, path]."""
        return (self.permutation[purpose][None, :] + keys[:, None]) % self.paths


def strata(paths: int, seed: int) -> Strata:
    random = np.random.default_rng([seed, 0x0D4A])
    return Strata(permutation=np.stack([random.permutation(paths) for _ in range(2)]))


def keys_of(names: Sequence[tuple[str, ...]]) -> Ints:
    """A number per name that depends on nothing else."""
    return np.asarray(
        [
            int.from_bytes(blake2b("\x1f".join(name).encode(), digest_size=6).digest(), "big")
            for name in names
        ],
        dtype=np.int64,
    )


def strata_days(pmf: Floats, paths: int) -> Ints:
    """The day at the middle of each stratum, [row, stratum], from rows of a day distribution.

    A row whose chances do not sum to one keeps the missing part as days past its end: what may
    never come.
    """
    levels = (np.arange(paths) + 0.5) / paths
    cumulative = np.cumsum(pmf, axis=1)
    out = np.empty((len(pmf), paths), dtype=np.int64)
    for row, upto in enumerate(cumulative):
        out[row] = np.searchsorted(upto, levels - 1e-12)
    return out
