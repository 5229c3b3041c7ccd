"""What would a little more budget have earned? The price of the cap."""

import pandas as pd

from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.model.period import Period

# A plan of record: its day, and what its next thousand of budget would have added.
CAPPED_PLANS = ("as_of", "budget_minor", "next_thousand_minor", "cut_minor")


def price_of_the_cap(plans: pd.DataFrame, period: Period) -> Kpi:
    """What the next 1,000 of budget would have earned: the mean over the period's plans.

    Each plan solves twice, with its cap and with 1,000 more, and takes the difference in value.

    Value is expected profit in base currency. Plans without a cap are left out. Frame:
    CAPPED_PLANS, one row per as-of date. Lower is better: a cap that costs nothing holds nothing
    back.
    """
    inside = plans["as_of"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    rows = plans[inside].dropna(subset=["next_thousand_minor", "budget_minor"])
    total = float(rows["next_thousand_minor"].sum())
    return Kpi(
        name="price of the cap",
        value=ratio(total, len(rows)),
        unit="money",
        numerator=total,
        denominator=float(len(rows)),
        numerator_label="value that the next 1,000 would have added, over the plans",
        denominator_label="plans with a cap",
        better="lower",
        definition=definition_of(price_of_the_cap),
        parts=(
            Part(label="left out by caps, on average", unit="money",
                 value=ratio(float(rows["cut_minor"].sum()), len(rows)) or 0.0),
        ),
    )  # fmt: skip


def no_capped_plans() -> pd.DataFrame:
    frame = pd.DataFrame(columns=list(CAPPED_PLANS))
    return frame.astype({"as_of": "datetime64[ns]"} | dict.fromkeys(CAPPED_PLANS[1:], float))
