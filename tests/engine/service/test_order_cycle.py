"""How long ordering takes, from our own orders and those of the data."""

from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from engine.measure import Kpi
from engine.service.measure import kpi_report
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.purchasing import purchase_orders
from support.purchasing import buy, draft, purchasing_stores
from support.snapshots import import_tables, order_row


def cycle_time(stores: Stores) -> Kpi:
    report = kpi_report(stores, start=date(2026, 11, 1), end=date(2026, 11, 30))
    return report.of("order cycle time")


def sent(stores: Stores, asked: int, approved: int, sent_on: int) -> None:
    """PO-1001 goes through its steps on these days of November, late in the evening."""
    draft(stores, buy("LAMP-OAK-01", 60))
    times = (datetime(2026, 11, day, 22, tzinfo=UTC) for day in (asked, approved, sent_on))
    names = ("proposed_at", "approved_at", "sent_at")
    with stores.database.write() as work:
        work.execute(
            sa.update(purchase_orders).values(state="sent", **dict(zip(names, times, strict=True)))
        )


def test_our_own_orders_count_though_the_export_has_none(
    database: Database, tmp_path: Path
) -> None:
    stores = purchasing_stores(database, tmp_path)
    import_tables(stores, date(2026, 12, 1))
    assert cycle_time(stores).value is None
    sent(stores, 2, 4, 5)
    kpi = cycle_time(stores)
    assert (kpi.value, kpi.denominator) == (3.0, 1.0)
    assert [part.value for part in kpi.parts] == [2.0, 1.0]


def test_an_order_known_here_and_in_the_data_counts_once(
    database: Database, tmp_path: Path
) -> None:
    stores = purchasing_stores(database, tmp_path)
    dated = {"requested_on": "2026-11-01", "approved_on": "2026-11-02"}
    orders = [
        order_row("PO-1001", ordered_on="2026-11-05"),  # ours, exported without its steps
        order_row("E-7", ordered_on="2026-11-10", **dated),
        order_row("PO-1001", line=2, supplier="OAKHURST", ordered_on="2026-11-06", **dated),
    ]
    import_tables(stores, date(2026, 12, 1), purchase_orders=orders)
    sent(stores, 2, 4, 5)
    kpi = cycle_time(stores)
    assert (kpi.numerator, kpi.denominator) == (3 + 9 + 5, 3.0)
