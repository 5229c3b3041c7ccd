"""How much of the budget was used?"""

from datetime import timedelta

import pandas as pd

from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.model.period import Period
from engine.purchase.periods import first_day, months_of

# A cap on all buying and what orders took of it; amounts in minor units of the base currency.
CAPS = ("period", "start", "end", "cap_minor", "committed_minor", "consumed_minor")


def budget_use(caps: pd.DataFrame, period: Period) -> Kpi:
    """What approved and proposed orders took of the caps on all buying that end in the period.

    A cap is of a week, month, quarter or year; one that is open at the end of the period is not
    judged.

    Where several lengths are capped, each is judged against its own and they are added, so an
    order counts once in each. Without a cap there is none. Higher is better, up to the whole.
    Frame: CAPS.
    """
    ended = caps["end"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    rows = caps[ended]
    consumed = float(rows["consumed_minor"].sum())
    used, cap = consumed + float(rows["committed_minor"].sum()), float(rows["cap_minor"].sum())
    return Kpi(
        name="budget use",
        value=ratio(used, cap),
        unit="share",
        numerator=used,
        denominator=cap,
        numerator_label="taken by orders",
        denominator_label="caps on all buying",
        better="higher",
        definition=definition_of(budget_use),
        parts=(
            Part(label="approved", value=consumed, unit="money"),
            Part(label="waiting for approval", value=used - consumed, unit="money"),
        ),
    )


def no_caps() -> pd.DataFrame:
    frame = pd.DataFrame(columns=list(CAPS))
    dates = dict.fromkeys(("start", "end"), "datetime64[ns]")
    return frame.astype(dates | dict.fromkeys(CAPS[3:], float))


def days_of(period: str) -> Period:
    """The days of a budget's period: 2026-W48, 2026-11, 2026-Q4 or 2026."""
    first, months = first_day(period), months_of(period)
    if not months:
        return Period(start=first, end=first + timedelta(days=6))
    return Period(start=first, end=pd.Period(months[-1], freq="M").end_time.date())
