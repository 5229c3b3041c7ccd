"""Groups that lend each other strength: the whole company, then each level of the category tree."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.demand.arrays import Ints

DEEPEST = 4  # levels of the category tree; below it, groups are too small to teach


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Codes per series, from general to special; each level nests in the one before."""

    levels: tuple[Ints, ...]
    item: Ints | None = None  # of each series; None where only categories are told apart

    @property
    def nest(self) -> tuple[Ints, ...]:
        """Codes below the company down to the single series, each level inside the one before."""
        series = np.arange(len(self.root), dtype=np.int64)
        item = () if self.item is None else (self.item,)
        return (*self.levels[1:], *item, series)

    @property
    def root(self) -> Ints:
        return self.levels[0]

    def sizes(self) -> tuple[int, ...]:
        return tuple(int(codes.max(initial=-1)) + 1 for codes in self.levels)


def category_groups(categories: Sequence[str]) -> Groups:
    """Groups from category paths such as "home/lamps/desk"; an empty path is a category too."""
    column = pd.Series(list(categories), dtype=object).fillna("").astype(str)
    codes, paths = pd.factorize(column, sort=True)
    parts = [str(path).split("/") for path in paths]
    deepest = min(max((len(p) for p in parts), default=0), DEEPEST)
    levels = [np.zeros(len(column), dtype=np.int64)]
    for depth in range(1, deepest + 1):
        level, _ = pd.factorize(np.array(["/".join(p[:depth]) for p in parts], dtype=object))
        levels.append(level.astype(np.int64)[codes])
    return Groups(levels=tuple(levels))


def series_groups(series: pd.DataFrame) -> Groups:
    """Groups of a panel's series: company, category tree, item."""
    tree = category_groups(list(series["category"]))
    item = pd.factorize(series["sku"], sort=True)[0].astype(np.int64)
    return Groups(levels=tree.levels, item=item)


def parents(child: Ints, parent: Ints, children: int) -> Ints:
    """The parent group of each child group."""
    above = np.zeros(children, dtype=np.int64)
    above[child] = parent
    return above
