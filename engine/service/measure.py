"""How did we do? Key figures of a period from the latest (or a named) snapshot."""

from dataclasses import dataclass
from datetime import date, timedelta

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
from engine.service.stores import Stores
from engine.store.snapshots import load_snapshot


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
    return measured(snapshot, Period(start=start, end=end))


def measured(snapshot: Snapshot, period: Period) -> KpiReport:
    """As kpi_report, of a snapshot at hand."""
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
        kpis=_kpis(snapshot, period),
        before=_kpis(snapshot, earlier) if earlier.start >= snapshot.first_day else (),
    )


def _kpis(snapshot: Snapshot, period: Period) -> tuple[Kpi, ...]:
    sales, stock, items = snapshot["sales"], snapshot["stock"], snapshot["items"]
    orders, base = snapshot["purchase_orders"], snapshot.company.base_currency
    morning_after = period.end + timedelta(days=1)
    return (
        stockout_rate(stock, items, period),
        fill_rate(sales, stock, items, snapshot["backorders"], period),
        on_time_in_full(orders, snapshot["receipts"], period, snapshot.as_of),
        order_cycle_time(orders, period),
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
