"""Units by channel on the panel's axes, where sales came through more than one."""

import numpy as np
from numpy.typing import NDArray

from engine.demand.axes import SeriesAxis, TimeAxis
from engine.demand.ledger import Ledger

Singles = NDArray[np.float32]


def channel_units(ledger: Ledger, series: SeriesAxis, time: TimeAxis) -> Singles:
    """[series, channel, bucket] net units per channel of `ledger.channels`, never negative.

    Empty where everything was bought through one channel: there is nothing to tell apart.
    """
    channels = len(ledger.channels)
    if channels < 2:  # noqa: PLR2004  one channel is no decomposition
        return np.zeros((len(series), 0, time.buckets), dtype=np.float32)
    row, bucket = series.rows(ledger.place), time.bucket_of(ledger.day)
    inside = (row >= 0) & (bucket >= 0) & (bucket < time.buckets) & ~ledger.test
    inside &= ledger.channel >= 0
    cells = (row * channels + ledger.channel) * time.buckets + bucket
    units = np.bincount(
        cells[inside], weights=ledger.units[inside],
        minlength=len(series) * channels * time.buckets,
    )  # fmt: skip
    shaped = units.reshape(len(series), channels, time.buckets)
    return np.maximum(shaped, 0.0).astype(np.float32)
