"""What is forecasting worth? Errors of the naive forecast less ours."""

import pandas as pd

from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.measure.said import off_by, said_in
from engine.model.period import Period


def forecast_value_added(said: pd.DataFrame, period: Period) -> Kpi:
    """Absolute errors of repeating the last known week, less those of the forecast, over demand.

    Its parts are the steps: what the model took off the naive errors, and what people's overrides
    took off the model's.

    Below zero a step made it worse. Judged on the weeks and plans of the forecast accuracy. Higher
    is better. Frame: engine.measure.said.SAID. Gilliland, The Business Forecasting Deal (2010).
    """
    rows = said_in(said, period)
    naive, plain, final = (off_by(rows, name) for name in ("naive", "plain", "final"))
    demand = float(rows["actual"].sum())
    return Kpi(
        name="forecast value added",
        value=ratio(naive - final, demand),
        unit="share",
        numerator=naive - final,
        denominator=demand,
        numerator_label="naive errors less final errors",
        denominator_label="demand",
        better="higher",
        definition=definition_of(forecast_value_added),
        parts=(
            Part(label="by the model", value=ratio(naive - plain, demand) or 0.0, unit="share"),
            Part(label="by overrides", value=ratio(plain - final, demand) or 0.0, unit="share"),
        ),
    )
