"""Did suppliers deliver as agreed? On time in full (OTIF)."""

from datetime import date

import pandas as pd

from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.model.period import Period
from engine.supply.otif import STRICT, Tolerance, judged_lines


def on_time_in_full(
    purchase_orders: pd.DataFrame,
    receipts: pd.DataFrame,
    period: Period,
    as_of: date,
    tolerance: Tolerance = STRICT,
) -> Kpi:
    """Share of order lines promised for the period that came in full by the promised day.

    In full: at least 98 % of the ordered units, good ones. No day of lateness is tolerated; early
    is on time. What the supplier cancelled is not in full.

    Which lines count and which day is theirs: engine.supply.otif, where scorecards take it from
    too. Higher is better. Frames: `purchase_orders` and `receipts` of the data contract.
    """
    lines = judged_lines(
        purchase_orders, receipts,
        first=period.start, last=period.end, as_of=as_of, tolerance=tolerance,
    )  # fmt: skip
    met, came = float(lines["is_otif"].sum()), float(lines["is_full"].sum())
    return Kpi(
        name="on time in full",
        value=ratio(met, len(lines)),
        unit="share",
        numerator=met,
        denominator=float(len(lines)),
        numerator_label="order lines in full by the promised day",
        denominator_label="order lines promised for the period",
        better="higher",
        definition=definition_of(on_time_in_full),
        parts=(
            Part(label="in full, but late", unit="count",
                 value=came - met),
            Part(label="short or not come", unit="count", value=len(lines) - came),
        ),
    )  # fmt: skip
