"""Days that sell far more than their series otherwise does."""

import numpy as np
import pandas as pd

from engine.connect.checks.view import EXAMPLES, View, only, shown_day
from engine.model.counting import counted
from engine.model.finding import Finding

_TIMES_MEDIAN = 10
_DEVIATIONS = 12  # median absolute deviations above the median
_TIMES_FIFTH = 3  # a season has many high days, a one-off order stands alone
_LEAST_UNITS = 20
_LEAST_DAYS = 8  # days with sales that a series needs before any of them can stand out


def outlier_spikes(view: View) -> list[Finding]:
    """One-off orders and typing errors; kept, because only a person knows which."""
    daily = view.sales.daily
    if daily.empty:
        return []
    by_series = daily.groupby("series")["units"]
    median = by_series.transform("median")
    days = by_series.transform("size")
    fifth = daily["series"].map(_fifth_highest(daily))
    spread = (daily["units"] - median).abs().groupby(daily["series"]).transform("median")
    spiky = (
        (days >= _LEAST_DAYS)
        & (daily["units"] >= _LEAST_UNITS)
        & (daily["units"] > _TIMES_MEDIAN * median)
        & (daily["units"] > _TIMES_FIFTH * fifth)
        & (daily["units"] > median + _DEVIATIONS * np.maximum(spread, 1.0))
    )
    found = only(daily.assign(times=daily["units"] / median), spiky)
    if found.empty:
        return []
    top = found.sort_values(["units", "series"], ascending=[False, True]).head(EXAMPLES)
    shown = [
        f"{view.sales.name(int(series))} on {shown_day(day)}: {units:,.0f} units, "
        f"{times:,.0f} times its median"
        for series, day, units, times in top[["series", "day", "units", "times"]].itertuples(
            index=False
        )
    ]
    one = view.sales.buckets.removesuffix("s")
    return [
        Finding(
            code="outlier_spikes",
            severity="warning",
            table="sales",
            rows=len(found),
            message=f"{counted(len(found), f'{one} sells', f'{view.sales.buckets} sell')} "
            f"more than {_TIMES_MEDIAN} "
            "times what is usual.",
            done="Kept; planning judges them as one-off demand.",
            examples=tuple(shown),
        )
    ]


def _fifth_highest(daily: pd.DataFrame) -> "pd.Series[float]":
    """The fifth highest day of each series; every series here has more days than that."""
    highest = daily.sort_values(["series", "units"], ascending=[True, False])
    fifth = only(highest, highest.groupby("series").cumcount() == 4)  # noqa: PLR2004  counted from 0
    return pd.Series(fifth["units"].to_numpy(), index=fifth["series"].to_numpy())
