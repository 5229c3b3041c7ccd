"""Planning by itself happens on the day that crontab means."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agent import crontab

SUNDAY = datetime(2026, 11, 22, tzinfo=UTC)


def week_of(line: str) -> str:
    """The weekdays of the eight times after a Sunday's midnight, without repeats."""
    days: list[str] = []
    now = SUNDAY
    for _ in range(8):
        due = crontab.next_time(line, UTC, now)
        assert due is not None
        days.append(f"{due:%a}")
        now = due + timedelta(minutes=1)
    return " ".join(dict.fromkeys(days))


@pytest.mark.parametrize(
    ("weekday", "days"),
    [
        ("0", "Sun"),
        ("7", "Sun"),
        ("1", "Mon"),
        ("sun", "Sun"),
        ("Mon", "Mon"),
        ("1-5", "Mon Tue Wed Thu Fri"),
        ("mon-fri", "Mon Tue Wed Thu Fri"),
        ("0,6", "Sun Sat"),
        ("5-7", "Sun Fri Sat"),
        ("fri-sun", "Sun Fri Sat"),
        ("1-5/2", "Mon Wed Fri"),
        ("*/3", "Sun Wed Sat"),
        ("*", "Sun Mon Tue Wed Thu Fri Sat"),
    ],
)
def test_weekdays_are_those_of_crontab(weekday: str, days: str) -> None:
    assert week_of(f"30 5 * * {weekday}") == days


def test_half_past_five_on_monday_is_monday() -> None:
    due = crontab.next_time("30 5 * * 1", UTC, SUNDAY)
    assert due == datetime(2026, 11, 23, 5, 30, tzinfo=UTC)


def test_a_time_is_that_of_the_company() -> None:
    due = crontab.next_time("30 5 * * 1", ZoneInfo("America/New_York"), SUNDAY)
    assert due is not None
    assert due.astimezone(UTC) == datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


def test_day_of_month_or_weekday_where_both_are_named() -> None:
    first = crontab.next_time("0 6 25 * 1", UTC, SUNDAY)
    assert first == datetime(2026, 11, 23, 6, tzinfo=UTC)  # a Monday
    second = crontab.next_time("0 6 25 * 1", UTC, SUNDAY + timedelta(days=2))
    assert second == datetime(2026, 11, 25, 6, tzinfo=UTC)  # the 25th, a Wednesday


@pytest.mark.parametrize(
    "line",
    ["noon", "0 6 * *", "0 6 * * 8", "0 6 * * mo", "0 6 * * 5-2", "0 6 * * 1/0", "61 6 * * 1"],
)
def test_what_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        crontab.check(line)
