"""How did we do? Key figures of a period from the latest (or a named) snapshot."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from engine.errors import InvalidInput
from engine.kernels.currency import rates_on
from engine.kernels.renames import under_current_names
from engine.measure import (
    Kpi,
    KpiName,
    cash_in_slow_movers,
    fill_rate,
    on_time_in_full,
    order_cycle_time,
    stockout_rate,
)
from engine.model.period import Period
from engine.model.snapshot import Snapshot
from engine.service.company import local_zone
from engine.service.stores import Stores
from engine.store.orders import sent_orders
from engine.store.snapshots import load_snapshot

# An order sent from here: its times are kept to the step, where an export often has none.
OWN_ORDERS = ("po", "supplier", "requested_on", "approved_on", "ordered_on")
_STEPS = ("proposed_at", "approved_at", "sent_at")


@dataclass(frozen=True, kw_only=True)
class KpiReport:
    """Key figures of a period and, beside them, of the period of equal length before it.

    `before` is empty where the data does not reach back that far. Cash in slow movers is a
    picture at the end of each period.
    """

    snapshot_id: str
    as_of: date
    currency: str  # of money figures, which are minor units
    period: Period
    kpis: tuple[Kpi, ...]
    before: tuple[Kpi, ...]

    def of(self, name: KpiName) -> Kpi:
        return next(kpi for kpi in self.kpis if kpi.name == name)


def kpi_report(
    stores: Stores, *, start: date, end: date, snapshot_id: str | None = None
) -> KpiReport:
    """Measure `start` to `end`, both included, within the snapshot's history.

    Raises InvalidInput for days the data does not cover.
    """
    snapshot = load_snapshot(stores.database, stores.blobs, snapshot_id)
    return measured(snapshot, Period(start=start, end=end), own_orders=_own_orders(stores))


def measured(
    snapshot: Snapshot, period: Period, *, own_orders: pd.DataFrame | None = None
) -> KpiReport:
    """As kpi_report, of a snapshot at hand; `own_orders` are those sent from here, OWN_ORDERS."""
    own = pd.DataFrame(columns=list(OWN_ORDERS)) if own_orders is None else own_orders
    _require_covered(snapshot, period)
    snapshot = under_current_names(snapshot)
    earlier = Period(
        start=period.start - timedelta(days=period.days), end=period.start - timedelta(days=1)
    )
    return KpiReport(
        snapshot_id=snapshot.id,
        as_of=snapshot.as_of,
        currency=snapshot.company.base_currency,
        period=period,
        kpis=_kpis(snapshot, period, own),
        before=_kpis(snapshot, earlier, own) if earlier.start >= snapshot.first_day else (),
    )


def _own_orders(stores: Stores) -> pd.DataFrame:
    """What was proposed, approved and sent here, by the company's calendar; columns OWN_ORDERS."""
    with stores.database.read() as look:
        zone = local_zone(look)
        rows = sent_orders(look)
    frame = pd.DataFrame(
        [(row["number"], row["supplier"], *(_day(row[at], zone) for at in _STEPS)) for row in rows],
        columns=list(OWN_ORDERS),
    )
    return frame.astype(dict.fromkeys(OWN_ORDERS[2:], "datetime64[ns]"))


def _day(at: datetime | None, zone: ZoneInfo) -> date | None:
    return None if at is None else at.astimezone(zone).date()


def _with_own(orders: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Imported orders and our own; one in both counts once, by the times that were kept here."""
    imported = orders[list(OWN_ORDERS)]
    if own.empty:
        return imported
    ours = set(zip(own["po"], own["supplier"], strict=True))
    keys = zip(imported["po"], imported["supplier"], strict=True)
    others = imported[[key not in ours for key in keys]]
    # Another supplier's order may bear the same number; it stays an order of its own.
    own = own.assign(po="ours:" + own["po"].astype(str))
    return own if others.empty else pd.concat([others, own], ignore_index=True)


def _kpis(snapshot: Snapshot, period: Period, own: pd.DataFrame) -> tuple[Kpi, ...]:
    sales, stock, items = snapshot["sales"], snapshot["stock"], snapshot["items"]
    orders, base = snapshot["purchase_orders"], snapshot.company.base_currency
    morning_after = period.end + timedelta(days=1)
    return (
        stockout_rate(stock, items, period),
        fill_rate(sales, stock, items, snapshot["backorders"], period),
        on_time_in_full(orders, snapshot["receipts"], period, snapshot.as_of),
        order_cycle_time(_with_own(orders, own), period),
        cash_in_slow_movers(
            stock, sales, items, snapshot["bundles"],
            rates_on(snapshot["fx_rates"], period.end, base), base, morning_after,
        ),
    )  # fmt: skip


def _require_covered(snapshot: Snapshot, period: Period) -> None:
    last = snapshot.as_of - timedelta(days=1)
    if period.start < snapshot.first_day or period.end > last:
        raise InvalidInput(
            f"{period.start} to {period.end} is not covered by the data, which reaches from "
            f"{snapshot.first_day} to {last}. Choose days within it."
        )
