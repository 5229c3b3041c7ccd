"""The calendar of budgets: ISO weeks, months, quarters and years, as budgets write them.

    2026-W48   an ISO week        2026-11   a month
    2026-Q4    a quarter          2026      a calendar year

What an order takes is booked on a week and a month; quarters and years are made of months, so an
order of 1 January counts for the new year, whatever its ISO week belongs to.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from engine.errors import InvalidInput

PeriodKind = Literal["week", "month", "quarter", "year"]
KINDS: tuple[PeriodKind, ...] = ("week", "month", "quarter", "year")
_WRITTEN: dict[PeriodKind, re.Pattern[str]] = {
    "week": re.compile(r"(\d{4})-W(\d{2})"),
    "month": re.compile(r"(\d{4})-(\d{2})"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "year": re.compile(r"(\d{4})"),
}
MONTHS_A_QUARTER = 3


@dataclass(frozen=True, kw_only=True)
class Periods:
    """The periods a day belongs to."""

    week: str  # 2026-W48
    month: str  # 2026-11

    @property
    def quarter(self) -> str:
        return f"{self.year}-Q{(int(self.month[5:]) - 1) // MONTHS_A_QUARTER + 1}"

    @property
    def year(self) -> str:
        return self.month[:4]

    @property
    def names(self) -> tuple[str, ...]:
        """From the shortest to the longest."""
        return (self.week, self.month, self.quarter, self.year)

    def of(self, kind: PeriodKind) -> str:
        return self.names[KINDS.index(kind)]

    def __contains__(self, period: str) -> bool:
        return period in self.names


def periods_of(day: date) -> Periods:
    year, week, _ = day.isocalendar()
    return Periods(week=f"{year}-W{week:02d}", month=f"{day:%Y-%m}")


def kind_of(period: str) -> PeriodKind:
    """Raises InvalidInput for what is no period, also for a week 54 or a month 13."""
    for kind, written in _WRITTEN.items():
        if written.fullmatch(period):
            try:
                _first_day(period, kind)
            except ValueError:
                break
            return kind
    raise InvalidInput(
        f"{period!r} is no budget period; write a week like 2026-W48, a month like 2026-11, a "
        "quarter like 2026-Q4 or a year like 2026."
    )


def before(period: str) -> str:
    """The period of the same kind that ended when this one began."""
    kind = kind_of(period)
    return periods_of(_first_day(period, kind) - timedelta(days=1)).of(kind)


def first_day(period: str) -> date:
    return _first_day(period, kind_of(period))


def covers(period: str, *, week: str, month: str) -> bool:
    """Whether what was booked on a week and a month falls into a period."""
    return period in Periods(week=week, month=month)


def months_of(period: str) -> tuple[str, ...]:
    """The months that a month, quarter or year is made of; none for a week."""
    kind = kind_of(period)
    if kind == "week":
        return ()
    if kind == "month":
        return (period,)
    year, first = period[:4], first_day(period).month
    many = MONTHS_A_QUARTER if kind == "quarter" else 12
    return tuple(f"{year}-{month:02d}" for month in range(first, first + many))


def _first_day(period: str, kind: PeriodKind) -> date:
    year = int(period[:4])
    if kind == "week":
        return date.fromisocalendar(year, int(period[6:]), 1)
    if kind == "month":
        return date(year, int(period[5:]), 1)
    if kind == "quarter":
        return date(year, (int(period[6:]) - 1) * MONTHS_A_QUARTER + 1, 1)
    return date(year, 1, 1)
