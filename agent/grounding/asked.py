"""Facts that a reply may cite: what a call was asked with counts only where the person said it.

A search text, a horizon or a period is chosen by whoever calls a tool. Without this rule a model
could have any figure shown by asking for it and then citing the echo.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from agent.grounding.provenance import Provenance
from engine.model.money import MICROS
from tools.facts import Fact, Value


def citable(facts: Iterable[Fact], source: Provenance) -> dict[str, Fact]:
    """By id, without those that only echo an argument nobody said."""
    return {fact.id: fact for fact in facts if not fact.is_asked or _is_said(fact, source)}


def _is_said(fact: Fact, source: Provenance) -> bool:
    if any(fact.value == value for _, value in source.earlier):
        return True
    if fact.kind == "name":
        return str(fact.value).casefold() in source.text.casefold()
    if fact.kind == "date":
        return _day(fact.value) in _said_days(source)
    if fact.kind == "date_range":
        ends = {_day(end) for end in str(fact.value).split("/")}
        return ends <= _said_days(source)
    if fact.kind == "weeks" and source.period is not None and fact.value == source.period.weeks:
        return True
    as_days = fact.kind == "days" and source.has_said_days(Decimal(str(fact.value)))
    return as_days or source.has_said(_as_said(fact))


def _as_said(fact: Fact) -> Decimal:
    """The figure as people write it: 98 for a share of .98, 9.50 for so many micros."""
    value = Decimal(str(fact.value))
    if fact.kind == "percent":
        return value * 100
    return value / MICROS if fact.kind == "unit_price" else value


def _day(value: Value) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _said_days(source: Provenance) -> frozenset[date]:
    named = (each for each in (source.period, source.coming) if each is not None)
    return frozenset(day for each in named for day in (each.first, each.last))
