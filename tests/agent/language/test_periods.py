"""Stretches of time as people name them."""

from datetime import date

import pytest

from agent.language.periods import find_period

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("how did we do last month?", "2026-10-01", "2026-10-31"),
        ("this week", "2026-11-16", "2026-11-22"),
        ("next week please", "2026-11-23", "2026-11-29"),
        ("week 48", "2026-11-23", "2026-11-29"),
        ("next 4 weeks", "2026-11-22", "2026-12-19"),
        ("the last 30 days", "2026-10-23", "2026-11-21"),
        ("before Black Friday", "2026-11-22", "2026-11-26"),
        ("by end of month", "2026-11-22", "2026-11-30"),
        ("on 3 December", "2026-12-03", "2026-12-03"),
        ("2026-12-24", "2026-12-24", "2026-12-24"),
        ("tomorrow", "2026-11-23", "2026-11-23"),
        ("in october", "2026-10-01", "2026-10-31"),
        ("in December", "2025-12-01", "2025-12-31"),
    ],
)
def test_a_stretch_of_time_is_told_from_the_day_it_is_said(
    text: str, first: str, last: str
) -> None:
    period = find_period(text, TODAY)
    assert period is not None
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["", "what should I buy", "week 60", "2026-02-30"])
def test_other_words_name_no_time(text: str) -> None:
    assert find_period(text, TODAY) is None


def test_black_friday_has_passed_once_it_is_over() -> None:
    period = find_period("before black friday", date(2026, 12, 1))
    assert period is not None
    assert period.last == date(2027, 11, 25)
