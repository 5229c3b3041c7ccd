"""Public holidays, shopping events and the weeks in which suppliers are closed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

import pandas as pd

from engine.simulate.company.days import Days
from engine.simulate.company.makers import MAKERS, Shutdown


@dataclass(frozen=True, kw_only=True)
class Event:
    day: date
    name: str
    lift: float  # factor on demand of the day, in shops and online
    run_up_days: int = 0  # days before on which demand already rises towards it


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    week = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * week) // 433
    month = (h + week - 7 * m + 90) // 25
    return date(year, month, (h + week - 7 * m + 33 * month + 19) % 32)


def events_of(year: int) -> tuple[Event, ...]:
    sunday = easter(year)
    friday = black_friday(year)
    mothers = sunday - timedelta(days=21)
    return (
        Event(day=date(year, 1, 1), name="New Year's Day", lift=0.8),
        Event(day=date(year, 2, 14), name="Valentine's Day", lift=1.05, run_up_days=8),
        Event(day=mothers, name="Mothering Sunday", lift=0.95, run_up_days=12),
        Event(day=sunday - timedelta(days=2), name="Good Friday", lift=1.15),
        Event(day=sunday, name="Easter Sunday", lift=0.55),
        Event(day=sunday + timedelta(days=1), name="Easter Monday", lift=1.2),
        Event(day=_monday(year, 5, 1), name="Early May bank holiday", lift=1.2),
        Event(day=_monday(year, 5, 25), name="Spring bank holiday", lift=1.2),
        Event(day=_monday(year, 8, 25), name="Summer bank holiday", lift=1.2),
        Event(day=friday, name="Black Friday", lift=2.1, run_up_days=4),
        Event(day=friday + timedelta(days=3), name="Cyber Monday", lift=1.7),
        Event(day=date(year, 12, 25), name="Christmas Day", lift=0.35),
        Event(day=date(year, 12, 26), name="Boxing Day", lift=1.3),
    )


def _monday(year: int, month: int, not_before: int) -> date:
    day = date(year, month, not_before)
    return day + timedelta(days=-day.weekday() % 7)


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)


def events_between(first: date, last: date) -> tuple[Event, ...]:
    years = range(first.year, last.year + 1)
    found = (event for year in years for event in events_of(year))
    return tuple(sorted((e for e in found if first <= e.day <= last), key=lambda e: e.day))


def holiday_table(days: Days) -> pd.DataFrame:
    """Contract table `holidays`, from the start of the history to the days ahead."""
    events = events_between(days.day(days.history), days.day(days.count - 1))
    return pd.DataFrame(
        {
            "date": pd.DatetimeIndex([event.day for event in events]),
            "country": "GB",
            "name": [event.name for event in events],
        }
    )


def _lunar_new_year(year: int) -> date:
    import holidays

    chinese = holidays.country_holidays("CN", years=[year], language="en_US")
    return min(chinese.get_named("Spring Festival"))


def _diwali(year: int) -> date:
    import holidays

    indian = holidays.country_holidays("IN", years=[year], language="en_US")
    return min(indian.get_named("Diwali"))


def _shutdowns(kind: Shutdown, year: int) -> Iterator[tuple[date, date, str]]:
    if kind == "china":
        spring = _lunar_new_year(year)
        yield spring - timedelta(days=7), spring + timedelta(days=12), "Chinese New Year"
        yield date(year, 10, 1), date(year, 10, 7), "Golden Week"
    elif kind == "tet":
        spring = _lunar_new_year(year)
        yield spring - timedelta(days=4), spring + timedelta(days=7), "Tet"
    elif kind == "diwali":
        lights = _diwali(year)
        yield lights - timedelta(days=2), lights + timedelta(days=4), "Diwali"
    elif kind == "august":
        opening = _monday(year, 8, 3)
        yield opening, opening + timedelta(days=20), "August closure"
    elif kind == "christmas":
        yield date(year, 12, 24), date(year + 1, 1, 2), "Christmas closure"


def closure_table(days: Days) -> pd.DataFrame:
    """Contract table `closures`: first and last day on which a supplier is shut."""
    years = range(days.first.year - 1, days.day(days.count - 1).year + 1)
    spans = {
        kind: [span for year in years for span in _shutdowns(kind, year)]
        for kind in get_args(Shutdown)
    }
    rows = [
        (maker.code, first, last, reason)
        for maker in MAKERS
        for first, last, reason in spans[maker.shutdown]
        if last >= days.first and first <= days.day(days.count - 1)
    ]
    codes, firsts, lasts, reasons = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "supplier": codes,
            "start_date": pd.DatetimeIndex(firsts),
            "end_date": pd.DatetimeIndex(lasts),
            "reason": reasons,
        }
    )
