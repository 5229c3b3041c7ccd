"""The days for which something is to hold: "until Christmas", "1 to 14 December", "in week 50".

Unlike `agent.language.periods`, which also looks back, a span begins today or later: what is set
for December in November means the December to come.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from agent.language.numbers import ONES
from agent.language.periods import (
    MONTH,
    MONTHS,
    Period,
    counted,
    find_period,
    month_of,
    parsed_day,
    week_of,
)

_ANY_CASE = re.IGNORECASE
_DAY = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}(?:\s+\d{{4}})?"
    rf"|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|christmas(?:\s+eve|\s+day)?|new\s+year(?:'?s)?(?:\s+(?:eve|day))?|black\s+friday|easter"
    rf"|(?:the\s+)?end\s+of\s+(?:the\s+|this\s+)?(?:month|year|week|{MONTH})|{MONTH}"
    r"|(?:next|this)\s+(?:week|month)|today|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"(?:\s+week)?)"
)
_UNTIL = r"(?:until|till|til|to|up\s+to|through|thru|-|–|by|and)"
_FROM_TO = re.compile(
    rf"\b(?:from|between)?\s*(?P<first>{_DAY})\s*{_UNTIL}\s+(?P<last>{_DAY})\b", _ANY_CASE
)
_SHORT_RANGE = re.compile(  # 1 to 14 December, 1-14 Dec
    rf"\b(?P<first>\d{{1,2}})(?:st|nd|rd|th)?\s*{_UNTIL}\s*(?:the\s+)?(?P<last>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"\s+(?:of\s+)?(?P<month>{MONTH})\b",
    _ANY_CASE,
)
_SAME_MONTH = re.compile(  # 13 December to 7 December, no year said
    rf"\b(?P<first>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{MONTH})\s*{_UNTIL}\s*"
    rf"(?P<last>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<again>{MONTH})\b(?!,?\s+\d{{4}})",
    _ANY_CASE,
)
_WEEKS = re.compile(
    rf"\b(?:weeks?|wks?)\s?(?P<first>\d{{1,2}})\s*{_UNTIL}\s*(?:(?:week|wk)\s?)?(?P<last>\d{{1,2}})\b",
    _ANY_CASE,
)
_UNTIL_DAY = re.compile(
    rf"\b(?:until|till|til|up\s+to|through|by|before)\s+(?P<last>{_DAY})\b", _ANY_CASE
)
_FROM_DAY = re.compile(
    rf"\b(?:from|starting|as\s+of|beginning|effective)\s+(?:on\s+)?(?P<first>{_DAY})\b",
    _ANY_CASE,
)
_FOR_WEEKS = re.compile(
    rf"\bfor\s+(?:the\s+)?(?:next\s+|coming\s+|another\s+)?(?P<count>\d{{1,2}}|an?|{'|'.join(ONES)})"
    r"\s+(?P<what>day|week|fortnight|month)s?\b",
    _ANY_CASE,
)
_IN_SOME = re.compile(  # in two weeks: the day it is then
    rf"\bin\s+(?P<count>\d{{1,2}}|an?|{'|'.join(ONES)})\s+(?P<what>day|week|fortnight|month)s?\b"
    r"(?:'?s?\s+time)?",
    _ANY_CASE,
)
_IN_MONTH = re.compile(
    rf"\b(?:in|for|during|over|throughout|this|next|all\s+of|of)\s+(?P<month>{MONTH})\b",
    _ANY_CASE,
)
_OVER_CHRISTMAS = re.compile(r"\b(?:over|during|for|at)\s+(?:the\s+)?christmas\b", _ANY_CASE)
_BLACK_FRIDAY_WEEK = re.compile(
    r"\b(?:in|for|during|on|over)\s+black\s+friday(?:\s+week)?\b", _ANY_CASE
)
_DAYS_OF = {"day": 1, "week": 7, "fortnight": 14, "month": 30}
Bounds = tuple[date, date]
_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], Bounds | None]]


def find_span(text: str, today: date) -> Period | None:
    """The days that the text names, none of them wholly past; None where it names none.

    A span with an end alone begins today; one with a beginning alone has the same day as `last`
    and `is_open` set.
    """
    opening = _FROM_DAY.search(text)
    for pattern, resolve in _RULES:
        match = pattern.search(text)
        bounds = resolve(match, today) if match else None
        if match is None or bounds is None:
            continue
        start, end = match.span()
        if opening is not None and pattern is not _FROM_DAY:
            first = _begin(opening["first"], today)
            later = pattern is _FOR_WEEKS or (first is not None and first <= bounds[1])
            if first is not None and later and not _within(opening, match):
                bounds = _shifted(pattern, bounds, first)
                start, end = min(start, opening.start()), max(end, opening.end())
        return _period(text, bounds, start, end, is_open=pattern is _FROM_DAY)
    named = find_period(text, today)
    return named if named is not None and named.last >= today else None


def ends_before_it_begins(text: str) -> bool:
    """`from 13 to 7 December`: days of one month, in the wrong order."""
    match = _SHORT_RANGE.search(text) or _SAME_MONTH.search(text)
    if match is None:
        return False
    groups = match.groupdict()
    same = groups["month"][:3].lower() == (groups.get("again") or groups["month"])[:3].lower()
    return same and int(groups["first"]) > int(groups["last"])


def _within(inner: re.Match[str], outer: re.Match[str]) -> bool:
    return outer.start() <= inner.start() and inner.end() <= outer.end()


def _shifted(pattern: re.Pattern[str], bounds: Bounds, first: date) -> Bounds:
    """What lasts "for two weeks from 1 December" as long as it says; other spans keep their end."""
    length = bounds[1] - bounds[0]
    return (first, first + length) if pattern is _FOR_WEEKS else (first, bounds[1])


def _period(text: str, bounds: Bounds, start: int, end: int, *, is_open: bool) -> Period:
    return Period(
        first=bounds[0], last=bounds[1], phrase=text[start:end], start=start, end=end,
        is_open=is_open,
    )  # fmt: skip


def _from_to(match: re.Match[str], today: date) -> Bounds | None:
    first = _begin(match["first"], today)
    last = None if first is None else _end(match["last"], first)
    return None if first is None or last is None or last < first else (first, last)


def _short_range(match: re.Match[str], today: date) -> Bounds | None:
    ends = _end(f"{match['last']} {match['month']}", today)
    if ends is None or int(match["first"]) > ends.day:
        return None
    return ends.replace(day=int(match["first"])), ends


def _weeks(match: re.Match[str], today: date) -> Bounds | None:
    first = _iso_week(int(match["first"]), today)
    last = None if first is None else _iso_week(int(match["last"]), first[0])
    return None if first is None or last is None else (first[0], last[1])


def _iso_week(week: int, today: date) -> Bounds | None:
    """The week of that number that is not over yet."""
    year = today.isocalendar().year
    for candidate in (year, year + 1):
        try:
            monday = date.fromisocalendar(candidate, week, 1)
        except ValueError:
            return None
        if monday + timedelta(days=6) >= today:
            return week_of(monday)
    return None


def _until(match: re.Match[str], today: date) -> Bounds | None:
    last = _end(match["last"], today)
    if last is None:
        return None
    excluded = match[0].lower().startswith("before")
    return today, last - timedelta(days=1) if excluded else last


def _from(match: re.Match[str], today: date) -> Bounds | None:
    first = _begin(match["first"], today)
    return None if first is None else (first, first)


def _for_weeks(match: re.Match[str], today: date) -> Bounds:
    days = counted(match["count"]) * _DAYS_OF[match["what"].lower()]
    return today, today + timedelta(days=max(days, 1) - 1)


def _in_some(match: re.Match[str], today: date) -> Bounds:
    day = today + timedelta(days=counted(match["count"]) * _DAYS_OF[match["what"].lower()])
    return day, day


def _in_month(match: re.Match[str], today: date) -> Bounds:
    first, last = _coming_month(match["month"], today)
    return max(first, today), last


def _coming_month(name: str, today: date) -> Bounds:
    wanted = MONTHS.index(name[:3].lower()) + 1
    year = today.year if wanted >= today.month else today.year + 1
    return month_of(date(year, wanted, 1))


def _christmas(_match: re.Match[str], today: date) -> Bounds:
    year = today.year if today <= date(today.year, 12, 26) else today.year + 1
    return max(date(year, 12, 18), today), date(year, 12, 26)


def _black_friday(_match: re.Match[str], today: date) -> Bounds:
    return week_of(_friday(today))


def _friday(today: date) -> date:
    """The day after the fourth Thursday of November, this year's or the next."""
    for year in (today.year, today.year + 1):
        november = date(year, 11, 1)
        thursday = november + timedelta(days=(3 - november.weekday()) % 7 + 21)
        if thursday + timedelta(days=1) >= today:
            return thursday + timedelta(days=1)
    raise AssertionError("one of two Novembers lies ahead")


