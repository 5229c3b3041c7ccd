"""Dates and instants: ISO 8601 by default, a stated format, or what the values themselves prove."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import BadSource

Times = NDArray[np.datetime64]
Flags = NDArray[np.bool_]
EARLIEST, LATEST = np.datetime64("1970-01-01", "ns"), np.datetime64("2100-01-01", "ns")
_TIME = r"([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?"
_ISO = re.compile(rf"\d{{4}}([-/.]?)\d{{2}}\1\d{{2}}{_TIME}(\s*(Z|UTC|[+-]\d{{2}}:?\d{{2}}))?")
_PLAIN_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?)?")
_WEEK = re.compile(r"(\d{4})-?W(\d{2})")
_NUMERIC = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2\d{{4}}{_TIME}")
_NAMED = re.compile(rf"\d{{1,2}}[- ][A-Za-z]{{3}}[- ]\d{{4}}{_TIME}")
_OFFSET = re.compile(r"(Z|UTC|[+-]\d{2}:?\d{2})$")
_MONTHS_IN_A_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class ReadTimes:
    """Axis [value]. `local` is wall-clock time where the business is; NaT where unreadable."""

    local: Times
    reasons: list[str | None]
    note: str | None  # how the order of day and month was found out
    ambiguous: bool  # day and month cannot be told apart


@dataclass(frozen=True, kw_only=True)
class _Parsed:
    """UTC where the text had an offset, wall-clock else."""

    times: Times
    has_offset: Flags
    note: str | None = None
    ambiguous: bool = False


def read_times(
    values: Sequence[str], *, date_format: str | None, source_zone: str | None, company_zone: str
) -> ReadTimes:
    """Local wall-clock times of texts.

    A time with an offset, or whose zone is stated, is moved to the company's zone; any other time
    is taken as it stands.
    """
    parsed = _by_evidence(values) if date_format is None else _by_format(values, date_format)
    local = _local(parsed, source_zone, company_zone)
    outside = (local < EARLIEST) | (local >= LATEST)
    reason = _reason(date_format, ambiguous=parsed.ambiguous)
    reasons = [reason if bad else None for bad in np.isnat(local)]
    for at in np.flatnonzero(outside):
        reasons[at] = "lies outside the years 1970 to 2099"
    local[outside] = np.datetime64("NaT")
    return ReadTimes(local=local, reasons=reasons, note=parsed.note, ambiguous=parsed.ambiguous)


def _reason(date_format: str | None, *, ambiguous: bool) -> str:
    if ambiguous:
        return "may be day/month or month/day; state `date_format`"
    if date_format is not None:
        return f"is no date of the form {date_format}"
    return "is no date; write 2026-11-22 or state `date_format`"


def _by_format(values: Sequence[str], date_format: str) -> _Parsed:
    try:
        times = pd.to_datetime(pd.Series(values, dtype=object), format=date_format, errors="coerce")
    except ValueError as error:
        raise BadSource(
            f"date_format {date_format!r}: {error}. Use signs such as %d/%m/%Y."
        ) from None
    return _Parsed(
        times=_numpy(times), has_offset=np.full(len(values), times.dt.tz is not None, np.bool_)
    )


def _by_evidence(values: Sequence[str]) -> _Parsed:
    if all(_PLAIN_ISO.fullmatch(value) for value in values):
        try:  # the fast way, for exports with a distinct second in every row
            times = np.asarray(values, dtype="datetime64[ns]")
        except ValueError:  # such as 30 February: the slow way finds out which
            pass
        else:
            return _Parsed(times=times, has_offset=np.zeros(len(values), dtype=np.bool_))
    texts = pd.Series([_iso_week(value) for value in values], dtype=object)
    times = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[ns]")
    iso = _matching(texts, _ISO)
    offset = iso & np.asarray([_OFFSET.search(text) is not None for text in texts])
    # Read apart: pandas lets a time without an offset inherit that of the one before it.
    for chosen in (iso & offset, iso & ~offset):
        times[chosen] = _read_iso(texts[chosen])
    named = _matching(texts, _NAMED)
    times[named] = _read_mixed(texts[named], day_first=True)
    numeric = _matching(texts, _NUMERIC)
    order, note = _order(texts[numeric])
    if order is not None:
        times[numeric] = _read_mixed(texts[numeric], day_first=order == "day")
    ambiguous = order is None and bool(numeric.any())
    return _Parsed(times=times, has_offset=offset, note=note, ambiguous=ambiguous)


def _read_iso(texts: "pd.Series[str]") -> Times:
    dashed = texts.str.replace(r"^(\d{4})[/.](\d{2})[/.](\d{2})", r"\1-\2-\3", regex=True)
    plain = dashed.str.replace("UTC", "Z")
    return _numpy(pd.to_datetime(plain, format="ISO8601", errors="coerce", utc=True))


def _read_mixed(texts: "pd.Series[str]", *, day_first: bool) -> Times:
    dashed = texts.str.replace(r"[/.](?=\d+[/.]|\d{4})", "-", regex=True)
    return _numpy(pd.to_datetime(dashed, format="mixed", dayfirst=day_first, errors="coerce"))


def _matching(texts: "pd.Series[str]", pattern: re.Pattern[str]) -> Flags:
    return np.asarray([pattern.fullmatch(text) is not None for text in texts], dtype=np.bool_)


def _numpy(times: "pd.Series[pd.Timestamp]") -> Times:
    """Without a zone; what had one is in UTC."""
    plain = times if times.dt.tz is None else times.dt.tz_convert("UTC").dt.tz_localize(None)
    return plain.to_numpy().astype("datetime64[ns]")


def _order(texts: "pd.Series[str]") -> tuple[str | None, str | None]:
    """Whether the day or the month comes first, and what shows it.

    Dots are written day first wherever they are used. Otherwise a first part above 12 proves the
    day first, a second part above 12 the month first; both together prove nothing.
    """
    if texts.empty:
        return None, None
    parts = [match for text in texts if (match := _NUMERIC.fullmatch(text))]
    if all(match[2] == "." for match in parts):
        return "day", "read as day.month.year"
    first = next((m[0] for m in parts if int(m[1]) > _MONTHS_IN_A_YEAR), None)
    second = next((m[0] for m in parts if int(m[3]) > _MONTHS_IN_A_YEAR), None)
    if first and not second:
        return "day", f"read as day/month/year, because {first} allows nothing else"
    if second and not first:
        return "month", f"read as month/day/year, because {second} allows nothing else"
    return None, None


def _iso_week(text: str) -> str:
    """2026-W48 is the Monday of that week."""
    found = _WEEK.fullmatch(text)
    if found is None:
        return text
    from datetime import date

    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1).isoformat()
    except ValueError:
        return text


def _local(parsed: _Parsed, source_zone: str | None, company_zone: str) -> Times:
    """Wall-clock time in the company's zone."""
    times = parsed.times.copy()
    moved = parsed.has_offset
    if source_zone is not None and source_zone != company_zone:
        stated = ~parsed.has_offset
        times[stated] = to_utc(times[stated], source_zone)
        moved = np.ones(len(times), dtype=np.bool_)
    if moved.any():
        there = pd.Series(times[moved]).dt.tz_localize("UTC").dt.tz_convert(company_zone)
        times[moved] = there.dt.tz_localize(None).to_numpy()
    return times


def to_utc(times: Times, zone: str) -> Times:
    """Instants in UTC from wall-clock times of a zone."""
    # A clock that is set back shows an hour twice; the first is taken. A skipped hour moves on.
    there = pd.Series(times).dt.tz_localize(
        zone, ambiguous=np.ones(len(times), dtype=np.bool_), nonexistent="shift_forward"
    )
    return _numpy(there.dt.tz_convert("UTC"))
