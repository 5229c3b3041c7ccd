"""Do forecasts lean to one side? Forecast less demand, over demand."""

import pandas as pd

from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.measure.said import said_in
from engine.model.period import Period


def forecast_bias(said: pd.DataFrame, period: Period) -> Kpi:
    """Forecast less demand over demand: above zero too much was forecast, below zero too little.

    Judged on the weeks and plans of the forecast accuracy.

    Errors in opposite directions cancel, which is the point: what is left is what stock builds up
    or runs short by. Nearest to zero is best. Frame: engine.measure.said.SAID.
    """
    rows = said_in(said, period)
    demand = float(rows["actual"].sum())
    gap = (rows["final"] - rows["actual"]).astype(float)
    return Kpi(
        name="forecast bias",
        value=ratio(float(gap.sum()), demand),
        unit="share",
        numerator=float(gap.sum()),
        denominator=demand,
        numerator_label="forecast less demand",
        denominator_label="demand",
        better="zero",
        definition=definition_of(forecast_bias),
        parts=(
            Part(label="forecast too much", value=float(gap.clip(lower=0).sum()), unit="units"),
            Part(label="forecast too little", value=float(-gap.clip(upper=0).sum()), unit="units"),
        ),
    )
