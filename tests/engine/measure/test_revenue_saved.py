"""Acid test 23: revenue saved is zero when nothing was acted on, and is never counted twice."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from engine.measure import Kpi, Period
from engine.measure.revenue_saved import OWN_RECEIPTS, SHIPPED, Acted, nothing_acted, revenue_saved
from engine.simulate.without import Recorded, units_saved
from support.demand import table

FIRST = date(2026, 11, 2)
WEEK = Period(start=FIRST, end=FIRST + timedelta(days=6))
ITEMS = table("items", [{"sku": "LAMP", "price_micros": 25_000_000}, {"sku": "MUG"}])


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def came(*rows: tuple[str, int, int], place: str = "LEEDS") -> pd.DataFrame:
    """(sku, day, units) received on our own orders."""
    return pd.DataFrame(
        [("PO-1001", n, sku, place, pd.Timestamp(day(on)), units)
         for n, (sku, on, units) in enumerate(rows)],
        columns=list(OWN_RECEIPTS),
    )  # fmt: skip


def acted(receipts: pd.DataFrame, *shipped: tuple[str, str, int, int]) -> Acted:
    rows = [(order, sku, "LEEDS", pd.Timestamp(day(on)), n) for order, sku, on, n in shipped]
    frame = pd.DataFrame(rows, columns=list(SHIPPED))
    return Acted(receipts=receipts, shipped=frame if rows else nothing_acted().shipped)


def sales(units: list[int], sku: str = "LAMP", price: int = 20_000_000) -> pd.DataFrame:
    return table(
        "sales",
        [
            {"date": day(n), "sku": sku, "location": "LEEDS", "units": each, "order_id": f"W{n}",
             "net_revenue_micros": each * price}
            for n, each in enumerate(units) if each
        ],
    )  # fmt: skip


def evenings(units: list[int], sku: str = "LAMP") -> pd.DataFrame:
    """From the evening before the first day on."""
    return table(
        "stock",
        [{"date": day(n - 1), "sku": sku, "location": "LEEDS", "on_hand": each}
         for n, each in enumerate(units)],
    )  # fmt: skip


# Ten in stock; sells 4 a day; our 20 come on the third day, so the second half of the week is ours.
SOLD, LEFT = [4, 4, 4, 4, 4, 4, 4], [10, 6, 2, 18, 14, 10, 6, 2]
OURS = acted(came(("LAMP", 2, 20)))


def saved(period: Period = WEEK, done: Acted = OURS, sold: pd.DataFrame | None = None) -> Kpi:
    return revenue_saved(
        sales(SOLD) if sold is None else sold, evenings(LEFT), ITEMS, done, "GBP", period
    )


def test_revenue_saved_is_what_the_shelf_could_not_have_given() -> None:
    kpi = saved()

    # Without the 20 the week had 10 to give: 4, 4, 2 and then nothing. 18 of 28 at 20.00.
    assert kpi.value == 36_000
    assert {part.label: part.value for part in kpi.parts} == {
        "avoided stockouts": 36_000,
        "waiting customers served": 0,
    }


def test_nothing_acted_on_saves_nothing() -> None:
    kpi = saved(done=nothing_acted())

    assert (kpi.value, kpi.low, kpi.high) == (0, 0, 0)


def test_goods_that_only_lay_there_save_nothing() -> None:
    full = evenings([100, 96, 92, 108, 104, 100, 96, 92])

    assert revenue_saved(sales(SOLD), full, ITEMS, OURS, "GBP", WEEK).value == 0


def test_weeks_add_up_to_the_month_because_each_customer_is_saved_once() -> None:
    early = Period(start=FIRST, end=day(3))
    late = Period(start=day(4), end=day(6))

    parts = (saved(early).value or 0) + (saved(late).value or 0)

    assert parts == saved().value == 36_000


def test_a_customer_who_waited_counts_once_though_the_sale_is_on_record_too() -> None:
    # W5's four lamps were promised, and shipped from what came.
    done = acted(came(("LAMP", 2, 20)), ("W5", "LAMP", 5, 4))

    kpi = saved(done=done)

    assert kpi.value == 14 * 2_000 + 4 * 2_500  # shipped at the item's price
    assert {part.label: part.value for part in kpi.parts} == {
        "avoided stockouts": 28_000,
        "waiting customers served": 10_000,
    }


def test_what_was_cancelled_was_not_saved() -> None:
    cancelled = table(
        "sales",
        [{"date": day(6), "sku": "LAMP", "location": "LEEDS", "units": -3, "order_id": "W4",
          "net_revenue_micros": -60_000_000, "kind": "cancellation"}],
    )  # fmt: skip
    # The three cancelled units are back on the shelf on the last day, which our goods allowed.
    left = evenings([*LEFT[:-1], LEFT[-1] + 3])

    kpi = revenue_saved(pd.concat([sales(SOLD), cancelled]), left, ITEMS, OURS, "GBP", WEEK)

    assert kpi.value == 36_000 - 3 * 2_000


def test_an_item_that_somebody_else_brought_is_not_ours_to_boast_of() -> None:
    both = pd.concat([sales(SOLD), sales(SOLD, "MUG")])
    stock = pd.concat([evenings(LEFT), evenings(LEFT, "MUG")])

    assert revenue_saved(both, stock, ITEMS, OURS, "GBP", WEEK).value == 36_000


def test_stock_counted_once_a_week_is_enough() -> None:
    weekly = evenings(LEFT).iloc[[0, -1]]

    assert revenue_saved(sales(SOLD), weekly, ITEMS, OURS, "GBP", WEEK).value == 36_000


def test_the_interval_holds_the_figure_where_items_differ() -> None:
    skus = [f"S{n}" for n in range(12)]
    sold = pd.concat([sales([n % 5 + 1 for _ in SOLD], sku) for n, sku in enumerate(skus)])
    left = pd.concat(
        [evenings([0, 0, 0, *(30 - (d + 1) * (n % 5 + 1) for d in range(5))], sku)
         for n, sku in enumerate(skus)]
    )  # fmt: skip
    done = acted(came(*((sku, 2, 30) for sku in skus)))

    kpi = revenue_saved(sold, left, ITEMS, done, "GBP", WEEK)

    assert kpi.value is not None
    assert kpi.low is not None
    assert kpi.high is not None
    assert 0 < kpi.low < kpi.value < kpi.high


@st.composite
def histories(draw: st.DrawFn) -> Recorded:
    """Days that could have happened: stock flows add up, moves by others included."""
    days, series = draw(st.integers(1, 8)), draw(st.integers(1, 3))
    small = st.integers(0, 9)
    level = np.array([draw(small) for _ in range(series)], dtype=float)
    opening, evening, sold, shipped, ours = level.copy(), [], [], [], []
    for _ in range(days):
        ours.append([draw(small) for _ in range(series)])
        other = np.array([draw(st.integers(-6, 6)) for _ in range(series)])
        there = np.maximum(level + ours[-1] + other, 0)
        shipped.append([draw(st.integers(0, int(each))) for each in there])
        left = there - shipped[-1]
        sold.append([draw(st.integers(0, int(each))) for each in left])
        level = left - sold[-1]
        evening.append(level.copy())
    frames = (np.array(each, dtype=float) for each in (evening, sold, shipped, ours))
    names = ("evening", "sold", "shipped", "ours")
    return Recorded(opening=opening, **dict(zip(names, frames, strict=True)))


@given(histories())
@settings(max_examples=60, deadline=None)
def test_no_unit_saves_two_customers_and_without_units_nobody_is_saved(past: Recorded) -> None:
    result = units_saved(past)
    total = (result.sold + result.shipped).cumsum(axis=0)

    assert (total <= past.ours.cumsum(axis=0)).all()
    assert (result.sold >= 0).all()
    assert (result.sold <= past.sold).all()
    nothing = units_saved(
        Recorded(opening=past.opening, evening=past.evening, sold=past.sold, shipped=past.shipped,
                 ours=np.zeros_like(past.ours))
    )  # fmt: skip
    assert not nothing.sold.any()
    assert not nothing.shipped.any()


def test_a_day_without_a_count_is_carried_by_the_known_flows() -> None:
    past = Recorded(
        opening=np.array([2.0]),
        evening=np.array([[np.nan], [np.nan], [1.0]]),
        sold=np.array([[2.0], [3.0], [3.0]]),
        shipped=np.zeros((3, 1)),
        ours=np.array([[0.0], [7.0], [0.0]]),
    )

    assert units_saved(past).sold.ravel().tolist() == pytest.approx([0, 3, 3])
