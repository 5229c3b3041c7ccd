"""What the company itself does to demand in each bucket: promotions and list prices.

Few buckets are promoted, so promotions are kept by promoted cell; a cell is a bucket of a series.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints

if TYPE_CHECKING:
    from engine.demand.reach import Reach

# What a promotion consists of; each part may lift demand by itself. The discount counts as
# -log(1 - depth), so that its effect is an elasticity; with a feature or display it may work
# better. A part is worn on the days that lie more than a week into its run.
PARTS = (
    "discount", "feature", "display", "influencer", "drop",
    "discount with feature", "discount with display",
    "worn discount", "worn feature", "worn display",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Layers:
    """Promoted days of each cell in layers: the days of the longest part hold those of the next.

    `part` [cell, layer] begins with the layer; `weight` is the share of the bucket's days on which
    exactly the parts up to this layer run.
    """

    part: Ints
    weight: Floats


@dataclass(frozen=True, kw_only=True)
class Levers:
    """Promotions and list prices on [series, bucket] axes, past or planned alike.

    `cell` is row x buckets + bucket, ascending, one entry per promoted cell. `share` [cell, part]
    is the share of the bucket's days on which the part runs, `value` how strong it is then.
    `log_price` [series, bucket] is the logarithm of the list price, NaN where unknown; None where
    no price moves. Only the prices of series in `planned` were known before their day; others are
    what was paid.
    """

    shape: tuple[int, int]
    cell: Ints
    share: Floats
    value: Floats
    log_price: Floats | None = None
    planned: Bools | None = None  # [series]

    @property
    def row(self) -> Ints:
        return self.cell // max(self.shape[1], 1)

    @property
    def bucket(self) -> Ints:
        return self.cell % max(self.shape[1], 1)

    @cached_property
    def promoted(self) -> Floats:
        """[series, bucket] share of the days on promotion."""
        return self.spread(self.share.max(axis=1, initial=0.0))

    @cached_property
    def layers(self) -> Layers:
        used = np.flatnonzero(self.share.any(axis=0))
        order = np.argsort(-self.share[:, used], axis=1, kind="stable")
        ranked = np.take_along_axis(self.share[:, used], order, axis=1)
        next_one = np.concatenate([ranked[:, 1:], np.zeros((len(ranked), 1))], axis=1)
        return Layers(part=used[order], weight=ranked - next_one[:, : ranked.shape[1]])

    @cached_property
    def reaches(self) -> "dict[int, Reach]":
        """Where these promotions are felt, by the days of a bucket, once `reach_of` was asked."""
        return {}

    def grid(self, part: str) -> Floats:
        """[series, bucket] one of PARTS, averaged over all days of the bucket."""
        at = PARTS.index(part)
        return self.spread(self.share[:, at] * self.value[:, at])

    @property
    def depth(self) -> Floats:
        """[series, bucket] share off the list price, averaged over all days of the bucket."""
        return self.spread(self.share[:, 0] * -np.expm1(-self.value[:, 0]))

    @property
    def since(self) -> Floats:
        """[series, bucket] buckets since the last promoted one: 0 on promotion, inf before any."""
        return _distance(self.promoted > 0)

    @property
    def until(self) -> Floats:
        """[series, bucket] buckets until the next promoted one; inf where none is known."""
        return _distance(self.promoted[:, ::-1] > 0)[:, ::-1]

    def spread(self, values: Floats) -> Floats:
        """Values per promoted cell as [series, bucket], 0 elsewhere."""
        flat = np.zeros(self.shape[0] * self.shape[1])
        flat[self.cell] = values
        return flat.reshape(self.shape)

    def between(self, first: int, last: int) -> "Levers":
        """The same series in buckets first .. last - 1."""
        row, bucket = self.row, self.bucket
        inside = (bucket >= first) & (bucket < last)
        width = last - first
        return replace(
            self,
            shape=(self.shape[0], width),
            cell=row[inside] * width + bucket[inside] - first,
            share=self.share[inside],
            value=self.value[inside],
            log_price=None if self.log_price is None else self.log_price[:, first:last],
        )

    def foreseen(self, origin: int) -> "Levers":
        """The same as they were known at bucket `origin`: promotions as planned, prices as stated.

        A price that nobody stated is taken to stay what it was.
        """
        if self.log_price is None or self.planned is None or not 0 < origin < self.shape[1]:
            return self
        prices = self.log_price.copy()
        prices[~self.planned, origin:] = prices[~self.planned, origin - 1, None]
        return replace(self, log_price=prices)

    def unpromoted(self) -> "Levers":
        """The same prices without any promotion."""
        return replace(self, cell=self.cell[:0], share=self.share[:0], value=self.value[:0])


def no_levers(shape: tuple[int, int]) -> Levers:
    """Neither promotions nor prices."""
    nothing = np.zeros((0, len(PARTS)))
    return Levers(shape=shape, cell=np.zeros(0, dtype=np.int64), share=nothing, value=nothing)


def _distance(flags: Bools) -> Floats:
    position = np.arange(flags.shape[1], dtype=np.float64)
    latest = np.where(flags, position, -np.inf)
    if flags.shape[1]:
        latest = np.maximum.accumulate(latest, axis=1)
    return position - latest