def _begin(text: str, today: date) -> date | None:
    """The first day meant by a name: a month, week or feast begins with its first day."""
    bounds = _bounds_of(text, today)
    return None if bounds is None else bounds[0]


def _end(text: str, today: date) -> date | None:
    bounds = _bounds_of(text, today)
    return None if bounds is None else bounds[1]


def _bounds_of(text: str, today: date) -> Bounds | None:
    """First and last day that a name stands for; none of them past."""
    said = re.sub(r"\s+", " ", text.lower()).removeprefix("the ")
    feast = _feast(said, today)
    if feast is not None:
        return feast, feast
    if said.startswith("end of"):
        return _end_of(said, today)
    if re.fullmatch(MONTH, said):
        return _coming_month(said, today)
    named = find_period(said, today)
    if named is not None and named.last >= today:
        return named.first, named.last
    if said.endswith("day week"):  # Monday week: the one after the next
        said, later = said.removesuffix(" week"), timedelta(weeks=1)
        coming = parsed_day(said, today)
        return None if coming is None else (coming + later, coming + later)
    day = parsed_day(said, today)
    return None if day is None else (day, day)


def _feast(said: str, today: date) -> date | None:
    if said.startswith("christmas"):
        year = today.year if today <= date(today.year, 12, 25) else today.year + 1
        return date(year, 12, 24 if said.endswith("eve") else 25)
    if said.startswith("new year"):
        return date(today.year, 12, 31) if said.endswith("eve") else date(today.year + 1, 1, 1)
    return _friday(today) if said == "black friday" else None


def _end_of(said: str, today: date) -> Bounds | None:
    if said.endswith("year"):
        day = date(today.year, 12, 31)
    elif said.endswith("week"):
        day = week_of(today)[1]
    elif said.endswith(" month"):
        day = month_of(today)[1]
    else:
        day = _coming_month(said.rsplit(maxsplit=1)[-1], today)[1]
    return day, day


def _rules() -> Iterator[_Rule]:
    yield _FROM_TO, _from_to
    yield _SHORT_RANGE, _short_range
    yield _WEEKS, _weeks
    yield (
        re.compile(r"\b(?:week|wk)\s?(?P<week>\d{1,2})\b", _ANY_CASE),
        (lambda match, today: _iso_week(int(match["week"]), today)),
    )
    yield _UNTIL_DAY, _until
    yield _FOR_WEEKS, _for_weeks
    yield _IN_SOME, _in_some
    yield _IN_MONTH, _in_month
    yield _OVER_CHRISTMAS, _christmas
    yield _BLACK_FRIDAY_WEEK, _black_friday
    yield _FROM_DAY, _from


_RULES: tuple[_Rule, ...] = tuple(_rules())
