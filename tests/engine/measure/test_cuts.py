"""By class, category and place: the parts add up to the whole, and weeks to the month."""

from datetime import date

import pytest

from engine.errors import InvalidInput
from engine.measure import MEASURES, Books, KpiName, Period, cut, item_classes, measure, trend
from engine.service.books import books_of
from support.company import small_company, snapshot_of
from support.demand import snapshot

MONTH = Period(start=date(2026, 10, 19), end=date(2026, 11, 15))
# Their parts add up: what is counted belongs to one item in one place.
ADDITIVE: tuple[KpiName, ...] = (
    "fill rate", "on time in full", "weeks of supply", "cash in slow movers",
    "gross margin return", "time out of stock", "stockout rate",
)  # fmt: skip


@pytest.fixture(scope="module")
def books() -> Books:
    return books_of(snapshot_of(small_company), MONTH)


@pytest.mark.parametrize("name", ADDITIVE)
@pytest.mark.parametrize("by", ["class", "category", "location", "supplier"])
def test_the_parts_of_a_figure_add_up_to_it(books: Books, name: KpiName, by: str) -> None:
    whole = measure(books, MONTH, name)[0]
    parts = cut(books, MONTH, name, by)  # pyright: ignore[reportArgumentType]  parametrized

    for side in ("numerator", "denominator"):
        total = sum(getattr(each.kpi, side) for each in parts)
        assert total == pytest.approx(getattr(whole, side), rel=1e-9, abs=1e-6)
    assert len(parts) > 1


def test_weeks_of_a_month_add_up_to_it(books: Books) -> None:
    weeks = trend(books, MONTH.end, 4, "on time in full")

    assert [point.week.end for point in weeks][-1] == MONTH.end
    whole = measure(books, MONTH, "on time in full")[0]
    assert sum(point.kpi.denominator for point in weeks) == whole.denominator
    assert sum(point.kpi.numerator for point in weeks) == whole.numerator


def test_classes_follow_revenue_and_the_item_that_crosses_a_limit_stays_above_it() -> None:
    revenue = {"A1": 70, "A2": 15, "B1": 9, "B2": 4, "C1": 2, "C2": 0}
    data = snapshot(
        items=[{"sku": sku} for sku in revenue],
        sales=[
            {"date": "2026-11-01", "sku": sku, "location": "L", "units": 1,
             "net_revenue_micros": each * 1_000_000}
            for sku, each in revenue.items() if each
        ] + [{"date": "2025-11-01", "sku": "C2", "location": "L", "units": 1,
              "net_revenue_micros": 900_000_000}],
    )  # fmt: skip

    found = item_classes(books_of(data, MONTH), MONTH)

    assert found == {"A1": "A", "A2": "A", "B1": "B", "B2": "B", "C1": "C", "C2": "C"}


def test_a_figure_of_the_whole_company_says_that_it_cannot_be_cut(books: Books) -> None:
    with pytest.raises(InvalidInput, match="order cycle time cannot be cut by class"):
        cut(books, MONTH, "order cycle time", "class")
    with pytest.raises(InvalidInput, match="stock age cannot be cut by location; it is measured "
                       "by class, category"):  # fmt: skip
        cut(books, MONTH, "stock age", "location")


def test_every_figure_names_what_it_was_made_of(books: Books) -> None:
    for kpi in measure(books, MONTH):
        assert kpi.formula.startswith(kpi.numerator_label)
        assert kpi.name in MEASURES
