"""Opens the books that key figures are computed from: data, own orders, plans, budgets, windows."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pandas as pd

from engine.kernels.currency import rates_on
from engine.kernels.renames import under_current_names
from engine.measure import Books, KpiName, Period
from engine.measure.books import DRAWING
from engine.model.config import PlanConfig
from engine.model.snapshot import Snapshot
from engine.service.forecast_accuracy import said_before
from engine.service.own_orders import own_acts, own_times, with_own
from engine.service.past_budgets import capped_plans, total_caps
from engine.service.past_windows import windows_settled
from engine.service.stores import Stores
from engine.service.told_windows import windows_told

FORECASTS: frozenset[KpiName] = frozenset(
    {"forecast accuracy", "forecast bias", "forecast value added"}
)
BUDGETS: frozenset[KpiName] = frozenset({"budget use", "price of the cap"})
PROMISES: frozenset[KpiName] = frozenset({"promise hit rate"})


def books_of(snapshot: Snapshot, day: Period) -> Books:
    """The books of data alone, as if nothing had been done or said from here.

    Money is at the rates of the last day of the period.
    """
    snapshot = under_current_names(snapshot)
    base = snapshot.company.base_currency
    return Books(
        currency=base,
        first_day=snapshot.first_day,
        as_of=snapshot.as_of,
        tables={**snapshot.tables, DRAWING: snapshot["sales"]},
        rates=rates_on(snapshot["fx_rates"], day.end, base),
        orders=with_own(snapshot["purchase_orders"], None),
    )


def open_books(
    stores: Stores,
    snapshot: Snapshot,
    period: Period,
    *,
    config: PlanConfig,
    names: Collection[KpiName],
) -> Books:
    """The books of the company, with what these key figures need of what was done from here."""
    books = books_of(snapshot, period)
    snapshot = under_current_names(snapshot)
    books = replace(
        books,
        orders=with_own(snapshot["purchase_orders"], own_times(stores)),
        acted=own_acts(stores, snapshot),
        seed=config.seed,
    )
    if FORECASTS & set(names):
        weeks = max((snapshot.as_of - period.start).days // 7 + 2, 1)
        books = replace(books, said=said_before(stores, snapshot.as_of, plans=weeks))
    if BUDGETS & set(names):
        books = replace(books, caps=total_caps(stores), capped_plans=capped_plans(stores))
    if PROMISES & set(names):
        books = replace(books, windows=_windows(stores, snapshot, period, config))
    return books


def _windows(
    stores: Stores, snapshot: Snapshot, period: Period, config: PlanConfig
) -> pd.DataFrame:
    """Those that customers were told; where too few were, those that would have been given."""
    told = windows_told(stores)
    days = told["settled_on"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    if int(days.sum()) >= LEAST_TOLD:
        return told
    return windows_settled(snapshot, _origins(snapshot, period), config)


LEAST_TOLD = 20  # windows; fewer tell nothing of how well they hold
ORIGIN_DAYS, ORIGINS_BEFORE = 14, 4  # a fortnight apart, from eight weeks before the period


def _origins(snapshot: Snapshot, period: Period) -> "tuple[pd.Timestamp, ...]":
    first = period.start - timedelta(days=ORIGIN_DAYS * ORIGINS_BEFORE)
    days = pd.date_range(first, period.end, freq=f"{ORIGIN_DAYS}D")
    return tuple(day for day in days if snapshot.first_day < day.date() <= snapshot.as_of)
