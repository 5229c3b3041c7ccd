"""What learning was worth on the weeks that followed it, with an interval."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Literal

import numpy as np
import pandas as pd

from engine.service.learnt import Correction
from evals.histories.history import Floats
from evals.learning.loop import Lived, scored_weeks

Arm = Literal["with", "without"]
Score = Callable[[pd.DataFrame, Arm], Floats]
TAIL = 0.2  # outside the middle 80 %
DRAWS = 2_000


def told(lived: Lived, seed: int) -> dict[str, Any]:
    """Plain figures: every correction, and scores with and without where one was in force."""
    rows = scored_weeks(lived)
    return {
        "weeks": int(rows["week"].nunique()),
        "points": len(rows),
        "corrections": [_correction(each) for each in reversed(lived.corrections)],
        "bias": _compared(rows[rows["bias"]], _size, seed),
        "band": _compared(rows[rows["band"]], _interval, seed),
        "everything": {
            "wape": _compared(rows, _size, seed),
            "interval": _compared(rows, _interval, seed),
            "inside_with": _inside(rows, "with"),
            "inside_without": _inside(rows, "without"),
        },
    }


def _correction(each: Correction) -> dict[str, Any]:
    return {name: value for name, value in asdict(each).items() if name not in {"id", "at"}}


def _size(rows: pd.DataFrame, arm: Arm) -> Floats:
    """Size of each error, units."""
    mean = rows["with_" if arm == "with" else "without"]
    return (mean - rows["actual"]).abs().to_numpy(dtype=np.float64)


def _interval(rows: pd.DataFrame, arm: Arm) -> Floats:
    """Interval score of the middle 80 % of each series-week, units. Gneiting & Raftery (2007)."""
    low, high, actual = _band(rows, arm)
    outside = np.maximum(low - actual, 0) + np.maximum(actual - high, 0)
    return high - low + 2 / TAIL * outside


def _inside(rows: pd.DataFrame, arm: Arm) -> float:
    low, high, actual = _band(rows, arm)
    return float(((actual >= low) & (actual <= high)).mean())


def _band(rows: pd.DataFrame, arm: Arm) -> tuple[Floats, Floats, Floats]:
    low, high, actual = rows[[f"{arm}_low", f"{arm}_high", "actual"]].to_numpy(dtype=np.float64).T
    return low, high, actual


def _compared(rows: pd.DataFrame, score: Score, seed: int) -> dict[str, Any] | None:
    """Score over demand with and without, and their difference with a 95 % interval.

    Weeks are drawn anew, all series of a week together, because they err together.
    """
    if rows.empty:
        return None
    sums = pd.DataFrame({
        "week": rows["week"], "with": score(rows, "with"), "without": score(rows, "without"),
        "actual": rows["actual"],
    }).groupby("week").sum()  # fmt: skip
    each = sums.to_numpy(dtype=np.float64)
    picks = np.random.default_rng(seed).integers(len(each), size=(DRAWS, len(each)))
    with_, without, actual = each[picks].sum(axis=1).T
    change = (with_ - without) / np.maximum(actual, 1e-9)
    whole = each.sum(axis=0)
    return {
        "weeks": len(each), "points": len(rows),
        "with": whole[0] / whole[2], "without": whole[1] / whole[2],
        "change": (whole[0] - whole[1]) / whole[2],
        "low": float(np.quantile(change, 0.025)), "high": float(np.quantile(change, 0.975)),
        "weeks_better": int((each[:, 0] < each[:, 1]).sum()),
    }  # fmt: skip
