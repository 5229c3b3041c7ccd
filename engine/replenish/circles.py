"""Locations that are said to supply one another in a circle."""

import numpy as np

from engine.model.money import exponent
from engine.model.snapshot import Snapshot
from engine.replenish.context import Context
from engine.replenish.notice import Notice
from engine.replenish.places import feeds_of


def circles(context: Context, snapshot: Snapshot) -> list[Notice]:
    """Where a circle of supply was cut: that location buys for itself and those it supplies.

    The margin it is expected to earn in a week is at stake.
    """
    _, cut = feeds_of(snapshot)
    if not cut:
        return []
    earned = context.weekly_margin * 10 ** exponent(context.currency)
    at = np.asarray(context.places.location, dtype=object)
    return [
        Notice(
            code="circular_supply",
            location=location,
            at_stake_minor=round(float(earned[at == location].sum())),
            facts={"now_buys": True},
        )
        for location in cut
    ]
