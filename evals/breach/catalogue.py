"""All classes of attack, and as many seeded attacks of them as wanted."""

from collections.abc import Iterator, Mapping

import numpy as np

from evals.breach.attack import Attack, Make
from evals.breach.attacks import (
    bindings,
    calls,
    claims,
    dates,
    disguised,
    figures,
    planted,
    words,
    writes,
)

CLASSES: Mapping[str, Make] = {
    **figures.CLASSES, **words.CLASSES, **disguised.CLASSES, **dates.CLASSES, **bindings.CLASSES,
    **claims.CLASSES, **calls.CLASSES, **writes.CLASSES, **planted.CLASSES,
}  # fmt: skip


def attacks(count: int, seed: int) -> Iterator[Attack]:
    """At least `count` attacks, each class equally often; the same for the same seed."""
    rounds = -(-count // len(CLASSES))
    for number in range(rounds):
        for kind in CLASSES:
            yield attack_of(kind, number, seed)


def attack_of(kind: str, number: int, seed: int) -> Attack:
    """The numbered attack of a class; nothing else decides what it is."""
    place = list(CLASSES).index(kind)
    made = CLASSES[kind](np.random.default_rng([seed, place, number]))
    return Attack(
        kind=kind, seed=number, moves=made.moves, says=made.says, who=made.who,
        is_lie=made.is_lie, hides=made.hides,
    )  # fmt: skip
