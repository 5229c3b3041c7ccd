"""What the company itself does to demand in each bucket: promotions and list prices.

Few buckets are promoted, so promotions are kept by promoted cell; a cell is a bucket of a series.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints

# The parts of a promotion that may each lift demand. "discount" is -log(1 - depth), so that its
# coefficient is an elasticity; "cut" is 1 for any depth (being on offer counts by itself).
PARTS = ("discount", "cut", "feature", "display", "feature and display", "influencer", "drop")


@dataclass(frozen=True, kw_only=True)
class Levers:
    """Promotions and list prices on [series, bucket] axes, past or planned alike.

    `cell` is row x buckets + bucket, ascending, one entry per promoted cell. `share` is the share
    of the bucket's days with any promotion; `parts` [cell, part] how strong each part is while
    promotions run (kinds: share of the promoted days). `log_price` [series, bucket] is the
    logarithm of the list price, NaN where unknown; None where no price moves. Only the prices of
    series in `planned` were known before their day; others are what was paid.
    """

    shape: tuple[int, int]
    cell: Ints
    share: Floats
    parts: Floats
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
        return self.spread(self.share)

    def grid(self, part: str) -> Floats:
        """[series, bucket] one of PARTS, averaged over all days of the bucket."""
        return self.spread(self.share * self.parts[:, PARTS.index(part)])

    @property
    def depth(self) -> Floats:
        """[series, bucket] share off the list price, averaged over all days of the bucket."""
        return self.spread(self.share * -np.expm1(-self.parts[:, 0]))

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
            parts=self.parts[inside],
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
        return replace(self, cell=self.cell[:0], share=self.share[:0], parts=self.parts[:0])


def no_levers(shape: tuple[int, int]) -> Levers:
    """Neither promotions nor prices."""
    nothing = np.zeros(0)
    return Levers(
        shape=shape,
        cell=np.zeros(0, dtype=np.int64),
        share=nothing,
        parts=np.zeros((0, len(PARTS))),
    )


def _distance(flags: Bools) -> Floats:
    position = np.arange(flags.shape[1], dtype=np.float64)
    latest = np.where(flags, position, -np.inf)
    if flags.shape[1]:
        latest = np.maximum.accumulate(latest, axis=1)
    return position - latest
