"""A snapshot read onto the panel's axes, before any bucket is corrected."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Floats, Ints, day_numbers, texts
from engine.demand.attribution import Events
from engine.demand.availability import Availability, availability, place_days, read_stock
from engine.demand.axes import SeriesAxis, TimeAxis, series_axis, time_axis
from engine.demand.bundles import explode, flatten
from engine.demand.catalogue import Catalogue, build_catalogue
from engine.demand.channels import Singles, channel_units
from engine.demand.findings import Finding
from engine.demand.kept import Kept, kept_cells
from engine.demand.ledger import Ledger, read_ledger
from engine.demand.levers import Levers
from engine.demand.netting import date_reversals
from engine.demand.observed import Observed, observe
from engine.demand.order_lines import OrderLines
from engine.demand.promotions import promoted_series, promotion_levers
from engine.demand.series import describe_series, launch_places
from engine.demand.weekdays import pooled_weekdays
from engine.demand.zones import event_zones
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """Everything read from the snapshot, before any bucket is corrected."""

    series: pd.DataFrame
    unpriced: Bools  # [series]
    time: TimeAxis
    observed: Observed
    stock: Availability
    live: Floats  # [series, bucket] share of the bucket since the series began and data exist
    live_demand: Floats  # the same of the bucket's expected demand (a Saturday weighs more)
    levers: Levers
    events: Events
    kept: Kept
    channels: tuple[str, ...]
    channel_units: Singles  # [series, channel, bucket], no channel where there is only one
    findings: tuple[Finding, ...]


def read(snapshot: Snapshot, config: PlanConfig, decisions: Decisions) -> Recorded:
    """The snapshot on the panel's axes."""
    catalogue = build_catalogue(snapshot)
    locations = location_names(snapshot)
    ledger, left_out = read_ledger(snapshot, catalogue, locations)
    recipe = flatten(snapshot["bundles"], catalogue)
    ledger, from_set = explode(date_reversals(ledger), recipe)
    stock = read_stock(snapshot, catalogue, locations)
    time, calendar = time_axis(snapshot, config)
    is_set = np.isin(np.arange(len(catalogue.skus)), recipe.bundle)
    axis = _series(snapshot, catalogue, ledger, np.unique(stock.place), is_set)
    described = describe_series(axis, snapshot, catalogue, config)
    series = described.frame
    kept = kept_cells(decisions.kept, series, time)
    observed = observe(ledger, from_set, axis, time, kept)
    weekly = snapshot.sales_bucket == "week"
    weekday = pooled_weekdays(ledger, daily=not weekly)
    available = availability(
        stock, axis, time,
        sold=observed.units > 0,
        sold_days=_sold_days(ledger),
        weekday=weekday,
        period_days=7 if weekly else 1,
    )  # fmt: skip
    promoted, ignored = promoted_series(snapshot, series, catalogue)
    return Recorded(
        series=series,
        unpriced=described.unpriced,
        time=time,
        observed=observed,
        stock=available,
        live=_live(series, observed.first_sale, available, time, np.ones(7)),
        live_demand=_live(series, observed.first_sale, available, time, weekday),
        levers=promotion_levers(promoted, observed.units.shape, time.edges),
        events=Events(
            orders=OrderLines(ledger=ledger, series=axis, time=time),
            **_holidays(snapshot, series, time),
        ),
        kept=kept,
        channels=ledger.channels,
        channel_units=channel_units(ledger, axis, time),
        findings=(
            *catalogue.findings, *recipe.findings, *left_out, *calendar, *ignored, *kept.findings,
        ),
    )  # fmt: skip


def _sold_days(ledger: Ledger) -> Ints:
    sold = (ledger.units > 0) & ~ledger.test
    return place_days(ledger.place[sold], ledger.day[sold])


def _holidays(snapshot: Snapshot, series: pd.DataFrame, time: TimeAxis) -> dict[str, Any]:
    """Names of the holidays in each bucket, per zone; see `Events`."""
    zones = event_zones(snapshot, series)
    names = np.full((len(zones.concerned), time.buckets), "", dtype=object)
    bucket = time.bucket_of(day_numbers(zones.events["date"]))
    inside = (bucket >= 0) & (bucket < time.buckets)
    title = texts(zones.events["name"])
    for index, concerned in enumerate(zones.concerned):
        here = inside & concerned
        names[index, bucket[here]] = title[here]
    return {"holidays": names, "zone": zones.zone}


def location_names(snapshot: Snapshot) -> tuple[str, ...]:
    """Every location that any table names, sorted."""
    names = set(snapshot["locations"]["location"].astype(str))
    for table in ("sales", "stock"):
        used = pd.Categorical(snapshot[table]["location"]).remove_unused_categories()
        names.update(str(name) for name in used.categories)
    return tuple(sorted(names))


def _series(
    snapshot: Snapshot, catalogue: Catalogue, ledger: Ledger, stocked: Ints, is_set: Bools
) -> SeriesAxis:
    taken = np.union1d(np.unique(ledger.place), stocked)
    launches = launch_places(snapshot, catalogue, taken, len(ledger.locations))
    return series_axis(ledger, stocked, launches, catalogue, is_set)


def _live(
    series: pd.DataFrame, first_sale: Ints, stock: Availability, time: TimeAxis, weekday: Floats
) -> Floats:
    """Share of each bucket after the series began: its launch, else its first stock or sale.

    Of the bucket's days up to the as-of date, weighed by `weekday` (Monday .. Sunday, mean 1).
    """
    seen = np.minimum(first_sale, time.start + stock.first_seen * time.bucket_days)
    launch = series["launch_date"].to_numpy(dtype="datetime64[D]")
    day = np.where(np.isnat(launch), seen, launch.astype(np.int64))
    # A sale before the stated launch is better evidence than the stated date.
    begins = np.maximum(np.minimum(day, first_sale), time.first_day)[:, None]
    starts = time.start + time.bucket_days * np.arange(time.buckets)[None, :]
    until = np.minimum(starts + time.bucket_days, time.end)
    since = np.maximum(starts, begins)
    weight = _demand_before(np.maximum(until, since), weekday) - _demand_before(since, weekday)
    whole = _demand_before(starts + time.bucket_days, weekday) - _demand_before(starts, weekday)
    # Whole buckets are exactly whole: a rounding error would read as a moment out of stock.
    return np.where(until - since >= time.bucket_days, 1.0, np.clip(weight / whole, 0.0, 1.0))


def _demand_before(day: Ints, weekday: Floats) -> Floats:
    """Demand from a Monday long ago up to each day, in average days."""
    monday = day + 3  # 1970-01-01 was a Thursday
    return monday // 7 * weekday.sum() + np.append(0.0, np.cumsum(weekday))[monday % 7]
