from datetime import date

import numpy as np
import pytest

from engine.errors import InvalidInput
from engine.kernels.calendar import SupplierCalendar, parse_order_days

MONDAY = date(2026, 11, 23).toordinal()


def days_of(first: date, last: date) -> frozenset[int]:
    return frozenset(range(first.toordinal(), last.toordinal() + 1))


def test_order_days_are_weekdays_or_days_of_the_month() -> None:
    assert parse_order_days("mon|Thursday").weekdays == {0, 3}
    assert parse_order_days("1|15").month_days == {1, 15}
    assert parse_order_days(None).any_day


def test_a_wrong_order_day_names_itself_and_what_is_allowed() -> None:
    with pytest.raises(InvalidInput, match=r"'someday' is no order day; write mon\.\.sun"):
        parse_order_days("someday")


def test_day_31_means_the_last_day_of_a_shorter_month() -> None:
    calendar = SupplierCalendar(order_days=parse_order_days("31"))

    assert calendar.next_order_day(MONDAY) == date(2026, 11, 30).toordinal()


def test_without_order_days_the_next_chance_comes_after_the_review() -> None:
    assert SupplierCalendar().order_day_after(MONDAY, 7) == MONDAY + 7
    assert SupplierCalendar(review_days=14).order_day_after(MONDAY, 7) == MONDAY + 14


def test_with_order_days_the_next_chance_is_the_next_order_day() -> None:
    calendar = SupplierCalendar(order_days=parse_order_days("mon"))

    assert calendar.next_order_day(MONDAY + 1) == MONDAY + 7
    assert calendar.order_day_after(MONDAY, 3) == MONDAY + 7


def test_a_closure_pushes_the_next_chance_back_and_stretches_the_lead_time() -> None:
    closed = days_of(date(2026, 11, 25), date(2026, 12, 1))
    calendar = SupplierCalendar(closed=closed)

    assert calendar.next_order_day(date(2026, 11, 25).toordinal()) == date(2026, 12, 2).toordinal()
    arrivals = calendar.arrival_days(MONDAY, 4)
    assert [day - MONDAY for day in arrivals] == [0, 1, 9, 10, 11]


def test_open_days_between_leaves_closed_days_out() -> None:
    calendar = SupplierCalendar(closed=days_of(date(2026, 11, 25), date(2026, 11, 26)))
    start = np.asarray([MONDAY, MONDAY, MONDAY + 3])
    end = np.asarray([MONDAY + 1, MONDAY + 7, MONDAY])

    assert calendar.open_days_between(start, end).tolist() == [1, 5, 0]


def test_a_supplier_that_never_takes_orders_has_no_next_day() -> None:
    closed = days_of(date(2026, 1, 1), date(2030, 1, 1))

    assert SupplierCalendar(closed=closed).next_order_day(MONDAY) is None


def test_on_a_holiday_an_order_may_be_sent_but_nothing_moves() -> None:
    feast = SupplierCalendar(holidays=frozenset({MONDAY, MONDAY + 1}))
    shut = SupplierCalendar(closed=frozenset({MONDAY, MONDAY + 1}))

    assert feast.next_order_day(MONDAY) == MONDAY
    assert shut.next_order_day(MONDAY) == MONDAY + 2
    assert feast.arrival_days(MONDAY, 3).tolist() == shut.arrival_days(MONDAY, 3).tolist()
