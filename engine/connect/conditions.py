"""Which rows a mapping's conditions mean."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation

import numpy as np

from engine.connect.columns import Mask, Text
from engine.connect.mapping import Condition
from engine.connect.mapping_file import nearest
from engine.connect.raw import RawTable
from engine.errors import BadSource

Test = Callable[[str], bool]


def rows_where(raw: RawTable, conditions: Sequence[Condition]) -> Mask:
    """Rows for which every condition holds."""
    held = np.ones(len(raw), dtype=np.bool_)
    for condition in conditions:
        held &= _rows_of(named(raw, condition.column), condition)
    return held


def named(raw: RawTable, column: str) -> Text:
    """A source column, or an error with the nearest name there is."""
    if column not in raw.columns:
        hint = nearest(column, dict(raw.columns))
        raise BadSource(f"{raw.origin.files[0]} has no column {column!r}.{hint}")
    return raw.columns[column]


def _rows_of(text: Text, condition: Condition) -> Mask:
    tests = _tests(condition)
    held = text.where([all(test(value) for test in tests) for value in text.distinct])
    if condition.empty:
        return ~text.filled
    return held


def _tests(condition: Condition) -> list[Test]:
    """Tests of one text; none for a condition that only asks whether there is a value."""
    tests: list[Test] = []
    if condition.equals is not None:
        tests.append(_same_as(condition.equals))
    if condition.one_of is not None:
        tests.append(frozenset(condition.one_of).__contains__)
    if condition.matches is not None:
        pattern = re.compile(condition.matches)
        tests.append(lambda value: pattern.search(value) is not None)
    if condition.below is not None:
        tests.append(_compared(condition.below, -1))
    if condition.above is not None:
        tests.append(_compared(condition.above, 1))
    return tests


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _same_as(wanted: str) -> Test:
    number = _number(wanted)
    if number is None:
        return wanted.__eq__
    return lambda value: value == wanted or _number(value) == number


def _compared(limit: str, sign: int) -> Test:
    """Numbers by value, everything else as text: ISO dates order alphabetically."""
    number = _number(limit)
    if number is None:
        return lambda value: value < limit if sign < 0 else value > limit

    def holds(value: str) -> bool:
        found = _number(value)
        return found is not None and (found < number if sign < 0 else found > number)

    return holds
