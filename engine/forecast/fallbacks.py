"""Series too odd for what is done with ordinary ones: the fallback is named, with its sentence."""

from collections.abc import Iterator

import numpy as np

from engine.demand.arrays import Bools, Floats
from engine.forecast.training import Training

LEAST_DAYS = 84  # in stock; with less, no rolling origin has tried a method on the series
LEAST_BUCKETS = 4  # in stock throughout, before equal sales are more than chance
SINGLE = "It has sold in a single period, which gives a rate and no pattern."
CONSTANT = (
    "It sold the same in every period, so that is the level, and only counting noise is left."
)
GAPS = "It could be bought in less than half of its periods, and only those teach."
SHORT = "It has been on sale too short a time to try methods on, so it goes by those of its class."
NEVER_SOLD = "It could be bought and has not sold so far, which keeps the level low."
NEVER_IN_STOCK = "It was never recorded in stock and never sold, so its own demand is unknown."


def fallbacks(training: Training) -> Iterator[tuple[str, str, Bools]]:
    """Name, sentence and series of each fallback, from the mildest to the oddest."""
    weight, sold = training.weight, training.sold
    begun = training.begun.sum(axis=1)
    days = weight.sum(axis=1) * training.bucket_days
    sales = (sold > 0).sum(axis=1)
    yield "short history", SHORT, (days > 0) & (days < LEAST_DAYS)
    yield "gaps", GAPS, (days > 0) & (weight.sum(axis=1) < begun / 2)
    yield "constant", CONSTANT, _constant(sold, weight)
    yield "single sale", SINGLE, sales == 1


def _constant(sold: Floats, weight: Floats) -> Bools:
    """[series] every bucket in stock throughout sold the same, and something."""
    whole = weight >= 1.0
    highest = np.where(whole, sold, -np.inf).max(axis=1, initial=-np.inf)
    lowest = np.where(whole, sold, np.inf).min(axis=1, initial=np.inf)
    enough = whole.sum(axis=1) >= LEAST_BUCKETS
    return np.asarray(enough & (highest > 0) & (highest - lowest <= 1e-9 * highest), dtype=np.bool_)
