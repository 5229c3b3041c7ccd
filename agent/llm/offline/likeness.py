"""What a message is most like among phrases whose meaning is known.

Patterns read what they were written for; people find other words. A message that no pattern fits
is compared with the phrases of examples.txt by the words they share: each as its stem, weighed by
how few intents use it, words and pairs of neighbours alike; the cosine of the two decides.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import log, sqrt
from typing import cast, get_args

from agent.llm.offline.intents import Intent

LEAST = 0.45  # cosine below which a message is like nothing we know
STRONG, STRONG_LEAD = 0.70, 0.12
UNNAMED, NOT_HAD = 0.6, 0.85  # left of the cosine where only one of the two names a thing
LEAST_LEAD = 0.04  # over the best phrase of another intent
UNKNOWN_WEIGHT = 0.5  # of the rarest: of a word that no phrase has
PAIR_WEIGHT = 0.6  # of two neighbouring words, beside each of them
# Words that mean the same here; the first stands for all.
_GROUPS = """
    supplier vendor manufacturer maker
    store shop location site branch warehouse depot
    buy purchase order reorder procure restock replenish
    forecast predict prediction projection outlook
    sell sale shift
    promotion promo campaign discount offer markdown
    late overdue delayed slip slipping behind
    quick fast soon
    cash money funds
    stock inventory
    delivery shipment arrival
    arrive land come
    snooze mute hide silence ignore park
    problem issue trouble
    wrong broken bad
    worst poorest
    raise increase lift bump
    lower reduce decrease cut
    cap limit ceiling
    customer client shopper someone somebody
    week <when>
    figure number
    jump spike surge
    item product sku article
    show display list give see view
    need require want
"""
_STOP_WORDS = """
    a an the of to is are be am was were been i we you me us our my your it its that this these
    those there and or so do does did have has had can could would will shall please just for in on
    at by with from as any some now then hey hi ok let get got s t
"""
_STOP = frozenset(_STOP_WORDS.split())
_WORD = re.compile(r"<\w+>|[^\W\d_]+")
_THINGS = frozenset({"<item>", "<supplier>", "<po>"})
_SECTION = re.compile(r"^\[([a-z-]+)\]$")
Features = Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """The intent of the nearest phrase, the cosine with it, and that of the next other intent."""

    intent: Intent
    score: float
    runner_up: float

    @property
    def is_clear(self) -> bool:
        return self.score >= LEAST and self.score - self.runner_up >= LEAST_LEAD

    @property
    def is_strong(self) -> bool:
        """Nearer than what a pattern that fits many messages may say."""
        return self.score >= STRONG and self.score - self.runner_up >= STRONG_LEAD


def likest(plain: str) -> Likeness | None:
    """What the marked text is most like; None where it is clearly like nothing."""
    asked = _weighed(Counter(_features(plain)))
    best: defaultdict[Intent, float] = defaultdict(float)
    for intent, phrase in _vectors():
        shared = sum(weight * phrase.get(name, 0.0) for name, weight in asked.items())
        shared *= _speaks_of_same(asked, phrase)
        best[intent] = max(best[intent], shared)
    ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
    if not ranked:
        return None
    found = Likeness(intent=ranked[0][0], score=ranked[0][1], runner_up=ranked[1][1])
    return found if found.is_clear else None


def _speaks_of_same(asked: Features, phrase: Features) -> float:
    """A phrase about no thing is not what somebody means who names one."""
    named, has = _THINGS & asked.keys(), _THINGS & phrase.keys()
    return UNNAMED if named - has else NOT_HAD if has - named else 1.0


@cache
def example_words() -> frozenset[str]:
    """Every word of the phrases: none of them is an item's name."""
    return frozenset(word for _, text in phrases() for word in re.findall(r"[a-z]{2,}", text))


def stems(text: str) -> list[str]:
    """The words that tell something, each as its stem or as the first of its group."""
    return [stem for stem in map(_stem, _WORD.findall(text.lower())) if stem not in _STOP]


def _features(text: str) -> Iterator[str]:
    every = [_stem(word) for word in _WORD.findall(text.lower())]
    yield from (stem for stem in every if stem not in _STOP)
    yield from (f"{a} {b}" for a, b in pairwise(every) if a != b)


def _stem(word: str) -> str:
    """Its group's first word, or the word without its ending."""
    if word.startswith("<"):
        return "<n>" if word == "<money>" else word
    bare = _without_ending(word)
    return _group_of().get(bare, _group_of().get(word, bare))


def _without_ending(word: str) -> str:
    for ending in ("ing", "ed", "ies", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):  # noqa: PLR2004  what is left of a word
            return word.removesuffix(ending) + ("y" if ending == "ies" else "")
    return word


@cache
def _group_of() -> Mapping[str, str]:
    groups = [line.split() for line in _GROUPS.strip().splitlines()]
    return {
        form: group[0]
        for group in groups
        for word in group
        for form in (word, _without_ending(word))
    }


@cache
def phrases() -> tuple[tuple[Intent, str], ...]:
    """Every phrase with its intent, in the order of the file."""
    text = files("agent.llm.offline").joinpath("examples.txt").read_text(encoding="utf-8")
    found: list[tuple[Intent, str]] = []
    intent: Intent | None = None
    for line in filter(None, map(str.strip, text.splitlines())):
        section = _SECTION.match(line)
        if section:
            assert section[1] in get_args(Intent), line  # noqa: S101  the file is ours
            intent = cast("Intent", section[1])
        elif intent is not None and not line.startswith("#"):
            found.append((intent, line))
    return tuple(found)


@cache
def _rarity() -> Mapping[str, float]:
    """How much a feature tells: more, the fewer intents use it."""
    used: defaultdict[str, set[Intent]] = defaultdict(set)
    for intent, text in phrases():
        for name in _features(text):
            used[name].add(intent)
    all_intents = len({intent for intent, _ in phrases()})
    return {name: log(1 + all_intents / len(intents)) for name, intents in used.items()}


def _weighed(counts: Counter[str]) -> Features:
    """A unit vector; a pair that no phrase has weighs nothing."""
    rarest = max(_rarity().values())
    weights = {
        name: _rarity().get(name, 0.0) * PAIR_WEIGHT
        if " " in name
        else _rarity().get(name, UNKNOWN_WEIGHT * rarest)
        for name in counts
    }
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {name: weight / length for name, weight in weights.items()} if length else {}


@cache
def _vectors() -> tuple[tuple[Intent, Features], ...]:
    return tuple((intent, _weighed(Counter(_features(text)))) for intent, text in phrases())
