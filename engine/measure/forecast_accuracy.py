"""How close were forecasts? One less the absolute errors over demand."""

import pandas as pd

from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.measure.said import off_by, said_in
from engine.model.period import Period


def forecast_accuracy(said: pd.DataFrame, period: Period) -> Kpi:
    """One less the sum of absolute forecast errors over the sum of demand (one less WAPE).

    Each week is judged by what the last plan of record before it said, item by item and place by
    place.

    Weeks out of stock for any time are left out: what would have been sold is not known. Below zero
    where errors exceed demand. Without plans before the weeks there is none. Higher is better.
    Frame: engine.measure.said.SAID.
    """
    rows = said_in(said, period)
    errors, demand = off_by(rows, "final"), float(rows["actual"].sum())
    return Kpi(
        name="forecast accuracy",
        value=ratio(demand - errors, demand),
        unit="share",
        numerator=demand - errors,
        denominator=demand,
        numerator_label="demand less absolute errors",
        denominator_label="demand",
        better="higher",
        definition=definition_of(forecast_accuracy),
        parts=(
            Part(label="units off, either way", value=errors, unit="units"),
            Part(label="series-weeks judged", value=float(len(rows)), unit="count"),
        ),
    )
