"""Which intent a message's words speak for, taken together, where no single phrase is near.

Naive Bayes over the phrases of examples.txt: each word speaks for the intents whose phrases use it,
independently of the others. It only ever chooses what reads.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from math import exp, log

from agent.llm.offline.intents import Intent
from agent.llm.offline.likeness import phrases, stems

LEAST_POSTERIOR = 0.60
SMOOTHING = 0.15  # phrases that each intent is thought to have with any word
FEWEST_WORDS = 2  # known ones; one word alone says too little


def likeliest(plain: str) -> Intent | None:
    """The intent that the words make likely; None where they leave it open."""
    words = [word for word in dict.fromkeys(stems(plain)) if word in _known()]
    if len([word for word in words if not word.startswith("<")]) < FEWEST_WORDS:
        return None
    odds: dict[Intent, float] = {
        intent: sum(log(_chance(word, used, number)) for word in words)
        for intent, (used, number) in _uses().items()
    }
    best, _ = max(odds.items(), key=lambda pair: pair[1])  # the first of equals, as in the file
    whole = sum(exp(each - odds[best]) for each in odds.values())
    return best if 1 / whole >= LEAST_POSTERIOR else None


def _chance(word: str, used: Counter[str], phrases_of_intent: int) -> float:
    return (used[word] + SMOOTHING) / (phrases_of_intent + 2 * SMOOTHING)


@cache
def _uses() -> Mapping[Intent, tuple[Counter[str], int]]:
    """Of each intent: in how many phrases each word stands, and how many phrases there are."""
    used: defaultdict[Intent, Counter[str]] = defaultdict(Counter)
    number: Counter[Intent] = Counter()
    for intent, text in phrases():
        used[intent].update(set(stems(text)))
        number[intent] += 1
    return {intent: (counts, number[intent]) for intent, counts in used.items()}


@cache
def _known() -> frozenset[str]:
    return frozenset(word for used, _ in _uses().values() for word in used)
