"""What may be shown of a turn's facts, worked out from the stored values alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from engine.service.conversation import StoredFact

_CENTS = {"JPY": 0, "KRW": 0, "BHD": 3, "KWD": 3}
_PLAIN = frozenset({"units", "packs", "count", "days", "weeks", "ratio"})


@dataclass(frozen=True, kw_only=True)
class Showable:
    """A number that a fact may be shown as, what of, and in which unit."""

    value: Decimal
    kind: str
    about: tuple[str, ...]
    fact_id: str


def showables(facts: Sequence[StoredFact]) -> tuple[Showable, ...]:
    return tuple(each for fact in facts for each in _of(fact))


def dates_of(facts: Sequence[StoredFact]) -> frozenset[date]:
    found: set[date] = set()
    for fact in facts:
        if fact.kind in ("date", "date_range"):
            found.update(date.fromisoformat(part) for part in str(fact.value).split("/"))
    return frozenset(found)


def _of(fact: StoredFact) -> Iterator[Showable]:
    about = tuple(str(ref) for ref in fact.detail.get("about", ()))
    for value in _numbers(fact):
        yield Showable(value=abs(value), kind=fact.kind, about=about, fact_id=fact.id)


def _numbers(fact: StoredFact) -> Iterator[Decimal]:
    if fact.kind == "money":
        digits = _CENTS.get(str(fact.detail.get("currency")), 2)
        yield from _rounded(Decimal(str(fact.value)).scaleb(-digits), (0, digits))
    elif fact.kind == "unit_price":
        yield from _rounded(Decimal(str(fact.value)).scaleb(-6), (2, 3, 4, 5, 6))
    elif fact.kind == "percent":
        yield from _rounded(Decimal(str(fact.value)) * 100, (0, 1))
    elif fact.kind in _PLAIN:
        yield from _rounded(Decimal(str(fact.value)), (0, 1, 2))


def _rounded(value: Decimal, places: Sequence[int]) -> Iterator[Decimal]:
    for digits in places:
        for way in (ROUND_HALF_EVEN, ROUND_HALF_UP):
            yield value.quantize(Decimal(1).scaleb(-digits), rounding=way)
