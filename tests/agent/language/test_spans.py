"""The days that a message names for what is to hold: today or later, never the past."""

from datetime import date

import pytest

from agent.language.spans import find_span

TODAY = date(2026, 11, 23)  # a Monday, ISO week 48


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("raise it by 20 % for December because of the fair", "2026-12-01", "2026-12-31"),
        ("300 a week until Christmas", "2026-11-23", "2026-12-25"),
        ("before Christmas", "2026-11-23", "2026-12-24"),
        ("from Dec 1 until Christmas Eve", "2026-12-01", "2026-12-24"),
        ("between 200 and 300 in week 50", "2026-12-07", "2026-12-13"),
        ("in week 2", "2027-01-11", "2027-01-17"),
        ("in weeks 49 to 51", "2026-11-30", "2026-12-20"),
        ("from 1 to 14 December", "2026-12-01", "2026-12-14"),
        ("1-14 Dec", "2026-12-01", "2026-12-14"),
        ("between the 4th and the 11th of December", "2026-12-04", "2026-12-11"),
        ("from 1 Dec to 14 Dec", "2026-12-01", "2026-12-14"),
        ("between 1 December and 24 December", "2026-12-01", "2026-12-24"),
        ("for the next 4 weeks", "2026-11-23", "2026-12-20"),
        ("for two weeks from 1 December", "2026-12-01", "2026-12-14"),
        ("from 7 Dec for 3 weeks", "2026-12-07", "2026-12-27"),
        ("starting Monday for 2 weeks", "2026-11-30", "2026-12-13"),
        ("next week", "2026-11-30", "2026-12-06"),
        ("next month", "2026-12-01", "2026-12-31"),
        ("until the end of the year", "2026-11-23", "2026-12-31"),
        ("until end of January", "2026-11-23", "2027-01-31"),
        ("in October", "2027-10-01", "2027-10-31"),
        ("on 2026-12-07", "2026-12-07", "2026-12-07"),
        ("over Christmas", "2026-12-18", "2026-12-26"),
        ("for Black Friday", "2026-11-23", "2026-11-29"),
        ("this week", "2026-11-23", "2026-11-29"),
    ],
)
def test_days_ahead(said: str, first: str, last: str) -> None:
    span = find_span(said, TODAY)
    assert span is not None
    assert (span.first.isoformat(), span.last.isoformat(), span.is_open) == (first, last, False)


@pytest.mark.parametrize("said", ["20 % off from 7 December", "from December", "as of 2026-12-07"])
def test_a_beginning_alone_is_open(said: str) -> None:
    span = find_span(said, TODAY)
    assert span is not None
    assert span.is_open
    assert span.first == span.last


@pytest.mark.parametrize("said", ["raise LAMP by 20 %", "last week", "in week 60", "for good", ""])
def test_what_names_no_days_ahead_is_none(said: str) -> None:
    assert find_span(said, TODAY) is None


def test_the_words_of_the_span_are_known() -> None:
    span = find_span("set 40 from 1 to 14 December please", TODAY)
    assert span is not None
    assert "14 December" in span.phrase
    assert span.phrase == "set 40 from 1 to 14 December please"[span.start : span.end]
