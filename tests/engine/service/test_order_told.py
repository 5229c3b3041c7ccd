"""Confirmations that come with the data: each word once, the newest counts, people are told."""

from datetime import date
from pathlib import Path

import pytest

from engine.purchase.progress import ConfirmedLine
from engine.purchase.states import OrderState
from engine.service import audit, conversation, purchase
from engine.service.order_arrivals import advance_orders
from engine.service.order_confirming import confirm
from engine.service.order_view import OrderView
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.fulfilment import po_confirmations
from support.purchasing import NOW, buy, click, count, person, proposed, purchasing_stores
from support.sent import mark_sent
from support.snapshots import import_tables, order_row

AS_OF = date(2026, 11, 5)


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    """PO-1001, 60 oak lamps wanted by 16 November, is with the supplier."""
    stores = purchasing_stores(database, tmp_path)
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")
    mark_sent(stores, "PO-1001")
    return stores


def told(stores: Stores, **row: object) -> OrderView:
    snapshot = import_tables(stores, AS_OF, purchase_orders=[order_row("PO-1001", **row)])
    with stores.database.write() as work:
        orders, receipts = snapshot["purchase_orders"], snapshot["receipts"]
        advance_orders(work, stores.seal, orders, receipts, snapshot_id=snapshot.id, now=NOW)
    assert audit.verify(stores).verified
    return purchase.order_view(stores, "PO-1001")


def words(view: OrderView) -> tuple[int | None, date | None]:
    (line,) = view.progress
    return line.confirmed, line.expected_on


def notices(stores: Stores) -> int:
    told = conversation.take_notices(stores, "bea", now=NOW)
    return [notice["kind"] for notice in told].count("confirmation")


@pytest.mark.parametrize(
    ("row", "said", "asks"),
    [
        ({"confirmed_on": "2026-11-16"}, (60, date(2026, 11, 16)), False),
        ({"confirmed_on": "2026-11-30"}, (60, date(2026, 11, 30)), True),
        ({"confirmed_units": 48}, (48, date(2026, 11, 16)), True),
        ({"confirmed_units": 72}, (72, date(2026, 11, 16)), True),
        ({"confirmed_on": "2026-11-16", "cancelled_units": 60}, (0, date(2026, 11, 16)), True),
        ({"confirmed_units": 60, "cancelled_units": 12}, (48, date(2026, 11, 16)), True),
        ({"confirmed_units": 48, "confirmed_on": "2026-12-01"}, (48, date(2026, 12, 1)), True),
    ],
)
def test_units_and_days_that_the_data_confirms_are_stored_line_by_line(
    stores: Stores,
    row: dict[str, object],
    said: tuple[int, date],
    asks: bool,  # noqa: FBT001  a parameter
) -> None:
    for _ in range(3):  # the same data again changes nothing
        view = told(stores, **row)
        assert (view.state, words(view), view.must_answer) == (OrderState.CONFIRMED, said, asks)
    assert count(stores, po_confirmations) == 1
    assert notices(stores) == int(asks)
    kinds = [event.kind for event in audit.events(stores, subject="PO-1001")]
    assert kinds.count("order.confirmed") == 1


def test_a_newer_word_counts_and_older_data_takes_nothing_back(stores: Stores) -> None:
    told(stores, confirmed_on="2026-11-30")
    newer = told(stores, confirmed_on="2026-12-05")
    assert words(newer) == (60, date(2026, 12, 5))
    assert words(told(stores, confirmed_on="2026-11-30")) == (60, date(2026, 12, 5))
    assert count(stores, po_confirmations) == 2
    assert notices(stores) == 2


def test_what_a_person_said_since_stands_against_data_that_has_not_changed(stores: Stores) -> None:
    told(stores, confirmed_on="2026-11-30")
    lines = [ConfirmedLine(line=1, units=60, expected_on=date(2026, 11, 20))]
    confirm(stores, "PO-1001", lines=lines, person=person(stores, "bea"), now=NOW)
    assert words(told(stores, confirmed_on="2026-11-30")) == (60, date(2026, 11, 20))
    assert words(told(stores, confirmed_on="2026-12-02")) == (60, date(2026, 12, 2))


def test_a_line_of_another_item_or_number_says_nothing_of_ours(stores: Stores) -> None:
    for row in ({"sku": "OTHER"}, {"line": 9}):
        view = told(stores, confirmed_on="2026-11-30", **row)
        assert view.progress[0].confirmed is None
    assert count(stores, po_confirmations) == 0


@pytest.mark.parametrize("row", [{}, {"confirmed_units": 0}, {"cancelled_units": 60}])
def test_data_without_a_word_changes_nothing(stores: Stores, row: dict[str, object]) -> None:
    view = told(stores, **row)
    assert (view.state, view.progress[0].confirmed) == (OrderState.SENT, None)
