"""Facts that a reply may cite: what a call was asked with counts only where the person said it.

A search text, a horizon or a period is chosen by whoever calls a tool. Without this rule a model
could have any figure shown by asking for it and then citing the echo.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from agent.grounding.provenance import Provenance
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
    return source.has_said(Decimal(str(fact.value)))


def _day(value: Value) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _said_days(source: Provenance) -> frozenset[date]:
    named = (each for each in (source.period, source.coming) if each is not None)
    return frozenset(day for each in named for day in (each.first, each.last))
