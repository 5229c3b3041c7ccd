"""What goes into a write comes from the person or from the ledger, never from the model."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from agent.grounding.evidence import GENERIC
from agent.language.figures import Figure, figures
from agent.language.periods import Period, find_period
from agent.language.spans import find_span
from engine.errors import InvalidInput
from engine.model.money import exponent

# A fixed choice, checked by its own type.
_FREE = frozenset({"span", "per", "kind"})
_FIGURES = ("_minor", "_units", "_basis_points", "_days")
_DAYS_OF = {"days": 1, "bare": 1, "weeks": 7, "months": 30}  # a span said in another unit
QUOTED = frozenset({"over_budget_reason", "reason"})  # the person's own words
# Which way a figure is to move is told by a word of the person's, or a model could turn it round.
_WAYS: Mapping[str, frozenset[str]] = {
    "raise": frozenset({"raise", "raised", "increase", "up", "lift", "bump", "more", "higher",
                        "plus", "add", "boost", "grow", "push", "above", "extra", "uplift",
                        "dearer"}),
    "lower": frozenset({"lower", "lowered", "cut", "reduce", "decrease", "down", "drop", "less",
                        "fewer", "minus", "below", "shrink", "trim", "halve", "cheaper"}),
}  # fmt: skip
# Lines of an order that are pointed at in words: "the second line", "the last one".
_PLACES: Mapping[str, int] = {
    "last": -1, "bottom": -1, "first": 1, "1st": 1, "top": 1, "second": 2, "2nd": 2, "third": 3,
    "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5, "sixth": 6, "6th": 6, "seventh": 7,
    "7th": 7, "eighth": 8, "8th": 8, "ninth": 9, "9th": 9, "tenth": 10, "10th": 10,
}  # fmt: skip
_PLACE = re.compile(
    rf"\b({'|'.join(_PLACES)})(?=\s+(?:line|one|item|row|position|of|off|from)\b|\W*$)"
)
ANY_KIND = frozenset({"money", "percent", "units", "packs", "days", "weeks", "months", "bare"})
AMOUNTS, COUNTS = frozenset({"money", "bare"}), frozenset({"units", "packs", "bare"})
SHARES = frozenset({"percent", "bare"})
BASIS_POINT_DIGITS = 2  # a basis point is a hundredth of a percent: 12.5 % is 1250
SHORTEST_WORD = 3
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What a write may draw on: the person's figures and words, and what they were shown.

    `known` are the codes this conversation has named; `names` what the company's things are
    called, by code.
    """

    text: str
    currency: str
    today: date
    known: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    # What they said a turn ago, to a question of ours that this message answers.
    waiting: frozenset[tuple[str, Any]] = frozenset()
    # Arguments of the calls before, which were checked then: "and in Leeds?" repeats their budget.
    earlier: frozenset[tuple[str, Any]] = frozenset()

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return figures(self.text)

    def has_said(self, value: Decimal, kinds: frozenset[str] = ANY_KIND) -> bool:
        """Whether the person wrote this figure, as one of these kinds, in our own currency."""
        return any(
            figure.value == value
            and figure.kind in kinds
            and figure.currency in (None, self.currency)
            for figure in self.figures
        )

    def has_said_days(self, days: Decimal) -> bool:
        """So many days, or as many weeks or months as make them."""
        return any(f.value * _DAYS_OF.get(f.kind, 0) == days for f in self.figures)

    @cached_property
    def period(self) -> Period | None:
        return find_period(self.text, self.today)

    @cached_property
    def coming(self) -> Period | None:
        """The days ahead that the message names, for what is to hold then."""
        return find_span(self.text, self.today)

    @cached_property
    def places(self) -> frozenset[int]:
        """Lines that the message points at in words; -1 is the last."""
        return frozenset(_PLACES[each] for each in _PLACE.findall(self.text.casefold()))

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self.text.casefold()))


def require_own_figures(arguments: Mapping[str, Any], source: Provenance) -> None:
    """For a reading tool: amounts and quantities in mind are the person's, or left out.

    A plan under a budget that nobody named would mislead, whatever was written around it.
    """
    for name, value in _plain(arguments):
        if (name, value) in source.earlier:
            continue
        if name.endswith(_FIGURES) and isinstance(value, int | float):
            _require_said(name, value, source)


