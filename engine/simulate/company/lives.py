"""How items come and go: launches, ends, successors and renames."""

from dataclasses import dataclass

import numpy as np

from engine.simulate.company.articles import LASTING, Article
from engine.simulate.company.days import Days, Ints, stream

NEVER = 10**6  # a day number after all days
LONG_AGO = -365


@dataclass(frozen=True, kw_only=True)
class Lives:
    """Arrays by article."""

    launch: Ints  # day number; negative: long before the run-in
    end: Ints  # day number from which it is no longer bought; NEVER
    renamed: Ints  # day number until which it went by its old sku; 0: never renamed
    old_sku: tuple[str | None, ...]
    successor: tuple[str | None, ...]


def build_lives(seed: int, articles: list[Article], days: Days) -> Lives:
    """One item in thirty-three launched lately, twice as many ended, a sixth came in between."""
    random = stream(seed, "lives")
    count = len(articles)
    free = np.array([i for i, article in enumerate(articles) if article.sku not in LASTING])
    many = max(count // 33, 3)
    groups = np.split(random.permutation(free), np.cumsum([many, 2, 2 * many, 3, count // 6]))
    new, planned, old, moved, later, rest = groups
    launch, end = np.full(count, LONG_AGO), np.full(count, NEVER)
    renamed = np.zeros(count, dtype=np.int64)
    launch[new] = days.end - random.integers(12, 80, len(new))
    launch[planned] = days.end + random.integers(10, 40, len(planned))
    launch[later] = random.integers(days.history - 60, days.end - 200, len(later))
    end[old] = random.integers(days.history + 120, days.end - 20, len(old))
    renamed[moved] = random.integers(days.history + 200, days.end - 60, len(moved))
    heirs = _heirs(articles, old[: max(many // 2, 2)].tolist(), rest.tolist())
    for ended, heir in heirs.items():
        launch[heir] = end[ended] - int(random.integers(5, 25))
    return Lives(
        launch=launch,
        end=end,
        renamed=renamed,
        old_sku=tuple(
            f"{article.line.prefix}-{9000 + place}" if renamed[place] else None
            for place, article in enumerate(articles)
        ),
        successor=tuple(
            articles[heirs[place]].sku if place in heirs else None for place in range(count)
        ),
    )


def _heirs(articles: list[Article], ended: list[int], free: list[int]) -> dict[int, int]:
    """For ended items a free one of the same line that takes over."""
    heirs: dict[int, int] = {}
    for place in ended:
        same = [one for one in free if articles[one].line is articles[place].line]
        left = [one for one in same if one not in heirs.values()]
        if left:
            heirs[place] = left[0]
    return heirs
