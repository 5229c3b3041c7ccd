"""What plans said of demand beside what it was: the rows that forecasts are judged by."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.model.period import Period

Floats = NDArray[np.float64]
# One row per series and bucket that was in stock all the time. `start` is the bucket's first day,
# `final` what the last plan before it said, `plain` the same before overrides, `naive` the last
# week known then, `actual` what was wanted; units.
SAID = ("sku", "location", "start", "as_of", "final", "plain", "naive", "actual")


def nothing_said() -> pd.DataFrame:
    frame = pd.DataFrame(columns=list(SAID))
    dates = dict.fromkeys(("start", "as_of"), "datetime64[ns]")
    return frame.astype(dates | dict.fromkeys(SAID[4:], float))


def said_in(said: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The rows whose bucket begins within the period."""
    return said[said["start"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))]


def off_by(rows: pd.DataFrame, column: str) -> float:
    """Sum of absolute errors of a column, units."""
    return float((rows[column] - rows["actual"]).abs().sum())


def wape(forecast: Floats, actual: Floats) -> float:
    """Sum of absolute errors over the sum of demand; NaN without demand."""
    return over(float(np.abs(forecast - actual).sum()), float(actual.sum()))


def over(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator > 0 else float("nan")
