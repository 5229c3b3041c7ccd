"""Forecasts that people have set: a factor, units over a period, or a range of units."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.demand.arrays import Floats, Ints, day_numbers, floats, ratio


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What one override covers: rows of the forecast, and how much of each step.

    `share` [step] is the part of the step inside the period; `period_days` the whole period, which
    may begin before the forecast and end after it.
    """

    rows: Ints
    share: Floats
    period_days: int


def apply_overrides(
    mean: Floats, overrides: pd.DataFrame, series: pd.DataFrame, start: int, bucket_days: int
) -> Floats:
    """The mean forecast [series, step] with each override on the days it covers, in order.

    `factor` multiplies; `units`, or the middle of `low` and `high`, replace the demand of the whole
    period from start to end date, spread evenly over its days. An empty location means every
    location: units are then shared in proportion to the forecast. Dates are inclusive; an empty
    end means for ever. `start` is the first day of step 0, in days since 1970-01-01.
    """
    changed = mean.copy()
    if overrides.empty:
        return changed
    factor, units = column(overrides, "factor"), target_units(overrides)
    for number, reach in enumerate(reaches(overrides, series, start, bucket_days, mean.shape[1])):
        rows = reach.rows
        if not np.isnan(units[number]):
            changed[rows] = _spread_units(changed[rows], reach, units[number], bucket_days)
        elif not np.isnan(factor[number]):
            changed[rows] *= 1.0 + (max(factor[number], 0.0) - 1.0) * reach.share
    return changed


def target_units(overrides: pd.DataFrame) -> Floats:
    """[override] units of the whole period; missing where the override is a factor."""
    low, high = column(overrides, "low"), column(overrides, "high")
    return np.where(np.isnan(low), column(overrides, "units"), (low + high) / 2.0)


def reaches(
    overrides: pd.DataFrame, series: pd.DataFrame, start: int, bucket_days: int, steps: int
) -> list[Reach]:
    """What each override covers; one without an end covers all steps from its start on."""
    days: Ints = start + bucket_days * np.arange(steps, dtype=np.int64)
    endless = start + bucket_days * max(steps, 1)
    first = day_numbers(overrides["start_date"].astype("datetime64[ns]"))
    last = day_numbers(overrides["end_date"].astype("datetime64[ns]"))
    until = np.where(last >= first, last, endless)
    of_sku = series.groupby("sku", sort=False).indices
    location = series["location"].to_numpy()
    found: list[Reach] = []
    for number, (sku, place) in enumerate(
        zip(overrides["sku"], overrides["location"], strict=True)
    ):
        rows: Ints = np.asarray(of_sku.get(sku, ()), dtype=np.int64)
        if isinstance(place, str) and place:
            rows = rows[location[rows] == place]
        begins, ends = int(first[number]), int(until[number])
        share = _overlap(days, bucket_days, begins, ends)
        found.append(Reach(rows=rows, share=share, period_days=max(ends - begins + 1, 1)))
    return found


def column(overrides: pd.DataFrame, name: str) -> Floats:
    """A column of figures; one that is not there is missing throughout."""
    if name not in overrides:
        return np.full(len(overrides), np.nan)
    return floats(overrides[name].astype(float))


def _overlap(days: Ints, bucket_days: int, first: int, last: int) -> Floats:
    """Share of each bucket that lies within the period."""
    inside = np.minimum(days + bucket_days, last + 1) - np.maximum(days, first)
    return np.clip(inside, 0, bucket_days) / bucket_days


def _spread_units(mean: Floats, reach: Reach, units: float, bucket_days: int) -> Floats:
    """Units of the period, by day, in proportion to each series' part of the forecast."""
    per_bucket = max(units, 0.0) * bucket_days / reach.period_days
    covered = (mean * reach.share).sum(axis=1)
    whole = float(covered.sum())
    even = np.full(len(mean), 1.0 / max(len(mean), 1))
    part = ratio(covered, np.full(len(mean), whole)) if whole > 0 else even
    return mean * (1.0 - reach.share) + per_bucket * reach.share * part[:, None]
