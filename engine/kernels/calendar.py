"""When a supplier can be ordered from, works and delivers.

Days are whole numbers (`date.toordinal`), so that arrays of days are arrays of integers. A
lead time counts the days on which the supplier is open: a closure stretches it.
"""

import calendar as months
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.errors import InvalidInput

Days = NDArray[np.int64]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SEARCH_DAYS = 800  # a supplier that takes no order for two years takes none


@dataclass(frozen=True, kw_only=True)
class OrderDays:
    """Days on which orders are taken; both sets empty: any day."""

    weekdays: frozenset[int] = frozenset()  # 0 is Monday
    month_days: frozenset[int] = frozenset()  # 31 means the last day of a shorter month

    @property
    def any_day(self) -> bool:
        return not self.weekdays and not self.month_days

    def includes(self, day: date) -> bool:
        if self.any_day or day.weekday() in self.weekdays or day.day in self.month_days:
            return True
        last = months.monthrange(day.year, day.month)[1]
        return day.day == last and any(named > last for named in self.month_days)


def parse_order_days(text: str | None) -> OrderDays:
    """From `mon|thu` or `1|15`; empty means any day. Raises InvalidInput for anything else."""
    weekdays: set[int] = set()
    month_days: set[int] = set()
    for part in (text or "").replace(",", "|").split("|"):
        word = part.strip().lower()
        if not word:
            continue
        if word[:3] in WEEKDAYS:
            weekdays.add(WEEKDAYS.index(word[:3]))
        elif word.isdigit() and 1 <= int(word) <= 31:
            month_days.add(int(word))
        else:
            raise InvalidInput(
                f"{part!r} is no order day; write mon..sun or a day of the month 1..31."
            )
    return OrderDays(weekdays=frozenset(weekdays), month_days=frozenset(month_days))


@dataclass(frozen=True, kw_only=True)
class SupplierCalendar:
    """Order days, the days between two orders where stated, closed days and holidays (ordinals).

    On a holiday nobody works, but an order may be sent; on a closed day not even that.
    """

    order_days: OrderDays = OrderDays()
    review_days: int | None = None
    closed: frozenset[int] = frozenset()
    holidays: frozenset[int] = frozenset()

    @cached_property
    def shut(self) -> Days:
        """Days on which nothing is made or shipped, rising."""
        return np.asarray(sorted(self.closed | self.holidays), dtype=np.int64)

    def takes_orders(self, day: int) -> bool:
        return day not in self.closed and self.order_days.includes(date.fromordinal(day))

    def next_order_day(self, day: int) -> int | None:
        """The first day from `day` on that takes orders; None: none within two years."""
        return next(
            (each for each in range(day, day + _SEARCH_DAYS) if self.takes_orders(each)), None
        )

    def order_day_after(self, day: int, default_review_days: int) -> int | None:
        """The chance to order after one on `day`.

        Stated review days hold; else the next order day where order days are stated, else
        `default_review_days` later. Closed days push it back.
        """
        if self.review_days is not None:
            wait = self.review_days
        else:
            wait = default_review_days if self.order_days.any_day else 1
        return self.next_order_day(day + max(wait, 1))

    def arrival_days(self, ordered: int, longest: int) -> Days:
        """Day of arrival of an order placed on `ordered`, for 0..`longest` open days of lead."""
        span = ordered + np.arange(1, longest + 1 + len(self.shut), dtype=np.int64)
        open_days = span[self._is_open(span)]
        return np.concatenate([np.asarray([ordered], dtype=np.int64), open_days[:longest]])

    def open_days_between(self, start: Days, end: Days) -> Days:
        """Open days after `start` up to and including `end`, elementwise; never negative."""
        shut = np.searchsorted(self.shut, end, side="right") - np.searchsorted(
            self.shut, start, side="right"
        )
        return np.maximum(end - start - np.maximum(shut, 0), 0)

    def _is_open(self, days: Days) -> NDArray[np.bool_]:
        return ~np.isin(days, self.shut)
