"""Occasions by the clock on the wall: due once, made up for once, never in quiet hours."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from agent.worker.occasions import latest

LONDON = ZoneInfo("Europe/London")
MONDAY_830 = "30 8 * * mon"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23T08:30:00+00:00", "2026-11-23T08:30:00+00:00"),
        ("2026-11-23T08:29:59+00:00", "2026-11-16T08:30:00+00:00"),
        ("2026-11-27T12:00:00+00:00", "2026-11-23T08:30:00+00:00"),
        # Summer time: half past eight on the wall is half past seven in UTC.
        ("2026-07-06T07:30:00+00:00", "2026-07-06T07:30:00+00:00"),
        ("2026-07-06T07:29:00+00:00", "2026-06-29T07:30:00+00:00"),
    ],
)
def test_the_latest_occasion_follows_the_wall_clock(now: str, due: str) -> None:
    found = latest(MONDAY_830, LONDON, at(now))
    assert found is not None
    assert found.due == at(due)
    assert found.tell_at == found.due


def test_after_three_weeks_of_silence_only_the_latest_is_made_up_for() -> None:
    found = latest("0 7 * * *", LONDON, at("2026-11-23T12:00:00+00:00"))
    assert found is not None
    assert found.due == at("2026-11-23T07:00:00+00:00")


@pytest.mark.parametrize(
    ("crontab", "told"),
    [
        ("0 6 * * *", "2026-11-23T07:30:00+00:00"),
        ("0 7 * * *", "2026-11-23T07:30:00+00:00"),
        ("30 7 * * *", "2026-11-23T07:30:00+00:00"),
        ("0 9 * * *", "2026-11-23T09:00:00+00:00"),
    ],
)
def test_quiet_hours_defer_to_their_end(crontab: str, told: str) -> None:
    found = latest(crontab, LONDON, at("2026-11-23T12:00:00+00:00"), quiet=(time(20), time(7, 30)))
    assert found is not None
    assert found.tell_at == at(told)


def test_quiet_hours_over_midnight_defer_to_the_next_morning() -> None:
    found = latest(
        "0 22 * * *", LONDON, at("2026-11-23T23:00:00+00:00"), quiet=(time(20), time(7, 30))
    )
    assert found is not None
    assert found.tell_at == at("2026-11-24T07:30:00+00:00")


def test_on_a_public_holiday_it_waits_for_the_next_working_day() -> None:
    """Christmas Day and Boxing Day of 2023 were a Monday and a Tuesday."""
    found = latest(MONDAY_830, LONDON, at("2023-12-25T10:00:00+00:00"), holidays="GB")
    assert found is not None
    assert found.tell_at == at("2023-12-27T08:30:00+00:00")


def test_a_day_that_never_comes_has_no_occasion() -> None:
    assert latest("0 0 31 2 *", LONDON, at("2026-11-23T12:00:00+00:00")) is None


def test_once_a_year_is_found_too() -> None:
    found = latest("0 9 1 1 *", LONDON, at("2026-11-23T12:00:00+00:00"))
    assert found is not None
    assert found.due == at("2026-01-01T09:00:00+00:00")
