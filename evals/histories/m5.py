"""M5 (Walmart), one store and department: daily units per item, or weeks of them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from evals.histories.history import Floats, History
from evals.m5.files import load

WEEK = 7


def read_m5(folder: Path) -> History:
    """Daily units of every item, later files joined where present; an item begins when it sells."""
    data = load(folder)
    order = sorted(range(len(data.items)), key=lambda item: data.items[item])
    return History(
        name="m5",
        skus=[data.items[item] for item in order],
        locations=[data.store] * len(order),
        categories=[data.items[item].rsplit("_", 2)[0] for item in order],
        units=from_first_sale(data.units[order]),
        first_day=data.days[0].date(),
        bucket_days=1,
    )


def from_first_sale(units: Floats) -> Floats:
    """What comes before a series' first sale is missing."""
    begun = np.maximum.accumulate(np.nan_to_num(units) > 0, axis=1)
    return np.where(begun, units, np.nan)


def weekly(history: History) -> History:
    """Whole weeks that end on the last day; a week counts where all of its days do."""
    weeks = history.buckets // WEEK
    cut = history.buckets - weeks * WEEK
    units = history.units[:, cut:].reshape(len(history.units), weeks, WEEK).sum(axis=2)
    first = history.first_day + timedelta(days=cut)
    return replace(history, units=units, first_day=first, bucket_days=WEEK)
