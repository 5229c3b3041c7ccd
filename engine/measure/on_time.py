"""Did what suppliers delivered come when it was promised? On-time delivery."""

from datetime import date

import pandas as pd

from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.model.period import Period
from engine.supply.otif import STRICT, Tolerance, judged_lines


def on_time(
    purchase_orders: pd.DataFrame,
    receipts: pd.DataFrame,
    period: Period,
    as_of: date,
    tolerance: Tolerance = STRICT,
) -> Kpi:
    """Share of order lines promised for the period of which what came, came by the promised day.

    How much came does not matter here, only when; a line of which nothing came is not on time.
    Early is on time.

    Which lines count and which day is theirs: engine.supply.otif. Higher is better. Frames:
    `purchase_orders` and `receipts` of the data contract.
    """
    lines = judged_lines(
        purchase_orders, receipts,
        first=period.start, last=period.end, as_of=as_of, tolerance=tolerance,
    )  # fmt: skip
    met = float(lines["is_on_time"].sum())
    return Kpi(
        name="on time",
        value=ratio(met, len(lines)),
        unit="share",
        numerator=met,
        denominator=float(len(lines)),
        numerator_label="order lines that came by the promised day",
        denominator_label="order lines promised for the period",
        better="higher",
        definition=definition_of(on_time),
        parts=(
            Part(label="of which nothing came", unit="count",
                 value=float((lines["ever"] <= 0).sum())),
        ),
    )  # fmt: skip
