"""What a draft may lean on: the facts and entities of one turn."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from agent.grounding.language import Language
from agent.grounding.tongues import languages
from tools.facts import Entity, Fact

# Words of names that name nothing by themselves.
GENERIC = frozenset(
    {"store", "shop", "warehouse", "depot", "main", "the", "and", "set", "pack", "ltd", "gmbh",
     "inc", "company", "with", "for", "table", "small", "large", "light", "heart", "white", "black",
     "budget", "proposal", "plan", "new", "old", "big", "red", "green", "blue", "home", "house"}
)  # fmt: skip
SHORTEST_NAME = 4  # a shorter name is too common a word to count as naming the thing
# A code made of digits, or digits and a unit-like tail, reads as a figure: 126, 22423, 50K.
_LIKE_A_FIGURE = re.compile(r"[\W\d_]*\d[\d.,]*\s*[A-Za-z%]{0,3}")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """`said_by_user` is the person's message: a period it names may be echoed.

    `languages` are those that the model may answer in, as ISO 639-1 codes.
    """

    facts: Mapping[str, Fact]
    entities: tuple[Entity, ...]
    said_by_user: str = ""
    did_write: bool = False  # a WRITE tool succeeded in this turn
    languages: tuple[str, ...] = ("en",)

    @cached_property
    def spoken(self) -> tuple[Language, ...]:
        return languages(self.languages)

    @cached_property
    def codes(self) -> re.Pattern[str] | None:
        """Codes that may stand in the model's own text, as whole tokens, longest first."""
        return _tokens(e.code for e in self.entities if may_stand_alone(e.code))

    @cached_property
    def mentions(self) -> tuple[tuple[re.Pattern[str], Entity], ...]:
        """How each entity is named in plain text: by code, or by name whatever the case."""
        found: list[tuple[re.Pattern[str], Entity]] = []
        for entity in self.entities:
            if may_stand_alone(entity.code):
                found.append((_token(entity.code), entity))
            if len(entity.name) >= SHORTEST_NAME and entity.name != entity.code:
                found.append((_token(entity.name, re.IGNORECASE), entity))
                found += [(_token(w, re.IGNORECASE), entity) for w in self._own_words(entity)]
        return tuple(found)

    def without_names(self, text: str) -> str:
        """Names of things are no words of a language."""
        for pattern, entity in self.mentions:
            if entity.name:
                text = pattern.sub(" § ", text)
        return text

    def without_mentions(self, text: str) -> str:
        """The text without everything that names an entity."""
        for pattern, _ in self.mentions:
            text = pattern.sub(" ", text)
        return text

    def _own_words(self, entity: Entity) -> tuple[str, ...]:
        """Words of its name that nothing else of its kind in this turn has: "the oak lamp"."""
        counts = self._word_counts[entity.kind]
        words = _words(entity.name)
        return tuple(w for w in words if counts[w] == 1 and w not in GENERIC and len(words) > 1)

    @cached_property
    def _word_counts(self) -> Mapping[str, Counter[str]]:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for entity in self.entities:
            counts[entity.kind].update(_words(entity.name))
        return counts


def _words(name: str) -> frozenset[str]:
    """Its words of three letters and more, in lower case."""
    return frozenset(re.findall(r"[^\W\d_]{3,}", name.lower()))


def may_stand_alone(code: str) -> bool:
    """May the code be written without a reference? Not when it could pass for a figure."""
    return any(c.isalpha() for c in code) and _LIKE_A_FIGURE.fullmatch(code) is None


def _tokens(codes: Iterable[str]) -> re.Pattern[str] | None:
    ordered = sorted(set(codes), key=lambda code: (-len(code), code))
    if not ordered:
        return None
    return re.compile(rf"(?<![\w\-/.])(?:{'|'.join(map(re.escape, ordered))})(?![\w\-/]|\.\w)")


def _token(text: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w\-]){re.escape(text)}(?![\w\-])", flags)
