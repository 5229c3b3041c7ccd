"""Demand as a panel: series (SKU x location) by bucket."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.model.snapshot import Bucket

Floats = NDArray[np.float64]
CorrectionKind = Literal[
    "unit change", "test order", "rename", "bundle", "return",  # what was written
    "panic buying", "spike",  # what sold, but will not again
    "phantom stock", "stockout", "part of a period",  # what did not sell, but would have
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DemandPanel:
    """Observed and cleaned demand. Axes: [series, bucket]; arrays share one shape.

    `series` has one row per series in sorted order of (sku, location), columns: sku, location,
    category, name, price_micros, unit_cost_micros (base currency), launch_date, status.
    A bucket before a series' start is NaN in `observed` and `clean`; the one in which it starts is
    brought to a whole bucket in `clean`. `in_stock` is what we believe: 0 on phantom stock.
    """

    bucket: Bucket
    starts: pd.DatetimeIndex = field(repr=False)  # first day of each bucket, consecutive
    series: pd.DataFrame = field(repr=False)
    observed: Floats = field(repr=False)  # net units sold; promotions and stockouts inside
    in_stock: Floats = field(repr=False)  # share of the bucket that it could be bought, 0..1
    clean: Floats = field(repr=False)  # demand: stockouts filled, panic and anomalies out
    promoted: Floats = field(repr=False)  # share of the bucket on promotion, 0..1
    # sku, location, start, kind (a CorrectionKind), before, after, reason (a sentence)
    corrections: pd.DataFrame = field(repr=False)
    findings: pd.DataFrame = field(repr=False)  # code, sku, location, message, units
    # Share of each bucket that the data cover, 0..1: parts of weeks at either end. None: all of it.
    covered: Floats | None = field(default=None, repr=False)
    # Net units as bought through each of `channels`; no channel where there is only one.
    channels: tuple[str, ...] = ()
    channel_units: NDArray[np.float32] = field(  # [series, channel, bucket]
        default_factory=lambda: np.zeros((0, 0, 0), dtype=np.float32), repr=False
    )

    @property
    def bucket_days(self) -> int:
        return 7 if self.bucket == "week" else 1
