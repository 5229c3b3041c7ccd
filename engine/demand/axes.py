"""The axes of the panel: which series there are, and into which buckets time falls."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Ints, Texts
from engine.demand.catalogue import Catalogue
from engine.demand.findings import Finding
from engine.demand.ledger import Ledger, day_number
from engine.model.config import PlanConfig
from engine.model.snapshot import Bucket, Snapshot

DAYS_PER_WEEK = 7


@dataclass(frozen=True, kw_only=True)
class TimeAxis:
    """Consecutive buckets; the last one ends the day before the as-of date.

    Weeks count back from the as-of date, because step 0 of the forecast begins there and the days
    just sold are the best evidence there is; they fall on `week_start` whenever the as-of date
    does. Weekly sales keep the weekday of the data in the same way.
    """

    bucket: Bucket
    start: int  # first day of the first bucket, days since 1970-01-01
    buckets: int
    first_day: int  # first day covered by sales; the first bucket may begin before it

    @property
    def bucket_days(self) -> int:
        return DAYS_PER_WEEK if self.bucket == "week" else 1

    @property
    def end(self) -> int:
        """The as-of date."""
        return self.start + self.buckets * self.bucket_days

    @property
    def starts(self) -> pd.DatetimeIndex:
        return bucket_starts(self.start, self.buckets, self.bucket_days)

    def bucket_of(self, day: Ints) -> Ints:
        """Position of the bucket that holds each day; may lie outside 0 .. buckets - 1."""
        return (day - self.start) // self.bucket_days


def bucket_starts(start: int, buckets: int, bucket_days: int) -> pd.DatetimeIndex:
    days = (start + bucket_days * np.arange(buckets)).astype("datetime64[D]")
    return pd.DatetimeIndex(days.astype("datetime64[ns]"))


def first_day(starts: pd.DatetimeIndex) -> int:
    """Days from 1970-01-01 to the first bucket; 0 without one."""
    return int(starts.to_numpy(dtype="datetime64[D]")[:1].astype(np.int64).sum())


def time_axis(snapshot: Snapshot, config: PlanConfig) -> tuple[TimeAxis, tuple[Finding, ...]]:
    """Buckets from the first day of sales to the day before the as-of date; at least one."""
    weekly = config.bucket == "week" or snapshot.sales_bucket == "week"
    days = DAYS_PER_WEEK if weekly else 1
    first, end = day_number(snapshot.first_day), day_number(snapshot.as_of)
    # A company that has not sold yet gets one empty bucket: no axis is ever without length.
    buckets = max(-(-(end - first) // days), 1)
    axis = TimeAxis(
        bucket="week" if weekly else "day",
        start=end - buckets * days,
        buckets=buckets,
        first_day=first,
    )
    return axis, tuple(_calendar_findings(snapshot, config, axis))


def _calendar_findings(snapshot: Snapshot, config: PlanConfig, axis: TimeAxis) -> list[Finding]:
    found: list[Finding] = []
    if config.bucket == "day" and axis.bucket == "week":
        message = "Sales are recorded by week, so demand is planned by week, not by day."
        found.append(Finding(code="bucket-is-week", message=message))
    if axis.bucket == "week" and _weekday(snapshot.as_of) != config.week_start % DAYS_PER_WEEK:
        message = "Weeks begin on the weekday of the as-of date, so that the last one is complete."
        found.append(Finding(code="weeks-follow-as-of", message=message))
    return found


def _weekday(day: date) -> int:
    return day.weekday()


@dataclass(frozen=True, kw_only=True)
class SeriesAxis:
    """SKU x location pairs, sorted by name; `place` is the sorted number of each pair."""

    place: Ints
    sku: Ints  # positions in the catalogue
    location: Ints
    skus: Texts  # names, one per series
    locations: Texts

    def __len__(self) -> int:
        return len(self.place)

    def rows(self, place: Ints) -> Ints:
        """The row of each pair; -1 where there is no such series."""
        if len(self.place) == 0:
            return np.full(len(place), -1)
        row = np.minimum(np.searchsorted(self.place, place), len(self.place) - 1)
        return np.where(self.place[row] == place, row, -1)


def series_axis(
    ledger: Ledger, stocked: Ints, expected: Ints, catalogue: Catalogue, is_set: Bools
) -> SeriesAxis:
    """Pairs with sales, stock or an expected launch; sets have no stock and no series."""
    places = np.unique(np.concatenate([np.unique(ledger.place), stocked, expected]))
    locations = len(ledger.locations)
    places = places[~is_set[places // locations]] if locations else places
    sku, location = places // max(locations, 1), places % max(locations, 1)
    return SeriesAxis(
        place=places,
        sku=sku,
        location=location,
        skus=np.array(catalogue.skus, dtype=object)[sku],
        locations=np.array(ledger.locations, dtype=object)[location],
    )
