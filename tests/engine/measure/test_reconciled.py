"""Key figures against the events they rest on, told one by one in plain Python."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from engine.measure import Period
from engine.measure.fill_rate import fill_rate
from engine.measure.on_time import on_time
from engine.measure.on_time_in_full import on_time_in_full
from engine.measure.order_cycle_time import order_cycle_time
from engine.measure.time_out_of_stock import time_out_of_stock
from support.demand import table

FIRST = date(2026, 11, 2)
WEEKS = Period(start=FIRST, end=FIRST + timedelta(days=13))
AS_OF = FIRST + timedelta(days=20)
DAY = st.integers(-4, 18).map(lambda n: FIRST + timedelta(days=n))
ITEMS = table("items", [{"sku": "LAMP"}, {"sku": "MUG"}])


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Lines with the dates of their steps, and receipts in up to three parts."""
    lines, receipts = [], []
    for number in range(draw(st.integers(0, 6))):
        asked, units = draw(DAY), draw(st.integers(1, 40))
        approved = asked + timedelta(days=draw(st.integers(0, 4)))
        sent = approved + timedelta(days=draw(st.integers(0, 4)))
        lines.append(
            {"po": f"P{number // 2}", "line": number, "supplier": "K", "sku": "LAMP",
             "ordered_on": sent, "units": units, "requested_on": asked, "approved_on": approved,
             "promised_on": draw(st.none() | DAY)}
        )  # fmt: skip
        receipts.extend(
            {"po": f"P{number // 2}", "line": number, "received_on": draw(DAY),
             "units": draw(st.integers(0, 30))}
            for _ in range(draw(st.integers(0, 3)))
        )  # fmt: skip
    return lines, receipts


@given(orders())
@settings(max_examples=20, deadline=None)
def test_deliveries_are_judged_line_by_line(
    book: tuple[list[dict[str, Any]], list[dict[str, Any]]],
) -> None:
    lines, receipts = book
    judged = full_in_time = in_time = 0
    for line in lines:
        due = line["promised_on"]
        if due is None or not WEEKS.start <= due <= WEEKS.end:
            continue
        mine = [each for each in receipts if each["line"] == line["line"]]
        ever = sum(each["units"] for each in mine)
        by_then = sum(each["units"] for each in mine if each["received_on"] <= due)
        judged += 1
        full_in_time += by_then >= 0.98 * line["units"]
        in_time += ever > 0 and by_then >= 0.98 * min(ever, line["units"])
    frames = table("purchase_orders", lines), table("receipts", receipts)

    otif, early = on_time_in_full(*frames, WEEKS, AS_OF), on_time(*frames, WEEKS, AS_OF)

    assert (otif.numerator, otif.denominator) == (full_in_time, judged)
    assert (early.numerator, early.denominator) == (in_time, judged)


@given(orders())
@settings(max_examples=20, deadline=None)
def test_the_cycle_of_every_order_sent_counts_once(
    book: tuple[list[dict[str, Any]], list[dict[str, Any]]],
) -> None:
    of_order: dict[str, list[dict[str, Any]]] = {}
    for line in book[0]:
        if WEEKS.start <= line["ordered_on"] <= WEEKS.end:
            of_order.setdefault(line["po"], []).append(line)
    days = [
        (max(e["ordered_on"] for e in each) - min(e["requested_on"] for e in each)).days
        for each in of_order.values()
    ]

    kpi = order_cycle_time(table("purchase_orders", book[0]), WEEKS)

    assert (kpi.numerator, kpi.denominator) == (sum(days), len(days))


@given(st.lists(st.tuples(DAY, st.sampled_from(["LAMP", "MUG"]), st.integers(1, 9),
                          st.sampled_from(["sale", "cancellation", "return", "test"])),
                max_size=12))  # fmt: skip
@settings(max_examples=20, deadline=None)
def test_units_sold_are_those_of_the_sales_rows(
    events: list[tuple[date, str, int, str]],
) -> None:
    rows = [
        {"date": day, "sku": sku, "location": "LEEDS", "kind": kind,
         "units": units if kind in ("sale", "test") else -units}
        for day, sku, units, kind in events
    ]  # fmt: skip
    stock = table("stock", [{"date": FIRST + timedelta(days=n), "sku": "LAMP", "location": "LEEDS",
                             "on_hand": 1} for n in range(14)])  # fmt: skip
    counted = [
        row for row in rows
        if WEEKS.start <= row["date"] <= WEEKS.end and row["kind"] in ("sale", "cancellation")
    ]  # fmt: skip

    kpi = fill_rate(table("sales", rows), stock, ITEMS, table("backorders"), WEEKS)

    assert kpi.numerator == sum(row["units"] for row in counted)
    assert kpi.denominator == pytest.approx(kpi.numerator)  # in stock on every day: none missed


@given(st.lists(st.tuples(st.integers(0, 16), st.integers(0, 5), st.none() | st.floats(0, 1)),
                unique_by=lambda row: row[0], min_size=1, max_size=17))  # fmt: skip
@settings(max_examples=20, deadline=None)
def test_time_out_of_stock_is_the_missing_part_of_every_recorded_day(
    records: list[tuple[int, int, float | None]],
) -> None:
    stock = table("stock", [
        {"date": FIRST + timedelta(days=n), "sku": "LAMP", "location": "LEEDS", "on_hand": units,
         "in_stock_fraction": share}
        for n, units, share in records
    ])  # fmt: skip
    out = [
        1.0 - (share if share is not None else float(units > 0))
        for n, units, share in records if n < WEEKS.days
    ]  # fmt: skip

    kpi = time_out_of_stock(stock, ITEMS, WEEKS)

    assert kpi.numerator == pytest.approx(sum(out))
    assert kpi.denominator == len(out)
