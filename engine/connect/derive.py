"""Columns of the contract made from columns of the source, still as text."""

import re
from collections.abc import Sequence
from decimal import Decimal, DivisionByZero, InvalidOperation
from string import Formatter

import numpy as np

from engine.connect.columns import Text, constant, crossed, recoded
from engine.connect.conditions import named, rows_where
from engine.connect.mapping import ColumnRule
from engine.connect.parse_numbers import plain_number
from engine.connect.raw import RawTable
from engine.errors import BadSource
from engine.model.contract import Table


def contract_columns(
    raw: RawTable, table: Table, rules: dict[str, ColumnRule], decimal: str
) -> dict[str, Text]:
    """The contract's columns that the source gives: by rule, else by having the same name."""
    by_name = {plain_name(name): text for name, text in raw.columns.items()}
    columns: dict[str, Text] = {}
    for column in table.columns:
        if column.name in rules:
            columns[column.name] = by_rule(raw, rules[column.name], decimal)
        elif column.name in by_name:
            columns[column.name] = by_name[column.name]
    return columns


def plain_name(name: str) -> str:
    """'Unit Cost ' and unit_cost are one name."""
    return re.sub(r"[\s\-]+", "_", name.strip().lower())


def by_rule(raw: RawTable, rule: ColumnRule, decimal: str) -> Text:
    """A column by its rule, each step once per distinct value."""
    text = _origin(raw, rule)
    if rule.extract is not None:
        text = _extracted(text, rule.extract)
    if rule.only is not None:
        pattern = re.compile(rule.only)
        text = text.edited(lambda value: value if pattern.search(value) else None)
    if rule.upper:
        text = text.edited(str.upper)
    if rule.values is not None:
        translation = rule.values
        text = text.edited(lambda value: translation.get(value, value))
    if rule.otherwise is not None:
        text = text.filled_with(rule.otherwise)
    for factor, divides in ((rule.multiply, False), (rule.divide, True)):
        if factor is not None:
            text = _scaled(raw, text, factor, decimal, divides=divides)
    return text


def _origin(raw: RawTable, rule: ColumnRule) -> Text:
    if rule.column is not None:
        return named(raw, rule.column)
    if rule.value is not None:
        return constant(rule.value, len(raw))
    if rule.template is not None:
        return _templated(raw, rule.template)
    return _by_cases(raw, rule)


def _templated(raw: RawTable, template: str) -> Text:
    """Text with columns in it; a row without one of them has none."""
    pieces = [(text, name) for text, name, _, _ in Formatter().parse(template)]
    names = [name for _, name in pieces if name]
    if not names:
        return constant(template, len(raw))

    def build(cells: Sequence[str | None]) -> str | None:
        if any(cell is None for cell in cells):
            return None
        values = iter(cells)
        return "".join(text + (next(values) or "" if name else "") for text, name in pieces)

    return crossed([named(raw, name) for name in names], build)


def _by_cases(raw: RawTable, rule: ColumnRule) -> Text:
    """The value of the first case that holds."""
    cases = rule.cases or []
    codes = np.full(len(raw), -1, dtype=np.int32)
    for number, case in reversed(list(enumerate(cases))):
        codes[rows_where(raw, case.where)] = number
    return recoded(codes, [case.value for case in cases])


def _extracted(text: Text, expression: str) -> Text:
    pattern = re.compile(expression)
    if pattern.groups < 1:
        raise BadSource(f"extract {expression!r} has no group; put the wanted part in brackets.")

    def group(value: str) -> str | None:
        found = pattern.search(value)
        return found.group(1) if found else None

    return text.edited(group)


def _scaled(raw: RawTable, text: Text, factor: str, decimal: str, *, divides: bool) -> Text:
    """Numbers times a number or a column, exactly; what is no number stays for the parser."""
    number = plain_number(factor, ".")
    by = named(raw, factor) if number is None else constant(number, len(raw))

    def product(cells: Sequence[str | None]) -> str | None:
        value, other = cells
        left = plain_number(value or "", decimal)
        right = plain_number(other or "", decimal if number is None else ".")
        if left is None or right is None:
            return value
        try:
            result = Decimal(left) / Decimal(right) if divides else Decimal(left) * Decimal(right)
        except (DivisionByZero, InvalidOperation):
            return f"{value} / {other}"
        # The parser reads the result with the source's decimal sign, as it reads everything else.
        return f"{result:f}".replace(".", decimal)

    return crossed([text, by], product)