def require_provenance(arguments: Mapping[str, Any], source: Provenance) -> None:
    """Raise InvalidInput for a figure the person did not say or a code nobody has named."""
    for name, value in arguments.items():
        if name in _FREE or value is None or _is_waited_for(name, value, source):
            continue
        if name == "direction":
            _require_way(str(value), source)
            continue
        if name == "line" and value in source.places:
            continue
        for leaf in _leaves(value):
            if isinstance(leaf, int | float) and not isinstance(leaf, bool):
                _require_said(name, leaf, source)
            elif isinstance(leaf, str) and not _may_be_written(name, leaf, source):
                raise InvalidInput(
                    f"{name} names {leaf!r}, which nobody in this conversation has named. "
                    "Ask the person which one is meant."
                )


def _is_waited_for(name: str, value: Any, source: Provenance) -> bool:  # noqa: ANN401  any JSON value
    return isinstance(value, str | int | float) and (name, value) in source.waiting


def _require_way(value: str, source: Provenance) -> None:
    words = _WAYS.get(value)
    if words is not None and words.isdisjoint(source.words):
        raise InvalidInput(f"The person did not say to {value} it. Ask which way it should go.")


def _plain(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Arguments that are a single value."""
    return ((n, v) for n, v in arguments.items() if isinstance(v, str | int | float))


def arguments_of(calls: Iterable[Mapping[str, Any]]) -> frozenset[tuple[str, Any]]:
    """What earlier calls were asked with."""
    return frozenset(pair for given in calls for pair in _plain(given))


def _leaves(value: Any) -> Iterator[Any]:  # noqa: ANN401  any JSON value
    if isinstance(value, list | tuple):
        for each in cast("list[Any]", value):
            yield from _leaves(each)
    else:
        yield value


def _require_said(name: str, value: float, source: Provenance) -> None:
    figure = Decimal(str(value))
    kinds = COUNTS
    if name.endswith("_days"):
        if source.has_said_days(figure):
            return
        kinds = frozenset({"days"})
    if name.endswith("_minor"):
        figure, kinds = figure.scaleb(-exponent(source.currency)), AMOUNTS
    elif name.endswith("_basis_points"):
        figure, kinds = figure.scaleb(-BASIS_POINT_DIGITS), SHARES
    if not source.has_said(figure, kinds):
        raise InvalidInput(
            f"{name} is {figure.normalize():f}, a figure the person did not say. Use the person's "
            "own figure, or ask for one."
        )


def echoes_nothing_unsaid(sentence: str, arguments: Mapping[str, Any], source: Provenance) -> bool:
    """May a refusal be shown? Not where it repeats an argument that nobody said.

    Otherwise a model could have any text shown by passing it as a name that does not exist.
    """
    text, heard = sentence.casefold(), source.text.casefold()
    leaves = [str(leaf) for value in arguments.values() for leaf in _leaves(value) if leaf != ""]
    return all(
        leaf.casefold() not in text or leaf.casefold() in heard or leaf in source.known
        for leaf in leaves
    )


def _may_be_written(name: str, leaf: str, source: Provenance) -> bool:
    if name in QUOTED:
        return leaf.casefold().strip() in source.text.casefold()
    return _is_said_day(leaf, source) or _is_named(leaf, source)


def _is_said_day(leaf: str, source: Provenance) -> bool:
    """A date inside a stretch of time that the person named."""
    try:
        day = date.fromisoformat(leaf)
    except ValueError:
        return False
    named = (each for each in (source.period, source.coming) if each is not None)
    return any(each.first <= day <= each.last for each in named)


def _is_named(leaf: str, source: Provenance) -> bool:
    """By its code as a whole, or by the words of its code or name."""
    if leaf in source.known:
        return True
    if re.search(rf"(?<![\w-]){re.escape(leaf.casefold())}(?![\w-])", source.text.casefold()):
        return True
    own = _WORD.findall(f"{leaf} {source.names.get(leaf, '')}".casefold())
    telling = (word for word in own if len(word) >= SHORTEST_WORD and word not in GENERIC)
    return any(word in source.words for word in telling)
