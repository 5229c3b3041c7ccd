"""An item that takes over from another: one demand, which moves from the one to the other.

The pair has one level. The share that the successor already has is what it sold of both over the
last four weeks; the rest follows, half of it every four weeks, from its launch on. The successor
inherits level and course; never are both expected at full level. A renamed item is not a
successor: its two names are one history (items.renamed_from). Where the predecessor is
discontinued, its demand has ended already and the successor is a newcomer with an analogue.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from engine.demand.arrays import Floats, Ints, Texts, ratio
from engine.demand.axes import first_day
from engine.demand.series import discontinued
from engine.forecast.plans import Plans
from engine.forecast.training import Training
from engine.model.snapshot import Snapshot

if TYPE_CHECKING:
    from engine.forecast.assembly import Course

LATELY_DAYS = 28
HALF_MOVES_DAYS = 28.0  # of what has not moved yet
LEVEL_HALF_LIFE_DAYS = 63.0
SETTLED = 0.95  # share from which the successor speaks for itself
METHOD = "hand-over"
REASON = "It takes over from another item, whose level and season it inherits as demand moves."


@dataclass(frozen=True, kw_only=True)
class Handover:
    """Pairs at one location: positions of the series, share already moved."""

    old: Ints
    new: Ints
    moved: Floats

    @property
    def rows(self) -> Ints:
        return np.union1d(self.old, self.new)


def _no_handover() -> Handover:
    none = np.zeros(0, dtype=np.int64)
    return Handover(old=none, new=none, moved=np.zeros(0))


def find_handovers(series: pd.DataFrame, snapshot: Snapshot, training: Training) -> Handover:
    """Pairs under way or planned, one predecessor per successor (the first in sku order)."""
    if not snapshot["items"]["successor"].notna().any():
        return _no_handover()
    items = snapshot["items"].drop_duplicates("sku")
    named = items.loc[items["successor"].notna() & (items["successor"] != ""), ["sku", "successor"]]
    named = named[named["sku"] != named["successor"]]
    if named.empty:
        return _no_handover()
    rows = series[["sku", "location"]].assign(row=np.arange(len(series)))
    pairs = named.merge(rows, on="sku").merge(
        rows, left_on=["successor", "location"], right_on=["sku", "location"], suffixes=("", "_new")
    )
    pairs = pairs.sort_values(["sku", "row"]).drop_duplicates("row_new").drop_duplicates("row")
    old, new = pairs["row"].to_numpy(dtype=np.int64), pairs["row_new"].to_numpy(dtype=np.int64)
    moved = _moved(training, old, new)
    going = ~discontinued(series)[old] & ~discontinued(series)[new] & (moved < SETTLED)
    return Handover(old=old[going], new=new[going], moved=moved[going])


def _moved(training: Training, old: Ints, new: Ints) -> Floats:
    """Share of both rates over the last weeks that is the successor's; 0 before it sold."""
    lately = max(round(training.buckets(LATELY_DAYS)), 1)
    sold, there = training.sold[:, -lately:].sum(axis=1), training.weight[:, -lately:].sum(axis=1)
    rate = ratio(sold, there)
    return ratio(rate[new], rate[old] + rate[new])


def moving_plans(plans: Plans, pairs: Handover, series: pd.DataFrame, bucket_days: int) -> Plans:
    """Plans in which each pair is on sale once: what the successor has, the predecessor has not."""
    if len(pairs.old) == 0:
        return plans
    steps = np.arange(len(plans.starts))
    middle = first_day(plans.starts) + bucket_days * (steps + 0.5)
    launch = series["launch_date"].to_numpy(dtype="datetime64[D]")[pairs.new]
    begins = np.where(np.isnat(launch), first_day(plans.starts), launch.astype(np.int64))
    begins = np.maximum(begins, first_day(plans.starts))[:, None]
    since = middle[None, :] - begins
    left = np.where(since > 0, 0.5 ** (np.maximum(since, 0.0) / HALF_MOVES_DAYS), 1.0)
    share = 1.0 - (1.0 - pairs.moved[:, None]) * left
    on_sale = plans.on_sale.copy()
    on_sale[pairs.new] = share
    on_sale[pairs.old] = on_sale[pairs.old] * (1.0 - share)
    return replace(plans, on_sale=on_sale)


def shared_course(course: "Course", pairs: Handover, training: Training, shape: Floats) -> "Course":
    """Both series of a pair at the level that the two have together, on the predecessor's path."""
    if len(pairs.old) == 0:
        return course
    age = np.arange(training.shape[1] - 1, -1, -1.0)
    fade = 0.5 ** (age / training.buckets(LEVEL_HALF_LIFE_DAYS))
    offered = training.weight * shape
    sold = training.sold[pairs.old] + training.sold[pairs.new]
    there = np.maximum(offered[pairs.old], offered[pairs.new])
    both = ratio((sold * fade).sum(axis=1), (there * fade).sum(axis=1))
    before = course.level[pairs.old]
    together = np.where((pairs.moved > 0) | (before <= 0), both, before)
    grown = ratio(course.path[pairs.old], np.repeat(before[:, None], course.path.shape[1], 1), 1.0)
    level, path = course.level.copy(), course.path.copy()
    for rows in (pairs.old, pairs.new):
        level[rows] = together
        path[rows] = together[:, None] * grown
    return replace(course, level=level, path=path)


def told(reasons: Texts, pairs: Handover, skus: Texts) -> None:
    """Write the sentence of each member of a pair into `reasons` [series]."""
    for old, new in zip(pairs.old, pairs.new, strict=True):
        reasons[old] = f"Its demand moves to {skus[new]}, which takes over from it."
        reasons[new] = f"It takes over from {skus[old]}, whose demand moves to it."
