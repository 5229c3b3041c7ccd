"""Did windows keep their word? Promise hit rate."""

import pandas as pd

from engine.measure.kpi import Kpi, Part, definition_of, ratio
from engine.model.period import Period

# A delivery window and what became of it; `settled_on` is the day on which it was kept or broken.
KEPT = ("sku", "location", "given_on", "first", "last", "level", "settled_on", "outcome")


def promise_hit_rate(windows: pd.DataFrame, period: Period) -> Kpi:
    """Share of delivery windows that were kept, of those settled in the period.

    A window is kept when the goods come on one of its days, and broken when they come earlier or
    when it ends without them.

    Windows promise a stated chance, 80 % unless set otherwise, so a rate near that chance is
    honest: far above it windows are wider than they need be. Higher is better up to that chance.
    They are those that customers were told; where fewer than twenty were settled, those of order
    lines that would have been given on past days with what was known then (a backtest).
    Frame: KEPT; outcome is "kept", "early" or "late".
    """
    inside = windows["settled_on"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    rows = windows[inside]
    kept = float((rows["outcome"] == "kept").sum())
    promised = ratio(float(rows["level"].sum()), len(rows)) or 0.0
    return Kpi(
        name="promise hit rate",
        value=ratio(kept, len(rows)),
        unit="share",
        numerator=kept,
        denominator=float(len(rows)),
        numerator_label="windows kept",
        denominator_label="windows settled",
        better="higher",
        definition=definition_of(promise_hit_rate),
        parts=(
            Part(label="promised chance", value=promised, unit="share"),
            Part(label="came too early", value=float((rows["outcome"] == "early").sum()),
                 unit="count"),
            Part(label="came too late or not", value=float((rows["outcome"] == "late").sum()),
                 unit="count"),
        ),
    )  # fmt: skip


def no_windows() -> pd.DataFrame:
    frame = pd.DataFrame(columns=list(KEPT))
    dates = dict.fromkeys(("given_on", "first", "last", "settled_on"), "datetime64[ns]")
    return frame.astype(dates | {"level": float})
