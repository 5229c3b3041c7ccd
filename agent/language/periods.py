"""Stretches of time as people name them, resolved against the day they are said."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from agent.language.numbers import ONES, TENS

DAYS_OF_WEEK = 7
_COUNT = "|".join((*ONES, *TENS))
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY_AND_MONTH = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?)"
    r"(?:,?\s+\d{4})?\b",
    re.IGNORECASE,
)


MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, kw_only=True)
class Period:
    """First and last day, both included, with the words that named it."""

    first: date
    last: date
    phrase: str
    start: int  # where the phrase begins in the text
    end: int
    is_open: bool = False  # only its beginning was said

    @property
    def weeks(self) -> int:
        """Whole weeks it spans, at least one."""
        return max(1, ((self.last - self.first).days + 1) // DAYS_OF_WEEK)


def find_period(text: str, today: date) -> Period | None:
    """The first stretch of time named in the text; None where it names none."""
    for pattern, resolve in _RULES:
        match = pattern.search(text)
        if match is None:
            continue
        bounds = resolve(match, today)
        if bounds is not None:
            first, last = bounds
            return Period(
                first=first, last=last, phrase=match[0], start=match.start(), end=match.end()
            )
    return None


Bounds = tuple[date, date]
_Resolve = Callable[[re.Match[str], date], Bounds | None]


def week_of(day: date) -> Bounds:
    """The ISO week that holds the day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def month_of(day: date) -> Bounds:
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _named(match: re.Match[str], today: date) -> Bounds:
    step = {"this": 0, "current": 0, "last": -1, "previous": -1, "past": -1, "next": 1}
    way = step[match["which"].lower()]
    if match["what"].lower() == "week":
        return week_of(today + timedelta(days=DAYS_OF_WEEK * way))
    middle = today.replace(day=15) + timedelta(days=30 * way)
    return month_of(middle)


def counted(written: str) -> int:
    """`3` or `three`; "a" and "an" are one."""
    said = written.lower()
    return int(said) if said.isdigit() else {"a": 1, "an": 1, **ONES, **TENS}[said]


def _count_of(match: re.Match[str], today: date) -> Bounds:
    days = counted(match["count"]) * {"day": 1, "week": 7, "month": 30}[match["what"].lower()]
    if match["which"].lower() in ("next", "coming"):
        return today, today + timedelta(days=days - 1)
    return today - timedelta(days=days), today - timedelta(days=1)


def _iso_week(match: re.Match[str], today: date) -> Bounds | None:
    year = int(match["year"] or today.isocalendar().year)
    try:
        monday = date.fromisocalendar(year, int(match["week"]), 1)
    except ValueError:
        return None
    return monday, monday + timedelta(days=6)


def _iso_day(match: re.Match[str], _today: date) -> Bounds | None:
    try:
        day = date.fromisoformat(match[0])
    except ValueError:
        return None
    return day, day


def _end_of_month(_match: re.Match[str], today: date) -> Bounds:
    return today, month_of(today)[1]


def _black_friday(_match: re.Match[str], today: date) -> Bounds:
    """Until the day before the Friday after the fourth Thursday of November."""
    for year in (today.year, today.year + 1):
        november = date(year, 11, 1)
        thursday = november + timedelta(days=(3 - november.weekday()) % 7 + 21)
        if thursday >= today:
            return today, thursday
    raise AssertionError("one of two Novembers lies ahead")


def _day_and_month(match: re.Match[str], today: date) -> Bounds | None:
    day = parsed_day(match[0], today)
    return None if day is None else (day, day)


def parsed_day(text: str, today: date) -> date | None:
    """A day as people write it, in the future where that is left open."""
    import dateparser  # a third of a second; few messages name a day

    base = datetime.combine(today, time())
    day = dateparser.parse(
        text,
        languages=["en"],
        settings={"PREFER_DATES_FROM": "future", "RELATIVE_BASE": base},
    )
    return None if day is None else day.date()


def _whole_month(match: re.Match[str], today: date) -> Bounds:
    """The last month of that name that has begun."""
    wanted = MONTHS.index(match["month"][:3].lower()) + 1
    year = today.year if wanted <= today.month else today.year - 1
    return month_of(date(year, wanted, 1))


def _relative_day(match: re.Match[str], today: date) -> Bounds:
    offset = {"today": 0, "tomorrow": 1, "yesterday": -1}[match[0].lower()]
    return today + timedelta(days=offset), today + timedelta(days=offset)


def _rule(pattern: str, resolve: _Resolve) -> tuple[re.Pattern[str], _Resolve]:
    return re.compile(pattern, re.IGNORECASE), resolve


_RULES: tuple[tuple[re.Pattern[str], _Resolve], ...] = (
    _rule(r"\b\d{4}-\d{2}-\d{2}\b", _iso_day),
    _rule(r"\b(?P<which>next|last|past|previous|coming)\s+"
          rf"(?P<count>\d{{1,3}}|{_COUNT})\s+(?P<what>day|week|month)s?\b",
          _count_of),
    _rule(r"\b(?:the\s+)?(?P<which>this|current|last|previous|past|next)\s+(?P<what>week|month)\b",
          _named),
    _rule(r"\b(?:week|wk|w)\s?(?P<week>\d{1,2})(?:\s+(?:of\s+)?(?P<year>\d{4}))?\b", _iso_week),
    _rule(r"\b(?:(?:by|until|before)\s+)?(?:the\s+)?end\s+of\s+(?:the\s+)?month\b", _end_of_month),
    _rule(r"\b(?:before|until|by)\s+black\s+friday\b", _black_friday),
    (_DAY_AND_MONTH, _day_and_month),
    _rule(rf"\b(?:in|for|during|since)\s+(?P<month>{MONTH})\b", _whole_month),
    _rule(r"\b(?:today|tomorrow|yesterday)\b", _relative_day),
)  # fmt: skip
