"""Weeks of supply, stock age, gross margin return, stockout rate: figures worked out by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from engine.measure import Kpi, Period
from engine.measure.gross_margin_return import gross_margin_return
from engine.measure.stock_age import stock_age
from engine.measure.stockout_rate import stockout_rate
from engine.measure.weeks_of_supply import weeks_of_supply
from support.demand import table

OCTOBER = Period(start=date(2026, 10, 5), end=date(2026, 11, 1))
RATES = {"GBP": Decimal(1), "EUR": Decimal("0.8")}
ITEMS = table(
    "items",
    [
        {"sku": "LAMP", "unit_cost_micros": 10_000_000, "price_micros": 25_000_000},
        {"sku": "MUG", "unit_cost_micros": 2_500_000, "currency": "EUR", "price_micros": 6_000_000},
        {"sku": "VASE", "unit_cost_micros": 7_000_000},
    ],
)
NO_SETS = table("bundles")


def held(rows: list[tuple[str, str, int]]) -> pd.DataFrame:
    return table(
        "stock",
        [{"date": day, "sku": sku, "location": "LEEDS", "on_hand": n} for day, sku, n in rows],
    )


def sold(rows: list[tuple[str, str, int]], **also: object) -> pd.DataFrame:
    return table(
        "sales",
        [{"date": d, "sku": s, "location": "LEEDS", "units": n, **also} for d, s, n in rows],
    )


def parts_of(kpi: Kpi) -> dict[str, float]:
    return {part.label: part.value for part in kpi.parts}


def test_weeks_of_supply_is_stock_over_a_weeks_use_both_at_cost() -> None:
    stock = held([("2026-11-01", "LAMP", 30), ("2026-11-01", "MUG", 40), ("2026-11-01", "VASE", 5)])
    sales = sold([("2026-10-01", "LAMP", 24), ("2026-10-20", "SET", 10), ("2026-08-01", "VASE", 9)])
    bundles = table("bundles", [{"bundle_sku": "SET", "component_sku": "MUG", "quantity": 4}])

    kpi = weeks_of_supply(stock, sales, ITEMS, bundles, RATES, "GBP", OCTOBER)

    # Stock: 30 x 10 + 40 x 2.50 x .8 + 5 x 7 = 415.00. Eight weeks used 24 x 10 + 40 x 2 = 320.00,
    # a week 40.00. The vase sold outside of the eight weeks: 35.00 that sold nothing.
    assert (kpi.numerator, kpi.denominator) == (41_500, 4_000)
    assert kpi.value == 10.375
    assert parts_of(kpi) == {"stock that sold nothing": pytest.approx(3_500)}


def test_weeks_of_supply_of_what_sells_nothing_are_unknown_rather_than_endless() -> None:
    stock = held([("2026-11-01", "VASE", 5)])

    assert weeks_of_supply(stock, sold([]), ITEMS, NO_SETS, RATES, "GBP", OCTOBER).value is None


def test_stock_age_takes_what_came_last_to_be_what_is_left() -> None:
    stock = held([("2026-11-01", "LAMP", 30), ("2026-11-01", "VASE", 2)])
    orders = table(
        "purchase_orders",
        [
            {"po": po, "line": 1, "supplier": "K", "sku": "LAMP", "ordered_on": "2026-01-01",
             "units": 9}
            for po in "ABCD"
        ],
    )  # fmt: skip
    receipts = table(
        "receipts",
        [
            {"po": "A", "line": 1, "received_on": "2026-03-01", "units": 50},
            {"po": "B", "line": 1, "received_on": "2026-09-02", "units": 8},
            {"po": "C", "line": 1, "received_on": "2026-10-22", "units": 20},
            {"po": "D", "line": 1, "received_on": "2026-11-05", "units": 70},  # after the period
        ],
    )

    kpi = stock_age(
        stock, orders, receipts, ITEMS, RATES, "GBP", date(2025, 11, 1), OCTOBER
    )  # fmt: skip

    # Lamps: 20 of 10 days, 8 of 60 days, 2 of 245 days; the vases were never received, so they are
    # as old as the records: 365 days. 200 x 10 + 80 x 60 + 20 x 245 + 14 x 365 over 314.
    days = 200 * 10 + 80 * 60 + 20 * 245 + 14 * 365
    assert (kpi.numerator, kpi.denominator) == (pytest.approx(days * 100), pytest.approx(31_400))
    assert kpi.value == pytest.approx(days / 314)
    assert parts_of(kpi) == {
        "0 to 30 days": 20_000,
        "31 to 90 days": 8_000,
        "91 to 180 days": 0,
        "181 to 365 days": 3_400,
        "over 365 days": 0,
    }


def test_gross_margin_return_brings_the_margin_to_a_year() -> None:
    stock = held([("2026-10-05", "LAMP", 20), ("2026-10-06", "LAMP", 10), ("2026-10-06", "MUG", 5)])
    sales = pd.concat(
        [
            sold([("2026-10-06", "LAMP", 10)], net_revenue_micros=240_000_000),
            sold([("2026-10-07", "MUG", 5)]),  # no revenue on record: the item's price, 6.00
            sold([("2026-10-20", "LAMP", -1)], kind="return", net_revenue_micros=-24_000_000),
            sold([("2026-11-02", "LAMP", 9)], net_revenue_micros=225_000_000),
        ]
    )

    kpi = gross_margin_return(sales, stock, ITEMS, NO_SETS, RATES, "GBP", OCTOBER)

    # Revenue 240 + 30 - 24 = 246, cost 9 x 10 + 5 x 2 = 100: margin 146 in 28 days.
    # Stock: 200 on the first day, 100 + 10 on the second: 155 on average.
    assert parts_of(kpi) == {
        "gross margin of the period": pytest.approx(14_600),
        "net revenue of the period": pytest.approx(24_600),
    }
    assert kpi.value == pytest.approx(146 * 365 / 28 / 155)


def test_a_set_without_a_cost_costs_what_its_parts_do() -> None:
    stock = held([("2026-10-05", "LAMP", 10)])
    bundles = table(
        "bundles",
        [
            {"bundle_sku": "SET", "component_sku": "LAMP", "quantity": 1},
            {"bundle_sku": "SET", "component_sku": "MUG", "quantity": 2},
        ],
    )
    sales = sold([("2026-10-06", "SET", 1)], net_revenue_micros=50_000_000)

    kpi = gross_margin_return(sales, stock, ITEMS, bundles, RATES, "GBP", OCTOBER)

    assert parts_of(kpi)["gross margin of the period"] == pytest.approx(5_000 - 1_400)


FOUR_DAYS = Period(start=date(2026, 11, 1), end=date(2026, 11, 4))
PLACES = table(
    "locations",
    [{"location": "LEEDS", "channels": "web"}, {"location": "YORK", "channels": "store|web"}],
)
NOBODY = table("backorders")


def shelf(place: str, shares: list[float]) -> list[dict[str, object]]:
    return [
        {"date": date(2026, 11, 1) + timedelta(days=n), "sku": "LAMP", "location": place,
         "on_hand": 1, "in_stock_fraction": share}
        for n, share in enumerate(shares)
    ]  # fmt: skip


def test_stockout_rate_is_by_sessions_where_there_is_traffic() -> None:
    stock = table("stock", shelf("LEEDS", [1, 0.5, 0, 0]) + shelf("YORK", [1, 0.25, 0, 1]))
    traffic = table(
        "traffic",
        [
            {"date": date(2026, 11, 1 + n), "sku": "LAMP", "channel": "web", "sessions": 100}
            for n in range(4)
        ]
        + [
            {"date": "2026-11-04", "sku": "LAMP", "channel": "store", "sessions": 10},
            {"date": "2026-11-04", "sku": "GONE", "channel": "web", "sessions": 99},
        ],
    )

    kpi = stockout_rate(traffic, sold([]), stock, ITEMS, PLACES, NOBODY, FOUR_DAYS)

    # Web is served by both: half of the second day's hundred and all of the third's. York's store
    # had it on the fourth. Nothing is known of GONE.
    assert (kpi.numerator, kpi.denominator) == (150, 410)
    assert kpi.numerator_label == "sessions that met a stockout, estimated"


def test_stockout_rate_is_by_order_lines_without_traffic_and_says_so() -> None:
    stock = table("stock", shelf("LEEDS", [1, 1, 0.5, 0]))
    sales = sold([("2026-11-01", "LAMP", 7), ("2026-11-01", "LAMP", 1), ("2026-11-02", "LAMP", 2),
                  ("2026-11-02", "LAMP", 1), ("2026-11-03", "LAMP", 5)])  # fmt: skip

    kpi = stockout_rate(table("traffic"), sales, stock, ITEMS, PLACES, NOBODY, FOUR_DAYS)

    # Two lines on each whole day; a day and a half was missing: three lines missed, five sold.
    assert (kpi.numerator, kpi.denominator) == (3, 8)
    assert kpi.numerator_label == "order lines that met a stockout, estimated"


def test_traffic_of_a_single_day_does_not_speak_for_four() -> None:
    stock = table("stock", shelf("LEEDS", [1, 1, 1, 1]))
    traffic = table(
        "traffic", [{"date": "2026-11-01", "sku": "LAMP", "channel": "web", "sessions": 5}]
    )

    kpi = stockout_rate(traffic, sold([("2026-11-01", "LAMP", 1)]), stock, ITEMS, PLACES, NOBODY,
                        FOUR_DAYS)  # fmt: skip

    assert (kpi.denominator, kpi.denominator_label) == (1, "order lines of the period")
