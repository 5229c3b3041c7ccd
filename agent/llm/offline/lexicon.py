"""Which item, place or supplier people mean: codes, names, typing errors, plurals."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from tools.names import Names

_TOKEN = re.compile(r"[^\W_]+")
TOKEN_MATCH = 84  # ratio from which two words are the same but for a typing error
SHORTEST_FUZZY = 4  # a shorter word must be spelt right
MOST_CHOICES = 6
LONGEST_NUMBER = 9  # digits people would say instead of the code
# What places are called besides their own names.
_GENERIC_WORDS = (
    "the store stores shop warehouse warehouses depot dc hub site location main branch 3pl ltd inc"
    " gmbh co company and of plc llc ab as supplies supply group trading limited"
)
_GENERIC = frozenset(_GENERIC_WORDS.split())


def tokens(text: str) -> tuple[str, ...]:
    """Words in lower case, plural s removed."""
    return tuple(singular(word) for word in _TOKEN.findall(text.lower()))


def singular(word: str) -> str:
    if len(word) > SHORTEST_FUZZY and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > SHORTEST_FUZZY and re.search(r"(?:ch|sh|x|ss)es$", word):
        return word[:-2]
    plural = len(word) >= SHORTEST_FUZZY and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural else word


@dataclass(frozen=True)
class Lexicon:
    """Built once per catalogue; looking up is fast for tens of thousands of items."""

    names: Names

    @cached_property
    def item_codes(self) -> Mapping[str, str]:
        """Code in lower case -> code."""
        return {code.casefold(): code for code in self.names.items}

    @cached_property
    def items_by_number(self) -> Mapping[int, str]:
        """126 -> P126, where no other code has that number."""
        return by_number(self.names.items)

    @cached_property
    def places_by_number(self) -> Mapping[int, str]:
        return by_number(self.names.locations)

    @cached_property
    def by_name(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """Words of a name -> the SKUs that carry it."""
        found: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        for code, name in self.names.items.items():
            if name:
                found[tokens(name)].append(code)
        return {words: tuple(codes) for words, codes in found.items()}

    @cached_property
    def longest_name(self) -> int:
        return max((len(words) for words in self.by_name), default=0)

    @cached_property
    def skus_with(self) -> Mapping[str, frozenset[str]]:
        """Word -> SKUs whose name or category holds it."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for code, name in self.names.items.items():
            for word in (*tokens(name), *tokens(code)):
                found[word].add(code)
        return {word: frozenset(codes) for word, codes in found.items()}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that occurs in a name of anything."""
        places = (*self.names.locations.values(), *self.names.suppliers.values())
        others = {word for name in (*places, *self.names.categories) for word in tokens(name)}
        return frozenset(self.skus_with) | others

    def with_all(self, words: Sequence[str]) -> tuple[str, ...]:
        """SKUs whose name holds every word, allowing typing errors; best fit first."""
        sets = [self._skus_like(word) for word in words]
        if not sets or not all(sets):
            return ()
        common = frozenset[str].intersection(*sets)
        return self._ordered(common, words)

    def with_most(self, words: Sequence[str]) -> tuple[str, ...]:
        """SKUs that hold as many of the words as any does, best fit first."""
        counts: defaultdict[str, int] = defaultdict(int)
        for word in words:
            for sku in self._skus_like(word):
                counts[sku] += 1
        most = max(counts.values(), default=0)
        return self._ordered([sku for sku, count in counts.items() if count == most], words)

    def near_code(self, text: str) -> tuple[str, ...]:
        """SKUs spelt nearly so."""
        hits = process.extract(
            text.casefold(), list(self.item_codes), scorer=fuzz.ratio, limit=3, score_cutoff=70
        )
        return tuple(self.item_codes[code] for code, _, _ in hits)

    def _skus_like(self, word: str) -> frozenset[str]:
        exact = self.skus_with.get(word)
        if exact is not None or len(word) < SHORTEST_FUZZY or any(c.isdigit() for c in word):
            return exact or frozenset()
        near = process.extract(
            word, list(self.skus_with), scorer=fuzz.ratio, limit=3, score_cutoff=TOKEN_MATCH
        )
        return frozenset[str]().union(*(self.skus_with[found] for found, _, _ in near))

    def _ordered(self, skus: Iterable[str], words: Sequence[str]) -> tuple[str, ...]:
        """Names with the least besides the words first, then by spelling and code."""
        text = " ".join(words)

        def distance(sku: str) -> tuple[int, float, str]:
            name = tokens(self.names.items[sku])
            return (len(set(name) - set(words)), -fuzz.ratio(text, " ".join(name)), sku)

        return tuple(sorted(skus, key=distance))


def by_number(codes: Iterable[str]) -> dict[int, str]:
    """Codes by the one number in them; numbers that several codes share are left out."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for code in codes:
        numbers = re.findall(r"\d+", code)
        if len(numbers) == 1 and len(numbers[0]) <= LONGEST_NUMBER:
            found[int(numbers[0])].append(code)
    return {number: owners[0] for number, owners in found.items() if len(owners) == 1}


def named_places(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Codes of the places or suppliers whose own name stands in the text, longest name first.

    A generic word such as "store" names none; the own words of a name must all be there.
    """
    said = set(tokens(text))
    found: list[tuple[int, str]] = []
    for code, name in known.items():
        own = [word for word in tokens(name) if word not in _GENERIC]
        if own and all(word in said for word in own):
            found.append((-len(own), code))
    if not found:
        return ()
    longest = min(found)[0]
    return tuple(code for length, code in sorted(found) if length == longest)
