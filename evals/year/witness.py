"""What must hold of a year, held against the books of the world rather than against our own."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from engine.measure import Kpi, Period, measure
from engine.measure.promise_hit_rate import promise_hit_rate
from engine.measure.revenue_saved import nothing_acted
from engine.model.config import PlanConfig
from engine.model.money import exponent
from engine.model.snapshot import Snapshot
from engine.service.audit import verify
from engine.service.books import open_books
from engine.service.past_windows import windows_settled
from engine.service.stores import Stores
from engine.service.told_windows import windows_told
from engine.store.snapshots import load_snapshot
from evals.year.live import Lived
from evals.year.ours import OurMonday

WEEKS_A_PERIOD = 4
HIT_RATE, HIT_TOLERANCE, LEAST_WINDOWS = 0.8, 0.05, 100


@dataclass(frozen=True, kw_only=True)
class Check:
    """Something that must hold; `told` says what was found."""

    name: str
    holds: bool
    told: str


@dataclass(frozen=True, kw_only=True)
class Testimony:
    """The checks, and the key figures of the year they were taken with."""

    checks: tuple[Check, ...]
    kpis: tuple[Kpi, ...]


def testify(stores: Stores, lived: Lived, ours: OurMonday, config: PlanConfig) -> Testimony:
    """Every check of a year whose last morning has been imported."""
    snapshot = load_snapshot(stores.database, stores.blobs)
    world = lived.run.world
    year = Period(start=world.first_day, end=snapshot.as_of - timedelta(days=1))
    books = open_books(stores, snapshot, year, config=config, names=_NAMES)
    kpis = measure(books, year)
    idle = measure(replace(books, acted=nothing_acted()), year, "revenue saved")[0]
    found = {kpi.name: kpi for kpi in kpis}
    checks = (
        *_reconciled(stores, lived, ours, config),
        windows_check("windows told to customers", _told_apart(stores, year)),
        windows_check("windows of order lines", _order_windows(snapshot, year, config)),
        Check(name="revenue saved is zero without actions", holds=idle.value == 0,
              told=f"{idle.value:,.0f}"),
        _saved(found["revenue saved"], lived),
        Check(name="no unit is promised twice", holds=ours.promised_twice == 0,
              told=f"{ours.promised_twice} of {sum(line.units for line, _ in lived.room.served)}"),
        cash_check(ours),
        _orders(lived, ours),
        Check(name="the audit is whole", holds=verify(stores).verified,
              told=f"{verify(stores).events} events"),
    )  # fmt: skip
    return Testimony(checks=checks, kpis=kpis)


_NAMES = ("promise hit rate", "forecast accuracy", "budget use")


def _reconciled(
    stores: Stores, lived: Lived, ours: OurMonday, config: PlanConfig
) -> tuple[Check, ...]:
    """Four weeks at a time: sold, out of stock, stock and orders as the world wrote them down."""
    snapshot = load_snapshot(stores.database, stores.blobs)
    off: dict[str, float] = {"units sold": 0, "time out of stock": 0, "stock": 0, "orders sent": 0}
    for first in range(0, lived.run.world.days, 7 * WEEKS_A_PERIOD):
        last = min(first + 7 * WEEKS_A_PERIOD, lived.run.world.days) - 1
        start = lived.run.world.first_day
        period = Period(start=start + timedelta(days=first), end=start + timedelta(days=last))
        books = open_books(stores, snapshot, period, config=config, names=())
        kpis = {k.name: k for k in measure(books, period, "fill rate", "time out of stock",
                                           "weeks of supply", "order cycle time")}  # fmt: skip
        true = _truth(lived, ours, first, last)
        for name, kpi, side in (
            ("units sold", kpis["fill rate"], "numerator"),
            ("stock", kpis["weeks of supply"], "numerator"),
            ("orders sent", kpis["order cycle time"], "denominator"),
        ):
            gap = abs(getattr(kpi, side) - true[name]) / max(abs(true[name]), 1.0)
            off[name] = max(off[name], gap)
        out = kpis["time out of stock"]
        off["time out of stock"] = max(
            off["time out of stock"], abs(out.numerator - _absent(lived, first, last, out))
        )
    return tuple(
        Check(name=f"{name} reconcile with the events", holds=gap < 1e-6,
              told=f"largest gap {gap:.2g}")
        for name, gap in off.items()
    )  # fmt: skip


def _truth(lived: Lived, ours: OurMonday, first: int, last: int) -> dict[str, Any]:
    world, journal = lived.run.world, lived.run.journal
    shipped = sum(line.units for line, day in lived.room.served if first <= day <= last)
    cost = world.series["cost"].to_numpy(dtype=np.float64)
    minor = 10 ** exponent(world.known.company.base_currency)
    evening = journal.evening[last] + lived.aside[last]
    weeks = range(first // 7, last // 7 + 1)
    return {
        "units sold": float(journal.sold[first : last + 1].sum() + shipped),
        "stock": float((evening * cost).sum()) * minor,
        "orders sent": float(sum(ours.orders_sent[week] for week in weeks)),
    }


def _absent(lived: Lived, first: int, last: int, kpi: Kpi) -> float:
    """Missing series-days of the items that count: those that may not be out of stock."""
    world = lived.run.world
    items = world.known["items"].set_index("sku")["status"]
    counts = ~world.series["sku"].map(items).isin(["planned", "discontinued"]).to_numpy()
    del kpi
    return float((1 - lived.run.journal.present[first : last + 1, counts]).sum())


def _told_apart(stores: Stores, year: Period) -> Kpi:
    """One window per item, place and day: a hundred who wait for one delivery are one promise."""
    windows = windows_told(stores)
    same = ["sku", "location", "given_on", "first", "last"]
    return promise_hit_rate(windows.drop_duplicates(same), year)


def _order_windows(snapshot: Snapshot, year: Period, config: PlanConfig) -> Kpi:
    """Of each order line the first window that a Monday would have given, with what was known."""
    mondays = pd.date_range(year.start + timedelta(days=7), year.end, freq="7D")
    return promise_hit_rate(windows_settled(snapshot, tuple(mondays), config), year)


def windows_check(what: str, kpi: Kpi) -> Check:
    """Over a year there are enough of them to tell; over weeks there are not."""
    rate, count = kpi.value or 0.0, int(kpi.denominator)
    close = abs(rate - HIT_RATE) <= HIT_TOLERANCE
    return Check(
        name=f"80 % {what} hold 80 % +/- 5", holds=close or count < LEAST_WINDOWS,
        told=f"{rate:.1%} of {count}" + ("" if count >= LEAST_WINDOWS else ": too few to tell"),
    )  # fmt: skip


def _saved(kpi: Kpi, lived: Lived) -> Check:
    """Never more than all customers paid."""
    price = lived.run.world.series["price"].to_numpy(dtype=np.float64)
    minor = 10 ** exponent(lived.run.world.known.company.base_currency)
    sold = lived.run.journal.sold.sum(axis=0).astype(np.float64)
    for line, _ in lived.room.served:
        sold[line.row] += line.units
    most = float((sold * price).sum()) * minor * 1.01  # prices are means: promotions move them
    value = kpi.value or 0.0
    return Check(name="revenue saved is not above what customers paid",
                 holds=0 <= value <= most, told=f"{value:,.0f} of {most:,.0f}")  # fmt: skip


def cash_check(ours: OurMonday) -> Check:
    cap = round(ours.made.cap * 100)
    worst = max(ours.spent_minor, default=0)
    return Check(name="no week spends more than its cash", holds=worst <= cap,
                 told=f"at most {worst:,} of {cap:,}")  # fmt: skip


def _orders(lived: Lived, ours: OurMonday) -> Check:
    """What the world was handed is what was approved and sent here, line for line."""
    handed = len(lived.run.journal.placed())
    doubled = len(ours.placed) - len(set(ours.placed))
    return Check(name="every order line was placed once", holds=handed == len(ours.placed)
                 and not doubled, told=f"{handed} lines")  # fmt: skip
