"""On time and in full: the one rule by which suppliers are judged."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Tolerance:
    """How exactly a line must be met."""

    days_late: int = 0
    in_full: float = 0.98  # share of the ordered units


STRICT = Tolerance()


def judged_lines(
    purchase_orders: pd.DataFrame,
    receipts: pd.DataFrame,
    *,
    first: date,
    last: date,
    as_of: date,
    tolerance: Tolerance = STRICT,
) -> pd.DataFrame:
    """Order lines due from `first` to `last` that can be judged on `as_of`: the definition of OTIF.

    Due: the day first agreed (`promised_on`), not a later confirmation; lines without one are
    judged by the confirmed day, lines without either not at all. A line that may still come in
    time is left out.

    Added are the columns `due`; `wanted`, the good units that make it full: 98 % of those ordered;
    `in_time`, good units that came by the due day (no day of lateness is tolerated, early is on
    time); `ever`, good units that came at all. From these: **in full** is ever >= wanted; **on
    time and in full** is in_time >= wanted; **on time** is that what came, came in time: in_time
    >= 98 % of ever, and something came. What the supplier cancelled is not in full. The tolerances
    hold unless others are given. Frames of the data contract.
    """
    late = pd.Timedelta(days=tolerance.days_late)
    due = pd.to_datetime(purchase_orders["promised_on"].fillna(purchase_orders["confirmed_on"]))
    until = min(pd.Timestamp(last), pd.Timestamp(as_of) - late - pd.Timedelta(days=1))
    # Dated before they are chosen: pandas lets a column widen a frame that has no rows left.
    dated = purchase_orders.assign(due=due, until=due.add(late))
    lines = dated[dated["due"].between(pd.Timestamp(first), until)]
    came = lines[["po", "line", "until"]].merge(receipts, on=["po", "line"])
    lines = _with_units(lines, came[came["received_on"] <= came["until"]], "in_time")
    lines = _with_units(lines, came, "ever")
    wanted = tolerance.in_full * lines["units"]
    most = np.minimum(lines["ever"], lines["units"])
    return lines.assign(
        wanted=wanted,
        is_full=lines["ever"] >= wanted,
        is_on_time=(lines["in_time"] >= tolerance.in_full * most) & (lines["ever"] > 0),
        is_otif=lines["in_time"] >= wanted,
    )


def _with_units(lines: pd.DataFrame, came: pd.DataFrame, name: str) -> pd.DataFrame:
    """The lines with the units that came of each, 0 where nothing did."""
    totals = came.groupby(["po", "line"])["units"].sum().rename(name).reset_index()
    return lines.merge(totals, on=["po", "line"], how="left").fillna({name: 0})
