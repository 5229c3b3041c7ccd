"""How much of each bucket a series could be bought, from end-of-day stock."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.demand.arrays import (
    Bools,
    Floats,
    Ints,
    any_bucket,
    day_numbers,
    floats,
    ratio,
    sum_into,
)
from engine.demand.axes import SeriesAxis, TimeAxis
from engine.demand.catalogue import Catalogue
from engine.model.snapshot import Snapshot

DAYS = 1 << 20  # more days than any date has since 1970
PART_OF_THAT_DAY = 0.5  # the hour is unknown; the middle of the day is expected


@dataclass(frozen=True, kw_only=True)
class StockRows:
    """Stock history as columns, sorted by (place, day), one row per place and day."""

    place: Ints
    day: Ints
    available: Floats  # on hand less reserved at the end of the day; NaN where not recorded
    fraction: Floats  # recorded share of the day in stock; NaN where not recorded

    @property
    def keys(self) -> Ints:
        return place_days(self.place, self.day)


def place_days(place: Ints, day: Ints) -> Ints:
    """Place and day as one number."""
    return place * DAYS + day


@dataclass(frozen=True, kw_only=True)
class Availability:
    """[series, bucket]. Unknown stock counts as in stock, with a finding."""

    in_stock: Floats  # share of the bucket's days
    exposure: Floats  # share of the bucket's expected demand (a Saturday weighs more)
    recorded: Bools  # the records say that there was stock
    known: Bools  # there is a record
    first_seen: Ints  # first bucket with stock on hand; the number of buckets where none


def read_stock(snapshot: Snapshot, catalogue: Catalogue, locations: tuple[str, ...]) -> StockRows:
    """Stock rows before the as-of date; a stock-take of renamed items counts for today's name."""
    stock = snapshot["stock"]
    names = pd.Categorical(stock["sku"])
    sku = np.append(catalogue.codes(list(names.categories)), -1)[names.codes]
    location = pd.Categorical(stock["location"], categories=list(locations)).codes
    place = sku * len(locations) + location.astype(np.int64)
    day = day_numbers(stock["date"])
    rows = np.flatnonzero((sku >= 0) & (location >= 0))
    rows = rows[np.argsort(place_days(place[rows], day[rows]), kind="stable")]
    available = floats(stock["on_hand"])[rows] - np.nan_to_num(floats(stock["reserved"])[rows])
    fraction = floats(stock["in_stock_fraction"])[rows]
    first = np.flatnonzero(np.diff(place_days(place[rows], day[rows]), prepend=-1))
    if len(first) < len(rows):  # two names of one item: their stock adds up
        known = np.add.reduceat((~np.isnan(available)).astype(np.int64), first) > 0
        total = np.add.reduceat(np.nan_to_num(available), first)
        available = np.where(known, total, np.nan)
        rows, fraction = rows[first], np.fmax.reduceat(fraction, first)
    return StockRows(place=place[rows], day=day[rows], available=available, fraction=fraction)


def share_of_period(rows: StockRows, period_days: int, sold: Ints) -> Floats:
    """Share of each recorded day (or week) that it could be bought; NaN where nothing tells.

    Stock at its end and at the end of the one before tell all of it, or that it came in between.
    Gone at its end, it sold out in between if something was sold that day (whatever it began with:
    goods may have come in the morning), else it was not there. `sold` holds the `StockRows.keys` of
    the days with sales.
    """
    here = np.where(np.isnan(rows.available), np.nan, (rows.available > 0).astype(np.float64))
    before = np.roll(here, 1)
    adjacent = (np.roll(rows.place, 1) == rows.place) & (
        np.diff(rows.day, prepend=0) <= period_days
    )
    refilled = adjacent & (before == 0) & (here == 1)
    share = np.where(refilled, PART_OF_THAT_DAY, here)
    gone = np.flatnonzero((here == 0) & np.isnan(rows.fraction))
    if len(gone):
        share[gone[np.isin(rows.keys[gone], sold)]] = PART_OF_THAT_DAY
    return np.where(np.isnan(rows.fraction), share, np.clip(rows.fraction, 0.0, 1.0))


def availability(
    rows: StockRows,
    series: SeriesAxis,
    time: TimeAxis,
    *,
    sold: Bools,
    sold_days: Ints,
    weekday: Floats,
    period_days: int,
) -> Availability:
    """Shares per bucket; `weekday` holds the pooled demand of Monday .. Sunday, mean 1.

    `sold` marks buckets, `sold_days` the `place_days` on which something sold.

    A bucket without any record continues the state of the last one while nothing is sold: shops
    that write stock only when it changes stay out of stock until they are refilled. A series on
    record with nothing but stockouts is a list of stockouts, which says when they end.
    """
    shape = (len(series), time.buckets)
    cells, share = _cells(rows, series, time), share_of_period(rows, period_days, sold_days)
    cells = np.where(np.isnan(share), -1, cells)
    share = np.nan_to_num(share)
    weight = np.ones(len(share)) if time.bucket == "day" else weekday[(rows.day + 3) % 7]
    days = sum_into(shape, cells, np.ones(len(share)))
    in_stock = ratio(sum_into(shape, cells, share), days, 1.0)
    weighed = ratio(sum_into(shape, cells, share * weight), sum_into(shape, cells, weight), 1.0)
    known = days > 0
    # Either stock in the building or a share of the period in stock says that it was on offer.
    offered = (np.nan_to_num(rows.available) > 0) | (np.nan_to_num(rows.fraction) > 0)
    seen = sum_into(shape, cells, offered.astype(np.float64)) > 0
    still_out = _still_out(rows, cells, shape) & ~known & ~sold & any_bucket(seen)[:, None]
    return Availability(
        in_stock=np.where(still_out, 0.0, in_stock),
        exposure=np.where(still_out, 0.0, weighed),
        recorded=known & (in_stock > 0),
        known=known,
        first_seen=np.where(any_bucket(seen), seen.argmax(axis=1), time.buckets),
    )


def _cells(rows: StockRows, series: SeriesAxis, time: TimeAxis) -> Ints:
    row, bucket = series.rows(rows.place), time.bucket_of(rows.day)
    inside = (row >= 0) & (bucket >= 0) & (bucket < time.buckets)
    return np.where(inside, row * time.buckets + bucket, -1)


def _still_out(rows: StockRows, cells: Ints, shape: tuple[int, int]) -> Bools:
    """True where the last record at or before the bucket says that nothing was left."""
    inside = np.flatnonzero(cells >= 0)  # rows are sorted by day, so the last write is the latest
    last = np.full(shape[0] * shape[1], -1, dtype=np.int64)
    last[cells[inside]] = inside
    latest = last.reshape(shape)
    position = np.where(latest >= 0, np.arange(shape[1]), -1)
    position = np.maximum.accumulate(position, axis=1) if shape[1] else position
    carried = np.take_along_axis(latest, np.maximum(position, 0), axis=1)
    empty = np.append(rows.available <= 0, False)  # a sentinel: no record yet
    return empty[np.where(position >= 0, carried, -1)]
