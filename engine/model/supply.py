"""Lead times as distributions."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class LeadTimes:
    """Order-to-receipt days per lane. Axes: [lane, day]; every row of `pmf` sums to 1.

    `lanes` columns: supplier, sku (None: the supplier as a whole), location, stated_days,
    mean_days, sd_days, observations, source ("observed", "shrunk", "stated", "assumed").
    `pmf[lane, d]` is the probability of exactly d days.
    """

    lanes: pd.DataFrame = field(repr=False)
    pmf: NDArray[np.float64] = field(repr=False)
