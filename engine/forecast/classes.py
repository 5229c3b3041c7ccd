"""Demand classes by Syntetos, Boylan and Croston (2005): how often, and how evenly."""

import numpy as np

from engine.demand.arrays import Floats, Ints, ratio

ADI_CUT, CV2_CUT = 1.32, 0.49
CLASSES = ("smooth", "erratic", "intermittent", "lumpy")


def demand_classes(demand: Floats, weight: Floats) -> Ints:
    """Position in CLASSES per series, from deseasonalised demand over the buckets in stock.

    ADI is buckets per bucket with demand; CV2 the squared coefficient of variation of demand
    where there is any. A series that never sold is intermittent.
    """
    seen = weight > 0
    sold = seen & (demand > 0)
    times = sold.sum(axis=1).astype(np.float64)
    interval = ratio(seen.sum(axis=1).astype(np.float64), times, np.inf)
    mean = ratio(np.where(sold, demand, 0.0).sum(axis=1), times)
    square = np.where(sold, (demand - mean[:, None]) ** 2, 0.0).sum(axis=1)
    variation = ratio(ratio(square, times), mean**2)
    rare, uneven = interval > ADI_CUT, variation > CV2_CUT
    return np.where(rare, 2, 0) + np.where(uneven, 1, 0)
