"""Dates in the forms that exports use."""

import numpy as np
import pytest

from engine.connect.parse_dates import ReadTimes, read_times
from engine.errors import BadSource


def times(
    *values: str, date_format: str | None = None, zone: str | None = None, company: str = "UTC"
) -> ReadTimes:
    return read_times(values, date_format=date_format, source_zone=zone, company_zone=company)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("2026-11-22", "2026-11-22"),
        ("20261122", "2026-11-22"),
        ("2026/11/22", "2026-11-22"),
        ("2026-11-22 08:26:00", "2026-11-22T08:26"),
        ("2026-11-22T08:26", "2026-11-22T08:26"),
        ("22-Nov-2026", "2026-11-22"),
        ("22.11.2026", "2026-11-22"),
        ("2026-W48", "2026-11-23"),
    ],
)
def test_unambiguous_dates_are_read_without_being_told_how(text: str, local: str) -> None:
    assert times(text).local[0] == np.datetime64(local)


@pytest.mark.parametrize("text", ["2026-02-30", "yesterday", "22/13/2026", "0000-00-00", "12"])
def test_what_is_no_date_is_named_with_a_reason(text: str) -> None:
    read = times(text, "2026-11-22")
    assert read.reasons[0] is not None
    assert read.reasons[1] is None


def test_a_year_nobody_sells_in_is_no_date() -> None:
    assert times("2204-01-01").reasons == ["lies outside the years 1970 to 2099"]


def test_day_and_month_are_told_apart_by_a_value_that_allows_one_order_only() -> None:
    assert times("03/04/2026", "25/04/2026").local[0] == np.datetime64("2026-04-03")
    assert times("03/04/2026", "04/25/2026").local[0] == np.datetime64("2026-03-04")
    assert "25/04/2026" in (times("03/04/2026", "25/04/2026").note or "")


@pytest.mark.parametrize("values", [("03/04/2026", "05/06/2026"), ("25/04/2026", "04/25/2026")])
def test_dates_that_prove_no_order_ask_for_a_date_format(values: tuple[str, ...]) -> None:
    read = times(*values)
    assert read.ambiguous
    assert all("date_format" in (reason or "") for reason in read.reasons)


def test_a_stated_format_decides_and_names_what_does_not_fit() -> None:
    read = times("03/04/2026", "2026-04-03", date_format="%d/%m/%Y")
    assert read.local[0] == np.datetime64("2026-04-03")
    assert read.reasons[1] == "is no date of the form %d/%m/%Y"


def test_a_format_that_is_none_is_a_clear_error() -> None:
    with pytest.raises(BadSource, match="date_format"):
        times("2026-11-22", date_format="%Q")


def test_a_time_with_an_offset_is_moved_to_the_company() -> None:
    read = times("2026-07-01T23:30:00Z", "2026-07-01T23:30:00+02:00", company="Europe/London")
    assert read.local[0] == np.datetime64("2026-07-02T00:30")
    assert read.local[1] == np.datetime64("2026-07-01T22:30")


def test_a_time_without_an_offset_beside_one_with_is_not_moved() -> None:
    read = times("2026-07-01T23:30:00+02:00", "2026-07-01 23:30:00", company="UTC")
    assert read.local[1] == np.datetime64("2026-07-01T23:30")


def test_times_of_a_stated_zone_are_moved_through_summer_time() -> None:
    read = times("2026-07-01 23:30", "2026-12-01 23:30", zone="UTC", company="Europe/London")
    assert read.local[0] == np.datetime64("2026-07-02T00:30")
    assert read.local[1] == np.datetime64("2026-12-01T23:30")


def test_an_hour_that_a_clock_skips_or_repeats_is_still_a_time() -> None:
    read = times("2026-03-29 01:30", "2026-10-25 01:30", zone="Europe/London", company="UTC")
    assert not np.isnat(read.local).any()
