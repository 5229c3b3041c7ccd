"""Distributions of days smoothed as far as few deliveries leave gaps between them."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_OFFSET = 3.0  # days: below about three, a day more or less is no matter of proportion
_STEP = 0.02  # bandwidths are rounded to it, so that few kernels serve all rows
_WIDEST = 0.3


def smoothed(pmf: Floats, observations: Floats) -> Floats:
    """Each row of `pmf` [row, day] spread by a normal kernel in the logarithm of days.

    The bandwidth is Silverman's rule of thumb, .9 x sd x n^(-1/5), of the row's own spread and
    the `observations` it rests on (Silverman 1986, Density Estimation, eq. 3.31). A certain time
    stays certain, and means are kept.
    """
    place: Floats = np.log(np.arange(pmf.shape[1], dtype=np.float64) + _OFFSET)
    mean: Floats = pmf @ place
    sd: Floats = np.sqrt(np.maximum(pmf @ place**2 - mean**2, 0.0))
    width: Floats = np.minimum(0.9 * sd * np.maximum(observations, 1.0) ** -0.2, _WIDEST)
    step: NDArray[np.int64] = np.round(width / _STEP).astype(np.int64)
    found = pmf.copy()
    for each in np.unique(step[step > 0]):
        rows = step == each
        found[rows] = pmf[rows] @ _kernel(place, float(each) * _STEP)
    return found


def _kernel(place: Floats, width: float) -> Floats:
    """[from day, to day]: lognormal around each day, centred so that its mean stays."""
    centre = place[:, None] - width**2 / 2
    density = np.exp(-0.5 * ((place[None, :] - centre) / width) ** 2 - place[None, :])
    return density / density.sum(axis=1, keepdims=True)
