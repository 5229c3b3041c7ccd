"""Which intent counts: the pattern that fits, a phrase that is clearly nearer, or all words."""

import re

from agent.llm.offline.intents import Intent
from agent.llm.offline.likelihood import likeliest
from agent.llm.offline.likeness import likest
from agent.llm.offline.pointing import pointed
from agent.llm.offline.reading import Reading
from agent.memory import Memory

# What a pattern says of these is said of too much; a phrase that is near goes before.
_WEAK: frozenset[Intent | None] = frozenset({None, "stock", "help"})
_OF_AN_ITEM: frozenset[Intent | None] = frozenset(
    {"forecast", "confidence", "drivers", "explain-order", "chart", "stock", "compare"}
)
# Never but by pattern: they change or drop an order, or put it before people.
_ONLY_BY_PATTERN: frozenset[Intent | None] = frozenset(
    (
        "draft",
        "propose",
        "revise-po",
        "remove-line",
        "move-po",
        "cancel-po",
        "approve",
        "send",
        "assign",
    )
)
_WRITES: frozenset[Intent | None] = frozenset(
    ("set-budget", "snooze", "override", "promotion", "price", "launch", "withdraw", "keep")
)
# Whose patterns say enough.
_ENOUGH: frozenset[Intent | None] = frozenset(
    ("decided-po", "changed-po", "approvals", "more", "arithmetic", "prefer", "unprefer")
)
_FIRM = _ONLY_BY_PATTERN | _WRITES | _ENOUGH
_NO_WISH = re.compile(
    r"\?\s*$|^(?:what|which|who|how|why|when|where|did|does|do we|is|are|was|were|has|have|had)\b"
    r"|\b(?:do|does|did|will|would|should|can|must|may) not\b|\b(?:never|nobody)\b"
)


def meant(intent: Intent | None, reading: Reading, memory: Memory) -> Intent | None:
    """The pattern's intent, unless a known phrase is clearly nearer; a write only as a wish."""
    if intent in _FIRM:
        return intent
    near = likest(reading.plain)
    if near is None:
        return _by_words(intent, reading.plain)
    is_weak = intent in _WEAK or _lacks_item(intent, reading, memory)
    if near.intent in _ONLY_BY_PATTERN or not (is_weak or near.is_strong):
        return intent
    if near.intent in _WRITES and near.intent != "snooze" and _NO_WISH.search(reading.plain):
        return intent  # "do not bother me with it" is a wish all the same
    return near.intent


def _lacks_item(intent: Intent | None, reading: Reading, memory: Memory) -> bool:
    """What is asked of an item says little where no item is meant."""
    named = reading.items or reading.choices or reading.place or reading.category
    is_code = any(character.isdigit() for character in reading.unknown)
    spoken_of = memory.item is not None or pointed(reading) is not None
    return intent in _OF_AN_ITEM and not (named or is_code or spoken_of)


def _by_words(intent: Intent | None, plain: str) -> Intent | None:
    """What all its words together speak for, where nothing else is known; never a write."""
    if intent is not None:
        return intent
    found = likeliest(plain)
    return None if found in _ONLY_BY_PATTERN or found in _WRITES else found
