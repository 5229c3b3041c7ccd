"""The same days without some of the deliveries: which customers would have found nothing."""

from dataclasses import dataclass, field

import numpy as np

from engine.simulate.rows import Floats


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What happened. Axes [day, series], units; the evening is NaN where it was not recorded.

    `shipped` went to customers who had waited, `sold` to everybody else, `ours` arrived because of
    what was done. `opening` [series] is the stock before the first day.
    """

    opening: Floats = field(repr=False)
    evening: Floats = field(repr=False)
    sold: Floats = field(repr=False)
    shipped: Floats = field(repr=False)
    ours: Floats = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Saved:
    """Units that customers got and would not have got; axes [day, series]."""

    sold: Floats = field(repr=False)
    shipped: Floats = field(repr=False)


def units_saved(recorded: Recorded) -> Saved:
    """Replay the days with every flow as it was, but without `ours`.

    Whatever else moved stock (other deliveries, returns, moves, counts) is taken from the records:
    it is what makes yesterday's stock and today's sales end in tonight's. Those who had waited are
    served first, then the others, and who finds nothing is lost. Without `ours` nothing is saved,
    to the unit, because the replay is then the record itself; and each unit of `ours` saves at most
    one customer, because it can be missing from the shelf only once.
    """
    level: Floats = recorded.opening.astype(np.float64)  # as it was, on the evening before
    without = level.copy()
    sold, shipped = np.zeros_like(recorded.sold), np.zeros_like(recorded.shipped)
    for day in range(len(recorded.sold)):
        gone = recorded.sold[day] + recorded.shipped[day]
        seen = recorded.evening[day]
        # Where nobody counted, nothing but the known flows is assumed to have happened.
        flows: Floats = np.maximum(level + recorded.ours[day] - gone, 0.0)
        evening: Floats = np.where(np.isfinite(seen), seen, flows)
        other = evening - level + gone - recorded.ours[day]
        there = np.maximum(without + other, 0.0)
        for_waiting = np.minimum(recorded.shipped[day], there)
        for_others = np.minimum(recorded.sold[day], there - for_waiting)
        shipped[day] = recorded.shipped[day] - for_waiting
        sold[day] = recorded.sold[day] - for_others
        without = there - for_waiting - for_others
        level = evening
    return Saved(sold=sold, shipped=shipped)
