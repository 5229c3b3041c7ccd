"""The level of a year, moved by how company, category, item and series did lately.

The last weeks of one series say little: what looks like a change is mostly chance. That its item
falls at every location, or that its whole category rises, says more. Each group's growth is what
its members sold lately against what their own year makes one expect, drawn towards the growth of
the group above it as gamma rates are by Poisson counts (Robbins 1956), so that a group speaks as
loudly as it sells. Who was out of stock, began or ended moves no group, because every member is
measured against itself.
"""

import numpy as np

from engine.demand.arrays import Floats, Ints, ratio, sum_groups
from engine.demand.groups import Groups

# Units that would have to be sold before a group's own growth counts half. On weekly retail
# anything between 15 and 40 does alike.
PRIOR_UNITS = 40.0


def moved_level(year: Floats, units: Floats, offered: Floats, groups: Groups) -> Floats:
    """[series] `year`, a level, times the growth of late.

    `units` and `offered` [series] are faded sums over the last weeks: what was sold, and the
    buckets of level demand in which it was for sale.
    """
    due = year * offered
    growth = np.ones(len(year))
    for codes in (groups.root, *groups.nest):
        growth *= _growth(units, due * growth, codes)
    return year * growth


def _growth(units: Floats, due: Floats, codes: Ints) -> Floats:
    """[series] growth of its group beyond what is `due`."""
    size = int(codes.max(initial=-1)) + 1
    sums = sum_groups(np.column_stack([units, due]), codes, size) + PRIOR_UNITS
    return ratio(sums[:, 0], sums[:, 1])[codes]
