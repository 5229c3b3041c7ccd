"""Each KPI with a figure that can be worked out by hand; every case is small enough to follow."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from engine.errors import InvalidInput
from engine.measure import MEASURES, Kpi, Period
from engine.measure.cash_in_slow_movers import cash_in_slow_movers
from engine.measure.fill_rate import fill_rate
from engine.measure.kpi import KpiName
from engine.measure.on_time import on_time
from engine.measure.on_time_in_full import on_time_in_full
from engine.measure.order_cycle_time import order_cycle_time
from engine.measure.time_out_of_stock import time_out_of_stock
from engine.supply.otif import Tolerance
from support.demand import table

NOVEMBER = Period(start=date(2026, 11, 1), end=date(2026, 11, 4))
ITEMS = table("items", [{"sku": "LAMP"}, {"sku": "MUG"}])


def stock(sku: str, days: Mapping[str, tuple[float, float | None]]) -> pd.DataFrame:
    """Day -> (units in the evening, recorded share of the day in stock)."""
    rows = [
        {"date": day, "sku": sku, "location": "LEEDS", "on_hand": units, "in_stock_fraction": part}
        for day, (units, part) in days.items()
    ]
    return table("stock", rows)


def sales(rows: list[tuple[str, str, float]], kind: str = "sale") -> pd.DataFrame:
    return table(
        "sales",
        [
            {"date": day, "sku": sku, "location": "LEEDS", "units": units, "kind": kind}
            for day, sku, units in rows
        ],
    )


LAMP_STOCK = stock(
    "LAMP",
    {
        "2026-11-01": (9, 1.0),
        "2026-11-02": (5, 1.0),
        "2026-11-03": (0, 0.5),  # sold out at noon
        "2026-11-04": (0, 0.0),
    },
)
NOBODY = table("backorders")


def parts_of(kpi: Kpi) -> dict[str, float]:
    return {part.label: part.value for part in kpi.parts}


def test_time_out_of_stock_counts_the_part_of_each_day_that_was_out() -> None:
    rate = time_out_of_stock(LAMP_STOCK, ITEMS, NOVEMBER)

    # Half of the third day and all of the fourth: 1.5 of 4 series-days.
    assert (rate.numerator, rate.denominator) == (1.5, 4)
    assert rate.value == 0.375
    assert parts_of(rate) == {"series out of stock at some time": 1}


def test_time_out_of_stock_judges_by_the_evening_where_no_share_was_recorded() -> None:
    mug = stock("MUG", {"2026-11-01": (3, None), "2026-11-02": (0, None), "2026-11-05": (0, None)})

    rate = time_out_of_stock(mug, ITEMS, NOVEMBER)

    assert rate.value == 0.5  # the fifth is outside the period


def test_time_out_of_stock_leaves_out_items_that_may_be_out_of_stock() -> None:
    ended = table("items", [{"sku": "LAMP", "status": "discontinued"}, {"sku": "MUG"}])

    rate = time_out_of_stock(LAMP_STOCK, ended, NOVEMBER)

    assert rate.value is None
    assert rate.denominator == 0


def test_a_single_stock_take_tells_nothing_of_four_days() -> None:
    once = stock("LAMP", {"2026-11-04": (0, None)})
    sold = sales([("2026-11-01", "LAMP", 4)])

    assert time_out_of_stock(once, ITEMS, NOVEMBER).value is None
    assert fill_rate(sold, once, ITEMS, NOBODY, NOVEMBER).value is None


def test_weekly_records_cover_a_month_with_four_of_them() -> None:
    october = Period(start=date(2026, 10, 5), end=date(2026, 11, 1))
    weekly = stock(
        "LAMP",
        {
            "2026-10-05": (9, None), "2026-10-12": (5, None), "2026-10-19": (0, None),
            "2026-10-26": (7, None),
        },
    )  # fmt: skip

    assert time_out_of_stock(weekly, ITEMS, october).value == 0.25


def test_fill_rate_is_sold_over_sold_and_missed() -> None:
    sold = sales([("2026-11-01", "LAMP", 4), ("2026-11-02", "LAMP", 4), ("2026-11-03", "LAMP", 5)])

    rate = fill_rate(sold, LAMP_STOCK, ITEMS, NOBODY, NOVEMBER)

    # Usual sales: the two whole days, 4 each. Missed: 1.5 days x 4 = 6. Sold: 13.
    assert rate.numerator == 13
    assert rate.denominator == 19
    assert rate.value == pytest.approx(13 / 19)


def test_fill_rate_takes_back_cancellations_but_not_returns() -> None:
    sold = pd.concat(
        [
            sales([("2026-11-01", "LAMP", 4), ("2026-11-02", "LAMP", 4)]),
            sales([("2026-11-02", "LAMP", -2)], kind="cancellation"),
            sales([("2026-11-02", "LAMP", -3)], kind="return"),
            sales([("2026-11-02", "LAMP", 50)], kind="test"),
        ]
    )

    rate = fill_rate(sold, LAMP_STOCK, ITEMS, NOBODY, NOVEMBER)

    # Sold 6, usual 3 a day, missed 1.5 x 3 = 4.5.
    assert (rate.numerator, rate.denominator) == (6, 10.5)


def test_fill_rate_counts_waiting_customers_where_they_are_more_than_the_estimate() -> None:
    sold = sales([("2026-11-01", "LAMP", 4), ("2026-11-02", "LAMP", 4)])
    waiting = table(
        "backorders",
        [
            {"order_line": "W1", "sku": "LAMP", "location": "LEEDS", "units": 7,
             "ordered_at": "2026-11-04 09:00"},
            {"order_line": "W2", "sku": "LAMP", "location": "LEEDS", "units": 9,
             "ordered_at": "2026-10-30 09:00"},
        ],
    )  # fmt: skip

    rate = fill_rate(sold, LAMP_STOCK, ITEMS, waiting, NOVEMBER)

    # Estimated 6 missed, 7 wait from this period: the same customers, so 7 and not 13.
    assert (rate.numerator, rate.denominator) == (8, 15)
    assert parts_of(rate)["units that customers wait for"] == 7


def test_without_data_nothing_is_claimed() -> None:
    sold = sales([("2026-11-01", "LAMP", 4)])
    empty = table("stock")
    orders, receipts = table("purchase_orders"), table("receipts")

    figures = [
        time_out_of_stock(empty, ITEMS, NOVEMBER),
        fill_rate(sold, empty, ITEMS, NOBODY, NOVEMBER),
        on_time_in_full(orders, receipts, NOVEMBER, as_of=date(2026, 11, 10)),
        order_cycle_time(orders, NOVEMBER),
        cash_in_slow_movers(
            empty, sold, ITEMS, table("bundles"), {"GBP": Decimal(1)}, "GBP", date(2026, 11, 5)
        ),
    ]

    assert [figure.value for figure in figures] == [None] * 5


def order(po: str, line: int, units: int, **dates: object) -> dict[str, Any]:
    return {"po": po, "line": line, "supplier": "KOLDING", "sku": "LAMP",
            "ordered_on": "2026-10-01", "units": units} | dates  # fmt: skip


def receipt(po: str, line: int, day: str, units: int, rejected: int = 0) -> dict[str, Any]:
    return {
        "po": po, "line": line, "received_on": day, "units": units, "rejected_units": rejected
    }  # fmt: skip


ORDERS = table(
    "purchase_orders",
    [
        order("A", 1, 100, promised_on="2026-11-02"),  # in time, two short: 98 % is in full
        order("A", 2, 100, promised_on="2026-11-02"),  # in time, three rejected
        order("A", 3, 100, promised_on="2026-11-02"),  # half in time, half a day late
        order("A", 4, 100, promised_on="2026-11-02", cancelled_units=100),
        order("B", 1, 50, promised_on="2026-11-04", confirmed_on="2026-11-20"),  # on the day
        order("B", 2, 50, confirmed_on="2026-11-03"),  # judged by the confirmed day; not come
        order("C", 1, 50, promised_on="2026-11-05"),  # outside the period
        order("D", 1, 50),  # no date to keep to
    ],
)
RECEIPTS = table(
    "receipts",
    [
        receipt("A", 1, "2026-10-30", 98),
        receipt("A", 2, "2026-11-02", 97, rejected=3),
        receipt("A", 3, "2026-11-02", 50),
        receipt("A", 3, "2026-11-03", 50),
        receipt("B", 1, "2026-11-04", 50),
        receipt("C", 1, "2026-11-05", 50),
    ],
)


def test_on_time_in_full_by_order_line() -> None:
    rate = on_time_in_full(ORDERS, RECEIPTS, NOVEMBER, as_of=date(2026, 11, 10))

    # A1 and B1 of A1, A2, A3, A4, B1, B2.
    assert (rate.numerator, rate.denominator) == (2, 6)
    assert parts_of(rate) == {"in full, but late": 1, "short or not come": 3}


def test_on_time_asks_only_when_what_came_came() -> None:
    rate = on_time(ORDERS, RECEIPTS, NOVEMBER, as_of=date(2026, 11, 10))

    # A1, A2 (short, but in time) and B1 of six; A3 came half a day late, A4 and B2 never.
    assert (rate.numerator, rate.denominator) == (3, 6)
    assert parts_of(rate) == {"of which nothing came": 2}


def test_on_time_in_full_with_another_tolerance() -> None:
    rate = on_time_in_full(
        ORDERS, RECEIPTS, NOVEMBER, as_of=date(2026, 11, 10),
        tolerance=Tolerance(days_late=1, in_full=0.95),
    )  # fmt: skip

    assert (rate.numerator, rate.denominator) == (4, 6)  # A2 and A3 as well


def test_lines_that_may_still_come_in_time_are_not_judged() -> None:
    rate = on_time_in_full(ORDERS, RECEIPTS, NOVEMBER, as_of=date(2026, 11, 4))

    assert rate.denominator == 5  # the day of B1 is not over


def test_a_period_for_which_nothing_was_promised_has_no_rate() -> None:
    later = table("purchase_orders", [order("A", 1, 5, promised_on="2026-12-24")])

    rate = on_time_in_full(later, table("receipts"), NOVEMBER, as_of=date(2026, 11, 10))

    assert (rate.value, rate.denominator) == (None, 0)


def test_order_cycle_time_counts_each_order_once() -> None:
    days = {"requested_on": "2026-10-26", "approved_on": "2026-10-29", "ordered_on": "2026-11-02"}
    orders = table(
        "purchase_orders",
        [
            order("A", 1, 5) | days,
            order("A", 2, 5) | days,  # the same order: not twice
            order("B", 1, 5) | days | {"requested_on": "2026-11-01", "approved_on": "2026-11-01"},
            order("C", 1, 5) | days | {"requested_on": None},
            order("D", 1, 5) | days | {"ordered_on": "2026-11-09"},
        ],
    )

    time = order_cycle_time(orders, NOVEMBER)

    # A: 7 days, 3 to approve and 4 to send; B: 1 day, 0 and 1.
    assert (time.numerator, time.denominator) == (8, 2)
    assert time.value == 4
    assert parts_of(time) == {"request to approval": 1.5, "approval to sending": 2.5}


def test_cash_in_slow_movers_is_stock_that_outlasts_what_it_sold() -> None:
    items = table(
        "items",
        [
            {"sku": "LAMP", "unit_cost_micros": 10_000_000},
            {"sku": "MUG", "unit_cost_micros": 2_500_000, "currency": "EUR"},
            {"sku": "RUG", "unit_cost_micros": 99_000_000, "launch_date": "2026-10-01"},
            {"sku": "VASE", "unit_cost_micros": 7_000_000},
        ],
    )
    held = pd.concat(
        [
            stock("LAMP", {"2026-11-03": (500, None), "2026-11-04": (30, None)}),
            stock("MUG", {"2026-11-04": (40, None)}),
            stock("RUG", {"2026-11-04": (12, None)}),  # too new to judge
            stock("VASE", {"2026-11-04": (5, None)}),  # no sale at all
        ]
    )
    sold = sales([("2026-10-01", "LAMP", 30), ("2026-10-02", "SET", 10), ("2026-01-01", "VASE", 9)])
    bundles = table("bundles", [{"bundle_sku": "SET", "component_sku": "MUG", "quantity": 3}])

    cash = cash_in_slow_movers(
        held, sold, items, bundles, {"GBP": Decimal(1), "EUR": Decimal("0.8")}, "GBP",
        as_of=date(2026, 11, 5),
    )  # fmt: skip

    # LAMP sold its 30: not slow (300.00). MUG: 40 held, 30 went in sets: 40 x 2.50 x 0.8 = 80.00.
    # VASE: 5 x 7.00 = 35.00, without a sale within 180 days.
    assert cash.numerator == 11_500
    assert cash.denominator == 41_500
    assert cash.value == 11_500
    assert parts_of(cash) == {
        "share of stock value": pytest.approx(115 / 415),
        "of it without a sale": 3_500,
        "slow series": 2,
    }


@pytest.mark.parametrize("name", MEASURES)
def test_each_definition_is_what_its_docstring_begins_with(name: KpiName) -> None:
    from engine.measure.kpi import definition_of

    function = MEASURES[name].function
    definition = definition_of(function)

    assert definition.startswith((function.__doc__ or "").split("\n")[0])
    assert 80 < len(definition) <= 300  # what a reply may carry
    assert "data contract" not in definition


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InvalidInput, match="ends on 2026-11-01, before it starts on 2026-11-04"):
        Period(start=NOVEMBER.end, end=NOVEMBER.start)
