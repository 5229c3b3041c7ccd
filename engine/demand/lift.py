"""How much a promotion lifts demand, pooled over the category tree.

Demand on promotion is base x (1 + rate x dose), dose being share of the bucket x depth of the
cut. A group's rate is the excess sold over what the base explains, drawn towards its parent's.
"""

import numpy as np

from engine.demand.arrays import Floats, clipped, sum_groups
from engine.demand.groups import Groups, parents

# A group's own rate counts half once it has seen this much base demand x dose, in units.
EVIDENCE_UNITS = 20.0
HIGHEST_RATE = 25.0  # a 20 % cut that sells six times as much; more is an anomaly
GIANT = 4.0  # units: beyond it a series counts by its relative demand, not by its units


def promotion_rates(sold: Floats, base: Floats, dose: Floats, groups: Groups) -> Floats:
    """Lift per unit of dose, per series; 0 where nothing was ever promoted.

    `base` [series, bucket] is expected demand without promotion, already scaled by the share in
    stock; only buckets with a positive dose teach.
    """
    taught = (dose > 0) & (base > 0)
    if not taught.any():
        return np.zeros(len(sold))
    mean = (base * taught).sum(axis=1) / np.maximum(taught.sum(axis=1), 1)
    weight = (1.0 / (1.0 + mean / GIANT))[:, None]
    excess = ((sold - base) * taught * weight).sum(axis=1, keepdims=True)
    exposed = (base * dose * taught * weight).sum(axis=1, keepdims=True)
    rate: Floats = np.zeros((1, 1))
    above = np.zeros(sold.shape[0], dtype=np.int64)
    for codes, size in zip(groups.levels, groups.sizes(), strict=True):
        prior = rate[parents(codes, above, size)]
        evidence = 0.0 if size == 1 else EVIDENCE_UNITS
        gained = sum_groups(excess, codes, size) + evidence * prior
        rate = gained / np.maximum(sum_groups(exposed, codes, size) + evidence, 1e-9)
        rate, above = clipped(rate, 0.0, HIGHEST_RATE), codes
    rates: Floats = np.take(rate[:, 0], above)
    return rates
