"""How items that were launched inside the data sold: against their prediction, and by age."""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints
from engine.forecast.newcomers_evidence import AGE_EDGES, Evidence

WINDOWS = len(AGE_EDGES) - 1
LAUNCH_PRIOR = 10.0  # launches at which what they show counts half
GROWTH_PRIOR = 20.0  # buckets of level demand for which a flat course stands
LEAST, MOST = 0.25, 2.5
OUTLIER = 8.0  # times its prediction; a launch that sold more counts as this much


@dataclass(frozen=True, kw_only=True)
class LaunchCurve:
    """`scale`: level of launched items over their prediction; `growth` [window]: by age, of that.

    The last window is 1: it is the level to which `scale` refers.
    """

    scale: float
    growth: Floats
    launches: int


def launch_curve(
    launched: Ints, predicted: Floats, evidence: Evidence, ended: Bools
) -> LaunchCurve:
    """From established series whose start lies inside the data; `predicted` [of launched] units.

    The prediction is that of an item without history, so a launch is compared with what would
    have been said of it. Without launches the scale is 1 and the course flat.
    """
    kept = ~ended[launched] & (predicted > 0)
    rows = launched[kept]
    times = np.minimum(evidence.level[rows] / predicted[kept], OUTLIER)
    scale = (float(times.sum()) + LAUNCH_PRIOR) / (len(rows) + LAUNCH_PRIOR)
    return LaunchCurve(
        scale=min(max(scale, LEAST), MOST), growth=_growth(rows, evidence), launches=len(rows)
    )


def _growth(rows: Ints, evidence: Evidence) -> Floats:
    """Sold over what the level of the first year's rest explains, each launch weighed alike."""
    sold, exposure = evidence.young_sold[rows], evidence.young_exposure[rows]
    grown = exposure[:, -1] > 0
    level = sold[grown, -1] / exposure[grown, -1]
    usable = level > 0
    relative = sold[grown][usable] / level[usable][:, None]
    top = relative.sum(axis=0) + GROWTH_PRIOR
    growth = top / (exposure[grown][usable].sum(axis=0) + GROWTH_PRIOR)
    growth[-1] = 1.0
    return np.clip(growth, LEAST, MOST)


def growth_ahead(growth: Floats, age_days: Floats, steps: int, bucket_days: int) -> Floats:
    """[newcomer, step] growth at the age that each step will have."""
    middle = (np.arange(steps) + 0.5) * bucket_days
    age = np.maximum(age_days[:, None] + middle[None, :], 0.0)
    window = np.digitize(age, AGE_EDGES[1:-1])
    return growth[window]
