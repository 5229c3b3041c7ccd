"""The time an order still needs, knowing how long it has been out."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.errors import InvalidInput
from engine.kernels.columns import optional_texts, reals, texts
from engine.model.supply import LeadTimes
from engine.supply.posterior import moments

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_EXHAUSTED = 1e-9  # chance of still being out below which the distribution has nothing to say
# Share of that chance on the last day, which stands for "later than anything known", from which
# it has nothing to say either: the day itself is only where the grid happens to end.
_BEYOND = 0.5
_OVERDUE_SHARE = 0.25  # an order that is t days past its mean is expected to need t/4 more


def lane_rows(
    lead_times: LeadTimes,
    suppliers: Sequence[str],
    skus: Sequence[str],
    locations: Sequence[str],
) -> Ints:
    """The most special lane of each.

    That is the item's where it states a time of its own, else the ship-to's, else the item's,
    else the supplier's: where an order goes tells more of its time than what is in it.

    Raises InvalidInput for a supplier without any lane.
    """
    lanes = lead_times.lanes
    keys = zip(
        texts(lanes, "supplier"),
        optional_texts(lanes, "sku"),
        optional_texts(lanes, "location"),
        strict=True,
    )
    row = {key: i for i, key in enumerate(keys)}
    own = ~np.isnan(reals(lanes, "stated_days"))
    found: list[int] = []
    for supplier, sku, location in zip(suppliers, skus, locations, strict=True):
        item, whole = row.get((supplier, sku, None)), row.get((supplier, None, None))
        place = row.get((supplier, None, location))
        ways = (item if item is not None and own[item] else None, place, item, whole)
        best = next((way for way in ways if way is not None), None)
        if best is None:
            raise InvalidInput(
                f"No lead time for supplier {supplier!r}; add it to suppliers or supplier_items."
            )
        found.append(best)
    return np.asarray(found, dtype=np.int64)


def remaining_pmf(lead_times: LeadTimes, rows: Ints, elapsed: Ints) -> Floats:
    """Probability of needing exactly d more open days, [order, d], for orders not yet received.

    Known is what happened before the as-of date: `elapsed` days lead to that date, and the last
    of them is column 0, on which an order due this morning arrives. Past everything its lane has
    seen, an order needs a geometric time whose mean grows with how late it is.
    """
    return conditional_on_waiting(lead_times.pmf[rows], elapsed)


def conditional_on_waiting(pmf: Floats, elapsed: Ints) -> Floats:
    """`pmf` [order, day] of total days, given that none came before day `elapsed`.

    Column 0 of the result is that day.
    """
    width = pmf.shape[1]
    day: Ints = np.maximum(elapsed, 0)[:, None] + np.arange(width, dtype=np.int64)[None, :]
    later = np.take_along_axis(pmf, np.minimum(day, width - 1), axis=1)
    ahead = np.where(day < width, later, 0.0)
    still_out = ahead.sum(axis=1, keepdims=True)
    beyond = pmf[:, -1] > _BEYOND * still_out[:, 0]
    spent = (still_out[:, 0] < _EXHAUSTED) | (beyond & (elapsed > 0))
    ahead[spent] = _overdue(pmf[spent], elapsed[spent])
    still_out[spent] = 1.0
    return ahead / still_out


def _overdue(pmf: Floats, elapsed: Ints) -> Floats:
    mean, sd = moments(pmf)
    expected = np.maximum(np.maximum(sd, _OVERDUE_SHARE * (elapsed - mean)), 1.0)
    daily = 1 / expected[:, None]
    days = np.arange(pmf.shape[1], dtype=np.float64)[None, :]
    geometric = daily * (1 - daily) ** days
    return geometric / geometric.sum(axis=1, keepdims=True)
