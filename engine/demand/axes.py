"""The axes of the panel: which series there are, and into which buckets time falls."""

from dataclasses import dataclass

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
    just sold are the best evidence there is. Where a first day of the week is configured, they
    begin on it, and the last one is the part of the running week that is over. Weekly sales keep
    the weekday of the data.
    """

    bucket: Bucket
    start: int  # first day of the first bucket, days since 1970-01-01
    buckets: int
    first_day: int  # first day covered by sales; the first bucket may begin before it
    end: int  # the as-of date; the last bucket may reach beyond it

    @property
    def bucket_days(self) -> int:
        return DAYS_PER_WEEK if self.bucket == "week" else 1

    @property
    def edges(self) -> Ints:
        """First day of each bucket, then the as-of date."""
        return day_edges(self.starts, self.end)

    @property
    def starts(self) -> pd.DatetimeIndex:
        return bucket_starts(self.start, self.buckets, self.bucket_days)

    def bucket_of(self, day: Ints) -> Ints:
        """Position of the bucket that holds each day; may lie outside 0 .. buckets - 1."""
        return (day - self.start) // self.bucket_days


def bucket_starts(start: int, buckets: int, bucket_days: int) -> pd.DatetimeIndex:
    days = (start + bucket_days * np.arange(buckets)).astype("datetime64[D]")
    return pd.DatetimeIndex(days.astype("datetime64[ns]"))


def day_edges(starts: pd.DatetimeIndex, end: int) -> Ints:
    """[bucket + 1] first day of each of consecutive buckets, then the day after the last one."""
    days = starts.to_numpy(dtype="datetime64[D]").astype(np.int64)
    return np.append(days, np.int64(end))


def bucket_at(edges: Ints, day: Ints) -> Ints:
    """Position of the bucket that holds each day; -1 before the first, their number beyond."""
    return np.searchsorted(edges, day, side="right") - 1


def first_day(starts: pd.DatetimeIndex) -> int:
    """Days from 1970-01-01 to the first bucket; 0 without one."""
    return int(starts.to_numpy(dtype="datetime64[D]")[:1].astype(np.int64).sum())


def time_axis(snapshot: Snapshot, config: PlanConfig) -> tuple[TimeAxis, tuple[Finding, ...]]:
    """Buckets from the first day of sales to the day before the as-of date; at least one."""
    weekly = config.bucket == "week" or snapshot.sales_bucket == "week"
    days = DAYS_PER_WEEK if weekly else 1
    first, end = day_number(snapshot.first_day), day_number(snapshot.as_of)
    beyond = _rest_of_week(snapshot, config) if weekly else 0
    # A company that has not sold yet gets one empty bucket: no axis is ever without length.
    buckets = max(-(-(end + beyond - first) // days), 1)
    axis = TimeAxis(
        bucket="week" if weekly else "day",
        start=end + beyond - buckets * days,
        buckets=buckets,
        first_day=first,
        end=end,
    )
    return axis, tuple(_calendar_findings(config, axis))


def _rest_of_week(snapshot: Snapshot, config: PlanConfig) -> int:
    """Days from the as-of date to the next configured first day of a week; 0 without one."""
    if config.week_start is None or snapshot.sales_bucket == "week":
        return 0
    return (config.week_start - snapshot.as_of.weekday()) % DAYS_PER_WEEK


def _calendar_findings(config: PlanConfig, axis: TimeAxis) -> list[Finding]:
    found: list[Finding] = []
    if config.bucket == "day" and axis.bucket == "week":
        message = "Sales are recorded by week, so demand is planned by week, not by day."
        found.append(Finding(code="bucket-is-week", message=message))
    asked = config.week_start
    if asked is not None and axis.bucket == "week" and axis.starts[0].weekday() != asked:
        message = "Sales are recorded by week, so weeks begin on the weekday of the data."
        found.append(Finding(code="weeks-follow-data", message=message))
    return found


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
