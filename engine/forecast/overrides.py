"""Forecasts that people have set: a factor, or units over a period."""

import numpy as np
import pandas as pd

from engine.demand.arrays import Floats, Ints, day_numbers, floats


def apply_overrides(
    mean: Floats, overrides: pd.DataFrame, series: pd.DataFrame, start: int, bucket_days: int
) -> Floats:
    """The mean forecast [series, step] with each override on the days it covers, in order.

    `factor` multiplies; `units` replace the demand of the whole period from start to end date,
    spread evenly over its days. An empty location means every location: units are then shared in
    proportion to the forecast. Dates are inclusive; an empty end means for ever.
    """
    changed = mean.copy()
    days: Ints = start + bucket_days * np.arange(mean.shape[1], dtype=np.int64)
    first = day_numbers(overrides["start_date"].astype("datetime64[ns]"))
    last = day_numbers(overrides["end_date"].astype("datetime64[ns]"))
    factor, units = (
        floats(overrides["factor"].astype(float)),
        floats(overrides["units"].astype(float)),
    )
    endless = int(days[-1]) + bucket_days if len(days) else start
    for row in range(len(overrides)):
        rows = _covered(overrides, series, row)
        until = last[row] if last[row] >= first[row] else endless
        share = _overlap(days, bucket_days, int(first[row]), int(until))
        if not np.isnan(units[row]):
            each = _spread_units(
                changed[rows], share, units[row], int(until - first[row]) + 1, bucket_days
            )
            changed[rows] = each
        elif not np.isnan(factor[row]):
            changed[rows] *= 1.0 + (max(factor[row], 0.0) - 1.0) * share
    return changed


def _covered(overrides: pd.DataFrame, series: pd.DataFrame, row: int) -> Ints:
    one = overrides.iloc[row]
    here = series["sku"].to_numpy() == one["sku"]
    if isinstance(one["location"], str) and one["location"]:
        here &= series["location"].to_numpy() == one["location"]
    return np.flatnonzero(here)


def _overlap(days: Ints, bucket_days: int, first: int, last: int) -> Floats:
    """Share of each bucket that lies within the period."""
    inside = np.minimum(days + bucket_days, last + 1) - np.maximum(days, first)
    return np.clip(inside, 0, bucket_days) / bucket_days


def _spread_units(
    mean: Floats, share: Floats, units: float, period_days: int, bucket_days: int
) -> Floats:
    """Units of the period, by day, in proportion to each series' part of the forecast."""
    per_bucket = max(units, 0.0) * bucket_days / period_days
    covered = (mean * share).sum(axis=1)
    whole = covered.sum()
    part = covered / whole if whole > 0 else np.full(len(mean), 1.0 / max(len(mean), 1))
    return mean * (1.0 - share) + per_bucket * share * part[:, None]
