"""The calendar of budgets, and what is left of one period in the next."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from engine.errors import InvalidInput
from engine.purchase.carry_over import CarryOver, carried, chain
from engine.purchase.periods import (
    KINDS,
    PeriodKind,
    before,
    covers,
    first_day,
    kind_of,
    months_of,
    periods_of,
)

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def test_a_day_has_a_week_a_month_a_quarter_and_a_year() -> None:
    assert periods_of(date(2026, 11, 2)).names == ("2026-W45", "2026-11", "2026-Q4", "2026")
    # An ISO week may belong to the old year when the day does not.
    assert periods_of(date(2027, 1, 3)).names == ("2026-W53", "2027-01", "2027-Q1", "2027")


@pytest.mark.parametrize(
    ("period", "earlier"),
    [("2026-W01", "2025-W52"), ("2021-W01", "2020-W53"), ("2026-01", "2025-12"),
     ("2026-Q1", "2025-Q4"), ("2026", "2025")],
)  # fmt: skip
def test_each_period_has_one_before_it(period: str, earlier: str) -> None:
    assert before(period) == earlier


@pytest.mark.parametrize("written", ["2026-W54", "2026-13", "2026-Q5", "26", "2026-w1", "soon", ""])
def test_what_is_no_period_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput, match="no budget period"):
        kind_of(written)


@given(DAYS, st.sampled_from(KINDS))
def test_a_day_lies_in_its_periods_and_in_none_before(day: date, kind: PeriodKind) -> None:
    periods = periods_of(day)
    period = periods.of(kind)
    assert kind_of(period) == kind
    assert first_day(period) <= day
    assert covers(period, week=periods.week, month=periods.month)
    assert not covers(before(period), week=periods.week, month=periods.month)
    assert periods_of(first_day(period)).of(kind) == period


def test_quarters_and_years_are_made_of_months() -> None:
    assert months_of("2026-Q4") == ("2026-10", "2026-11", "2026-12")
    assert (len(months_of("2026")), months_of("2026-11")) == (12, ("2026-11",))
    assert months_of("2026-W45") == ()


CAPS = {("total", f"2026-{month:02d}"): 1_000 for month in range(7, 11)}


def rest(carry: str, up_to: int | None = None, used: dict[str, int] | None = None) -> int:
    """What of four months of 1,000 each reaches November."""
    rule = CarryOver(period="month", carry=carry, since="2026-08", up_to_minor=up_to)  # type: ignore[arg-type]  a Literal
    spent = {("total", month): minor for month, minor in (used or {}).items()}
    return carried([rule], "total", "2026-11", CAPS, spent)


@pytest.mark.parametrize(
    ("carry", "up_to", "used", "left"),
    [
        ("none", None, {}, 0),
        ("all", None, {}, 3_000),  # August, September, October; July is before the rule
        ("all", None, {"2026-08": 400, "2026-09": 1_500, "2026-10": 1_000}, 100),
        ("all", None, {"2026-08": 5_000}, 2_000),  # overspent is not taken from the next
        ("capped", 300, {}, 300),
        ("capped", 300, {"2026-10": 1_100}, 200),
    ],
)
def test_what_is_left_goes_on_as_the_rule_says(
    carry: str, up_to: int | None, used: dict[str, int], left: int
) -> None:
    assert rest(carry, up_to, used) == left


def test_a_month_without_a_budget_hands_nothing_on() -> None:
    rule = CarryOver(period="month", carry="all", since="2026-01")
    caps = {("total", "2026-08"): 1_000, ("total", "2026-10"): 50}
    assert carried([rule], "total", "2026-11", caps, {}) == 50


def test_the_rule_of_a_scope_goes_before_the_one_for_all() -> None:
    rules = [
        CarryOver(period="month", carry="all", since="2026-10"),
        CarryOver(period="month", carry="none", since="2026-10", scope="category:Lighting"),
    ]
    assert chain(rules, "total", "2026-11") == ("2026-10",)
    assert chain(rules, "category:Lighting", "2026-11") == ()
    assert chain(rules, "total", "2026-W45") == ()


@given(
    st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 2_500)), min_size=1, max_size=8),
    st.none() | st.integers(0, 1_500),
)
def test_money_is_never_made_by_handing_it_on(
    months: list[tuple[int, int]], up_to: int | None
) -> None:
    rule = CarryOver(
        period="month", carry="all" if up_to is None else "capped", since="2026-01",
        up_to_minor=up_to,
    )  # fmt: skip
    names = [f"2026-{n:02d}" for n in range(1, len(months) + 1)]
    caps = {("total", name): cap for name, (cap, _) in zip(names, months, strict=True)}
    used = {("total", name): spent for name, (_, spent) in zip(names, months, strict=True)}
    left = carried([rule], "total", f"2026-{len(months) + 1:02d}", caps, used)
    assert 0 <= left <= sum(cap for cap, _ in months)
    assert up_to is None or left <= up_to
