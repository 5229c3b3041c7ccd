"""How suppliers have done."""

import numpy as np
import pandas as pd

from engine.kernels.columns import ordinals, whole
from engine.model.snapshot import Snapshot
from engine.model.supply import LeadTimes
from engine.supply.orders import order_lines

# One row per supplier with order lines; shares are of closed lines (everything came).
SCORECARD = (
    "supplier", "lines", "open_lines", "overdue_lines",
    "stated_days", "mean_days", "sd_days",
    "on_time_share",  # complete by the confirmed, else promised date; NaN without any date
    "in_full_share",  # of lines whose date has passed, at least 98 % came
    "rejected_share",  # of units that came
    "trend_days",  # mean lead time of the later half of its lines less that of the earlier half
)  # fmt: skip
IN_FULL_FROM = 0.98
TREND_FROM = 4  # lines that make two halves worth comparing


def scorecard(snapshot: Snapshot, lead_times: LeadTimes) -> pd.DataFrame:
    """Scorecard rows, columns SCORECARD, sorted by supplier."""
    lines = _with_receipts(snapshot)
    today = snapshot.as_of.toordinal()
    rows = [_score(str(supplier), group, today) for supplier, group in lines.groupby("supplier")]
    whole_lanes = lead_times.lanes[
        lead_times.lanes["sku"].isna() & lead_times.lanes["location"].isna()
    ]
    times = whole_lanes[["supplier", "stated_days", "mean_days", "sd_days"]]
    scores = pd.DataFrame(rows, columns=[c for c in SCORECARD if c not in times.columns[1:]])
    return scores.merge(times, on="supplier", how="left")[list(SCORECARD)]


def _with_receipts(snapshot: Snapshot) -> pd.DataFrame:
    """Order lines with the day the last part came, the units refused and the date to keep to."""
    lines, receipts = order_lines(snapshot), snapshot["receipts"]
    dated = receipts.assign(
        day=ordinals(receipts, "received_on"), refused=whole(receipts, "rejected_units")
    )
    last = dated.groupby(["po", "line"], as_index=False).agg(
        last_day=("day", "max"), refused=("refused", "sum")
    )
    joined = lines.merge(last, on=["po", "line"], how="left")
    due = joined["confirmed"].where(joined["confirmed"] > 0, joined["promised"])
    return joined.assign(
        due=due, last_day=whole(joined, "last_day", -1), refused=whole(joined, "refused")
    )


def _score(supplier: str, lines: pd.DataFrame, today: int) -> dict[str, object]:
    done = lines[(lines["open_units"] == 0) & (lines["last_day"] > 0)]
    dated = done[done["due"] > 0]
    due = lines[(lines["due"] > 0) & (lines["due"] < today)]
    came = int(lines["received_units"].sum())
    out = lines["open_units"] > 0
    return {
        "supplier": supplier,
        "lines": len(lines),
        "open_lines": int(out.sum()),
        "overdue_lines": int((out & (lines["due"] > 0) & (lines["due"] < today)).sum()),
        "on_time_share": _share(dated["last_day"] <= dated["due"]),
        "in_full_share": _share(due["received_units"] >= IN_FULL_FROM * due["units"]),
        "rejected_share": int(lines["refused"].sum()) / came if came else np.nan,
        "trend_days": _trend(done),
    }


def _share(hits: "pd.Series[bool]") -> float:
    return float(hits.mean()) if len(hits) else np.nan


def _trend(done: pd.DataFrame) -> float:
    if len(done) < TREND_FROM:
        return np.nan
    days = (done["last_day"] - done["ordered"])[done["ordered"].sort_values().index]
    half = len(days) // 2
    return float(days.iloc[half:].mean() - days.iloc[:half].mean())
