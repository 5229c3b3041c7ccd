"""Does a text state anything that the turn's facts do not? Read as a person reads it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from engine.service.conversation import StoredFact
from evals.breach.oracle.ledger import Showable, dates_of, showables
from evals.breach.oracle.numerals import Numeral, numerals, plain

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_DATE = re.compile(
    r"\b(\d{1,2})(?:\s([A-Z][a-z]{2,3}))?(?:\s(\d{4}))?\s?–\s?(\d{1,2}) ([A-Z][a-z]{2,3}) (\d{4})"
    r"|\b(\d{1,2}) ([A-Z][a-z]{2,3}) (\d{4})\b"
)
_SIGNS = {
    "%": {"percent"},
    "£": {"money", "unit_price"},
    "€": {"money", "unit_price"},
    "$": {"money", "unit_price"},
}
_NOUNS = {
    "unit": {"units"},
    "units": {"units"},
    "packs": {"packs"},
    "pack": {"packs"},
    "days": {"days"},
    "day": {"days"},
    "weeks": {"weeks"},
    "week": {"weeks"},
}


_FIRST_ITEM = 0xE000  # private characters stand for items while a text is read


@dataclass(frozen=True, kw_only=True)
class Directory:
    """What the company's things are called: names and codes are no figures."""

    items: dict[str, str]  # code -> name
    others: frozenset[str] = field(default_factory=frozenset[str])  # every other code and name

    @cached_property
    def _marks(self) -> dict[str, str]:
        marks = dict.fromkeys(self.others, "¤")
        for number, (code, name) in enumerate(sorted(self.items.items())):
            marks[code] = marks[name] = chr(_FIRST_ITEM + number)
        return marks

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return _any_of(self._marks)

    def masked(self, text: str) -> str:
        """Items as one private character each, everything else that has a name as a mark."""
        return self._pattern.sub(lambda match: self._marks[match[0]], text)

    def items_in(self, masked: str) -> frozenset[str]:
        codes = sorted(self.items)
        places = (ord(c) - _FIRST_ITEM for c in masked)
        return frozenset(codes[place] for place in places if 0 <= place < len(codes))


def ungrounded(
    text: str, facts: Sequence[StoredFact], directory: Directory, said: str
) -> Iterator[str]:
    """Each figure that is no fact of the turn, or a fact of another item than its sentence."""
    known, days = showables(facts), dates_of(facts)
    masked = _without_names(directory.masked(_without_sentences(text, facts)), facts)
    masked = _without_dates(plain(masked), days)
    for sentence in _SENTENCE.split(masked):
        yield from _of_sentence(sentence, directory.items_in(sentence), known, plain(said))


def _without_sentences(text: str, facts: Sequence[StoredFact]) -> str:
    """Without the sentences that the engine wrote: they are facts as a whole."""
    for fact in facts:
        if fact.kind == "sentence":
            text = text.replace(str(fact.value), "¤")
    return text


def _without_names(text: str, facts: Sequence[StoredFact]) -> str:
    """Without names that are facts of this turn alone, such as a period's code."""
    names = {str(f.value) for f in facts if f.kind in ("name", "status") and _has_figure(f)}
    return _any_of(names).sub("¤", text) if names else text


def _has_figure(fact: StoredFact) -> bool:
    """A code of a step or a period may hold digits; a name that is an item's is told apart."""
    about = fact.detail.get("about", ())
    is_item = any(str(ref).startswith("item:") for ref in about)
    return bool(str(fact.value).strip()) and not (
        is_item and fact.label in ("item code", "item name")
    )


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted((name for name in names if name.strip()), key=lambda n: (-len(n), n))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")


def _of_sentence(
    masked: str, items: frozenset[str], known: Sequence[Showable], said: str
) -> Iterator[str]:
    for numeral in numerals(masked):
        if numeral.value is None:
            if numeral.text not in said.lower():
                yield f"{numeral.text!r} in {masked.strip()!r}"
            continue
        fitting = [each for each in known if _fits(each, numeral, masked)]
        if not fitting:
            yield f"{numeral.text!r} in {masked.strip()!r}"
        elif items and not any(_is_of(each, items) for each in fitting):
            yield f"{numeral.text!r} of another item in {masked.strip()!r}"


def _fits(shown: Showable, numeral: Numeral, text: str) -> bool:
    return shown.value == numeral.value and shown.kind in _kinds(numeral, text, shown.kind)


def _kinds(numeral: Numeral, text: str, own: str) -> set[str]:
    """What the sign or noun beside the figure says it is; itself where nothing does."""
    before, after = text[: numeral.start].rstrip()[-1:], text[numeral.end :]
    for sign, kinds in _SIGNS.items():
        if before == sign or after.lstrip()[:1] == sign:
            return kinds
    noun = re.match(r"\s([a-z]+)\b", after)
    return _NOUNS.get(noun[1], {own}) if noun else {own}


def _is_of(shown: Showable, items: frozenset[str]) -> bool:
    own = {ref.removeprefix("item:") for ref in shown.about if ref.startswith("item:")}
    return not own or bool(own & items)


def _without_dates(text: str, days: frozenset[date]) -> str:
    """Dates of facts are taken out; any other date stays and is a figure."""

    def replaced(match: re.Match[str]) -> str:
        return "¤" if set(_days(match)) <= days else match[0]

    return _DATE.sub(replaced, text)


def _days(match: re.Match[str]) -> Iterator[date]:
    one, month, year, other, last_month, last_year, single, its_month, its_year = match.groups()
    if single:
        yield _day(single, its_month, its_year)
    else:
        yield _day(one, month or last_month, year or last_year)
        yield _day(other, last_month, last_year)


def _day(day: str, month: str, year: str) -> date:
    try:
        return datetime.strptime(f"{day} {month[:3]} {year}", "%d %b %Y").date()  # noqa: DTZ007  a day
    except ValueError:
        return date.min
