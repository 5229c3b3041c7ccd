"""Our orders in the data: found by number and supplier, moved on by receipts, counted once."""

from datetime import date
from pathlib import Path

import pytest

from engine.model.finding import Finding
from engine.model.snapshot import Snapshot
from engine.purchase.states import OrderState
from engine.service import audit, purchase
from engine.service.decisions import orders_beside
from engine.service.importing import import_folder
from engine.service.order_arrivals import advance_orders
from engine.service.order_steps import record_step
from engine.service.people import SYSTEM
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.orders import find_order, move_order
from support.exports import daily_sales, exports
from support.purchasing import NOW, buy, click, proposed, purchasing_stores
from support.snapshots import import_tables, order_row, receipt_row

AS_OF = date(2026, 11, 20)


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    """PO-1001, 60 oak lamps from Nordlicht for Leeds, is with the supplier."""
    stores = purchasing_stores(database, tmp_path)
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")
    with stores.database.write() as work:
        audit.take_turn(work)
        order = find_order(work, "PO-1001")
        move_order(work, order, OrderState.SENT, sent_at=NOW)
        record_step(work, stores.seal, order.id, SYSTEM, at=NOW, kind="order.sent")
    return stores


def advance(stores: Stores, snapshot: Snapshot) -> tuple[Finding, ...]:
    with stores.database.write() as work:
        return advance_orders(
            work,
            stores.seal,
            snapshot["purchase_orders"],
            snapshot["receipts"],
            snapshot_id=snapshot.id,
            now=NOW,
        )


def seen(stores: Stores, order: dict[str, object], *came: int) -> Snapshot:
    receipts = [receipt_row("PO-1001", units) for units in came]
    return import_tables(stores, AS_OF, purchase_orders=[order], receipts=receipts)


@pytest.mark.parametrize(
    ("order", "came", "state"),
    [
        (order_row("PO-1001"), (), "sent"),
        (order_row("PO-1001", confirmed_on="2026-11-17"), (), "confirmed"),
        (order_row("PO-1001"), (24,), "part_received"),
        (order_row("PO-1001"), (24, 36), "received"),
        (order_row("PO-1001", cancelled_units=36), (24,), "received"),
        (order_row("PO-1001", cancelled_units=60), (), "sent"),  # a person says what that means
    ],
)
def test_an_order_becomes_what_its_receipts_say_and_the_audit_knows(
    stores: Stores, order: dict[str, object], came: tuple[int, ...], state: str
) -> None:
    snapshot = seen(stores, order, *came)
    assert advance(stores, snapshot) == ()
    assert advance(stores, snapshot) == ()  # the same data again changes nothing
    assert purchase.order_view(stores, "PO-1001").state == state
    kinds = [event.kind for event in audit.events(stores, subject="PO-1001")]
    assert kinds.count(f"order.{state}") == 1
    assert audit.verify(stores).findings == ()


def test_an_order_in_parts_moves_on_and_never_back(stores: Stores) -> None:
    early = seen(stores, order_row("PO-1001"), 24)
    late = seen(stores, order_row("PO-1001"), 24, 36)
    for snapshot, state in ((early, "part_received"), (late, "received"), (early, "received")):
        advance(stores, snapshot)
        assert purchase.order_view(stores, "PO-1001").state == state


def test_an_order_in_the_data_counts_there_only(stores: Stores) -> None:
    assert list(orders_beside(stores, import_tables(stores, AS_OF))["po"]) == ["PO-1001"]
    assert orders_beside(stores, seen(stores, order_row("PO-1001"))).empty


def test_another_suppliers_order_of_the_same_number_hides_nothing_and_is_a_finding(
    stores: Stores,
) -> None:
    snapshot = seen(stores, order_row("PO-1001", supplier="OAKHURST"), 60)
    (finding,) = advance(stores, snapshot)
    assert finding.code == "order_number_taken"
    assert finding.examples == ("PO-1001: OAKHURST in the data, NORDLICHT here",)
    assert purchase.order_view(stores, "PO-1001").state == "sent"
    assert list(orders_beside(stores, snapshot)["po"]) == ["PO-1001"]


def test_an_import_moves_our_orders_on_and_reports_numbers_taken(
    stores: Stores, tmp_path: Path
) -> None:
    head = "po,line,supplier,sku,location,ordered_on,units\n"
    sent = "PO-1001,1,{},LAMP,LEEDS,2026-08-03,60\n"
    files = {
        "mapping": "company: {name: Fern & Oak, base_currency: GBP, time_zone: Europe/London, "
        "demo: true}\n",
        "sales_csv": daily_sales(),
        "receipts_csv": "po,line,received_on,units\nPO-1001,1,2026-08-20,24\n",
    }
    strange = exports(tmp_path / "a", purchase_orders_csv=head + sent.format("OTHER"), **files)
    report = import_folder(stores, strange, now=NOW)
    assert "order_number_taken" in {finding.code for finding in report.findings}
    assert purchase.order_view(stores, "PO-1001").state == "sent"
    ours = exports(tmp_path / "b", purchase_orders_csv=head + sent.format("NORDLICHT"), **files)
    report = import_folder(stores, ours, now=NOW)
    assert "order_number_taken" not in {finding.code for finding in report.findings}
    assert purchase.order_view(stores, "PO-1001").state == "part_received"
    assert audit.verify(stores).findings == ()
