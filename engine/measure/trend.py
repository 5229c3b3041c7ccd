"""How a key figure went from week to week."""

from dataclasses import dataclass
from datetime import date, timedelta

from engine.measure.books import Books
from engine.measure.catalogue import measure
from engine.measure.kpi import Kpi, KpiName
from engine.model.period import Period

WEEK = 7


@dataclass(frozen=True, kw_only=True)
class Point:
    """The figure of one week."""

    week: Period
    kpi: Kpi


def weeks_up_to(last: date, count: int, first_day: date) -> tuple[Period, ...]:
    """Up to `count` whole weeks that end on `last`, the oldest first, none before the records."""
    ends = (last - timedelta(days=WEEK * back) for back in reversed(range(count)))
    weeks = (Period(start=end - timedelta(days=WEEK - 1), end=end) for end in ends)
    return tuple(week for week in weeks if week.start >= first_day)


def trend(books: Books, last: date, count: int, name: KpiName) -> tuple[Point, ...]:
    """The figure of each of the last weeks."""
    weeks = weeks_up_to(last, count, books.first_day)
    return tuple(Point(week=week, kpi=measure(books, week, name)[0]) for week in weeks)
