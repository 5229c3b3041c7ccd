"""A text column becomes what the contract says it is; what does not fit is named with a reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.connect.columns import Numbers, Text, Typed, expand, nothing, recoded
from engine.connect.formats import FORMATS, one_of
from engine.connect.parse_dates import read_times, to_utc
from engine.connect.parse_numbers import (
    LARGEST,
    NO_VALUE,
    decimal_sign,
    micros,
    plain_number,
    whole,
)
from engine.model.contract import Column, Table

Reason = str | None
_FLAGS: dict[str, int] = {
    **dict.fromkeys(("true", "yes", "y", "t", "1"), 1),
    **dict.fromkeys(("false", "no", "n", "f", "0"), 0),
}


@dataclass(frozen=True, kw_only=True)
class Locale:
    """How a source writes numbers and times."""

    decimal: str | None = None  # None: a point, unless the values prove a comma
    date_format: str | None = None
    source_zone: str | None = None
    company_zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class ParsedColumn:
    """Axis [row]. A cell whose text was bad is a gap, and its reason is filled."""

    cells: Typed
    reasons: Text
    note: str | None = None  # what had to be decided to read the column
    times: NDArray[np.datetime64] | None = None  # of date columns: wall clock per distinct text
    ambiguous: bool = False  # of date columns: day and month cannot be told apart


def parse_column(table: Table, column: Column, text: Text, locale: Locale) -> ParsedColumn:
    """Parse a column once per distinct text."""
    match column.kind:
        case "text" | "list":
            return _parse_text(table, column, text)
        case "date" | "instant":
            return _parse_times(column, text, locale)
        case "flag":
            return _parse_flags(text)
        case "integer" | "money" | "real":
            return _parse_numbers(column, text, locale)


def _parse_text(table: Table, column: Column, text: Text) -> ParsedColumn:
    tidy = FORMATS.get((table.name, column.name)) or FORMATS.get(("", column.name))
    if column.choices:
        tidy = one_of(column.choices)
    if tidy is None:
        return ParsedColumn(cells=text, reasons=nothing(len(text)))
    read = [tidy(value) for value in text.distinct]
    return ParsedColumn(
        cells=recoded(text.codes, [value for value, _ in read]),
        reasons=recoded(text.codes, [reason for _, reason in read]),
    )


def _spread(text: Text, values: NDArray[np.generic], valid: Sequence[bool]) -> Numbers:
    """Numbers per distinct text, one per row."""
    return Numbers(
        cells=expand(values, text.codes, empty=np.zeros(1, values.dtype)[0]),
        valid=text.where(valid),
    )


def _parse_flags(text: Text) -> ParsedColumn:
    read = [_FLAGS.get(value.lower(), -1) for value in text.distinct]
    reasons = [None if flag >= 0 else "is neither true nor false" for flag in read]
    cells = _spread(text, np.asarray(read) == 1, [flag >= 0 for flag in read])
    return ParsedColumn(cells=cells, reasons=recoded(text.codes, reasons))


def _parse_times(column: Column, text: Text, locale: Locale) -> ParsedColumn:
    """A date is the day on the company's wall clock; an instant is in UTC."""
    given = [value.lower() not in NO_VALUE for value in text.distinct]
    read = read_times(
        text.distinct,
        date_format=locale.date_format,
        source_zone=locale.source_zone,
        company_zone=locale.company_zone,
    )
    if column.kind == "date":
        times = read.local.astype("datetime64[D]").astype("datetime64[ns]")
    else:
        times = to_utc(read.local, locale.company_zone)
    reasons = [reason if ok else None for reason, ok in zip(read.reasons, given, strict=True)]
    return ParsedColumn(
        cells=_spread(text, times, [reason is None for reason in read.reasons]),
        reasons=recoded(text.codes, reasons),
        note=read.note,
        times=read.local,
        ambiguous=read.ambiguous,
    )


def _parse_numbers(column: Column, text: Text, locale: Locale) -> ParsedColumn:
    proven = decimal_sign(text.distinct) if locale.decimal is None else None
    decimal = locale.decimal or proven or "."
    convert, dtype = _converter(column)
    numbers: NDArray[np.generic] = np.zeros(len(text.distinct), dtype=dtype)
    valid = [False] * len(numbers)
    reasons: list[Reason] = [None] * len(numbers)
    for at, value in enumerate(text.distinct):
        plain = _as_share(value, column) or plain_number(value, decimal)
        number, reason = convert(plain) if plain is not None else (None, _no_number(value))
        if number is not None:
            numbers[at], valid[at] = number, True
        reasons[at] = reason
    return ParsedColumn(
        cells=_spread(text, numbers, valid),
        reasons=recoded(text.codes, reasons),
        note="read with a comma as the decimal sign" if proven else None,
    )


def _as_share(value: str, column: Column) -> str | None:
    """True and false are shares too: was it in stock that week, for instance."""
    if column.kind != "real" or not value.isalpha():
        return None
    flag = _FLAGS.get(value.lower())
    return None if flag is None else str(flag)


Converted = tuple[int | float | None, Reason]


def _no_number(value: str) -> Reason:
    if value.lower() in NO_VALUE:
        return None
    if "," in value and any(sign.isdigit() for sign in value):
        return "is no number with a decimal point; state `decimal` if the comma is the sign"
    return "is no number"


def _converter(column: Column) -> tuple[Callable[[str], Converted], np.dtype[np.generic]]:
    """Plain decimal text to the column's type, within the contract's minimum."""
    if column.kind == "real":
        return _real(column.minimum), np.dtype(np.float64)
    scale, exact = (1_000_000, micros) if column.kind == "money" else (1, whole)
    lowest = None if column.minimum is None else int(column.minimum) * scale

    def convert(plain: str) -> Converted:
        number = exact(plain)
        if number is None:
            return None, "is no whole number"
        if abs(number) > LARGEST:
            return None, "is too large"
        if lowest is not None and number < lowest:
            return None, f"is below {column.minimum:g}"
        return number, None

    return convert, np.dtype(np.int64)


def _real(minimum: float | None) -> Callable[[str], Converted]:
    def convert(plain: str) -> Converted:
        number = float(plain)
        if minimum is not None and number < minimum:
            return None, f"is below {minimum:g}"
        return number, None

    return convert
