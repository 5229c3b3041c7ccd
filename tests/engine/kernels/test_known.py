"""An earlier morning knows nothing of what came later."""

from datetime import date

import pytest

from engine.errors import InvalidInput
from engine.kernels.known import as_known_on
from support.demand import snapshot

DAY = date(2026, 11, 9)
HISTORY = snapshot(
    as_of=date(2026, 11, 23),
    first_day=date(2026, 10, 1),
    sales=[
        {"date": "2026-11-08", "sku": "LAMP", "units": 1},
        {"date": "2026-11-09", "sku": "LAMP", "units": 5},
    ],
    stock=[
        {"date": "2026-11-08", "sku": "LAMP", "on_hand": 9},
        {"date": "2026-11-09", "sku": "LAMP", "on_hand": 4},
    ],
    purchase_orders=[
        {"po": "A", "line": 1, "supplier": "S", "sku": "LAMP", "ordered_on": "2026-11-01",
         "units": 10, "promised_on": "2026-11-12", "confirmed_on": "2026-11-20",
         "confirmed_units": 10, "shipped_on": "2026-11-18", "cancelled_units": 3},
        {"po": "B", "line": 1, "supplier": "S", "sku": "LAMP", "ordered_on": "2026-10-01",
         "units": 10, "promised_on": "2026-10-20", "confirmed_on": "2026-10-21",
         "shipped_on": "2026-10-20", "cancelled_units": 2},
        {"po": "C", "line": 1, "supplier": "S", "sku": "LAMP", "ordered_on": "2026-11-09",
         "units": 10},
        {"po": "D", "line": 1, "supplier": "S", "sku": "LAMP", "ordered_on": "2026-10-01",
         "units": 10, "promised_on": "2026-10-20", "cancelled_units": 10},
    ],
    receipts=[
        {"po": "B", "line": 1, "received_on": "2026-10-25", "units": 8},
        {"po": "A", "line": 1, "received_on": "2026-11-20", "units": 7},
    ],
    items=[
        {"sku": "LAMP", "status": "discontinued"},
        {"sku": "MUG", "status": "active", "launch_date": "2026-11-15"},
    ],
)  # fmt: skip


def test_sales_stock_and_receipts_end_the_evening_before() -> None:
    known = as_known_on(HISTORY, DAY)

    assert known.as_of == DAY
    assert known["sales"]["units"].tolist() == [1]
    assert known["stock"]["on_hand"].tolist() == [9]
    assert known["receipts"]["po"].tolist() == ["B"]
    assert known.id != HISTORY.id


def test_orders_are_as_they_stood() -> None:
    orders = as_known_on(HISTORY, DAY)["purchase_orders"].set_index("po")

    assert list(orders.index) == ["A", "B", "D"]
    assert orders["confirmed_on"].isna().all()
    assert orders["shipped_on"].isna().tolist() == [True, False, True]
    # A's cancellation is not known yet; B has come; D was promised for a day that has passed.
    assert orders["cancelled_units"].tolist() == [0, 2, 10]


def test_items_are_as_they_were() -> None:
    items = as_known_on(HISTORY, DAY)["items"].set_index("sku")["status"]

    assert items["LAMP"] == "active"  # it still sold
    assert items["MUG"] == "planned"


def test_the_as_of_morning_is_the_snapshot_itself() -> None:
    assert as_known_on(HISTORY, HISTORY.as_of) is HISTORY


@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2026, 11, 24)])
def test_a_day_outside_the_history_is_refused(day: date) -> None:
    with pytest.raises(InvalidInput, match="not within the history; choose a day after 2026-10-01"):
        as_known_on(HISTORY, day)
