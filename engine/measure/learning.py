"""What weeks that have passed teach about the next: factors on the mean, on the band, on days.

Each is fitted on the earlier weeks and kept only where the later ones, held back, were better with
it. Nothing is learnt from few weeks, and what is learnt from few is drawn towards no change.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from engine.measure.said import wape
from engine.simulate.rows import Floats

LearntKind = Literal["bias", "band", "lead_time"]
LEAST_WEEKS = 6  # of which the last third, at least two, is held back
LEAST_POINTS = 20  # series-weeks, or deliveries, on either side
PULL_WEEKS = 4.0  # weeks without any bias that stand beside what was seen
GAIN = 0.01  # of the score on held-back weeks, below which nothing is changed
LEAST_BIAS, MOST_BIAS = 0.03, 0.5  # as shares: smaller is left alone, larger is something else
BANDS = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 1.6, 1.8, 2.0)
TAIL = 0.2  # outside the band by design
MOST_DAYS = 21  # by which a lead time is shifted


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """A correction and its evidence: scores (lower is better) on the weeks held back.

    `value` is a factor, or days. Of bands the score is the interval score, with the share of
    outcomes inside in `inside_before` and `inside_after` (NaN otherwise).
    """

    kind: LearntKind
    scope: str
    value: float
    fitted_points: int
    held_points: int
    before: float
    after: float
    inside_before: float = float("nan")
    inside_after: float = float("nan")

    @property
    def improves(self) -> bool:
        """Better by more than chance would give, and for bands also nearer to what they say."""
        better = self.after < self.before * (1 - GAIN)
        if self.kind != "band":
            return better
        wanted = 1 - TAIL
        return better and abs(self.inside_after - wanted) <= abs(self.inside_before - wanted)


def learn_bias(rows: pd.DataFrame) -> Iterator[Learnt]:
    """A factor on the mean per scope; rows: columns scope, start, plain, actual."""
    yield from _learn(rows, "bias", _bias, _wape)


def learn_band(rows: pd.DataFrame) -> Iterator[Learnt]:
    """A factor on the width of the middle 80 %; rows: scope, start, plain, low, high, actual."""
    for found in _learn(rows, "band", _band, _interval):
        mine = rows[rows["scope"] == found.scope]
        held = mine[_held(mine["start"])]
        yield replace(
            found, inside_before=_inside(held, 1.0), inside_after=_inside(held, found.value)
        )


def learn_days(rows: pd.DataFrame) -> Iterator[Learnt]:
    """Days by which a supplier comes later than expected; rows: scope, start, expected, took."""
    yield from _learn(rows, "lead_time", _days, _days_off)


Fit = Callable[[pd.DataFrame], float]
Score = Callable[[pd.DataFrame, float], float]
NO_CHANGE = {"bias": 1.0, "band": 1.0, "lead_time": 0.0}


def _learn(rows: pd.DataFrame, kind: LearntKind, fit: Fit, score: Score) -> Iterator[Learnt]:
    for scope, mine in rows.groupby("scope", sort=True):
        if mine["start"].nunique() < LEAST_WEEKS:
            continue
        late = _held(mine["start"])
        early, held = mine[~late], mine[late]
        if min(len(early), len(held)) < LEAST_POINTS:
            continue
        value = fit(early)
        if value == NO_CHANGE[kind]:
            continue
        yield Learnt(
            kind=kind, scope=str(scope), value=value, fitted_points=len(early),
            held_points=len(held), before=score(held, NO_CHANGE[kind]), after=score(held, value),
        )  # fmt: skip


def _held(starts: "pd.Series[pd.Timestamp]") -> "pd.Series[bool]":
    """The last third of the weeks, at least two."""
    weeks = np.sort(starts.unique())
    return starts >= weeks[-max(len(weeks) // 3, 2)]


def _bias(rows: pd.DataFrame) -> float:
    said, wanted = float(rows["plain"].sum()), float(rows["actual"].sum())
    if said <= 0:
        return 1.0
    weeks = float(rows["start"].nunique())
    factor = (wanted / said * weeks + PULL_WEEKS) / (weeks + PULL_WEEKS)
    change = float(np.clip(factor - 1, -MOST_BIAS, MOST_BIAS))
    return 1.0 if abs(change) < LEAST_BIAS else round(1 + change, 3)


def _wape(rows: pd.DataFrame, factor: float) -> float:
    return wape(_floats(rows, "plain") * factor, _floats(rows, "actual"))


def _band(rows: pd.DataFrame) -> float:
    scores = [_interval(rows, each) for each in BANDS]
    return BANDS[int(np.argmin(scores))]


def _interval(rows: pd.DataFrame, factor: float) -> float:
    """Mean interval score of the middle 80 %, over mean demand. Gneiting & Raftery (2007)."""
    low, high = _ends(rows, factor)
    actual = _floats(rows, "actual")
    outside = np.maximum(low - actual, 0) + np.maximum(actual - high, 0)
    score = float((high - low + 2 / TAIL * outside).mean())
    return score / max(float(actual.mean()), 1e-9)


def _inside(rows: pd.DataFrame, factor: float) -> float:
    low, high = _ends(rows, factor)
    actual = _floats(rows, "actual")
    return float(((actual >= low) & (actual <= high)).mean())


def _ends(rows: pd.DataFrame, factor: float) -> tuple[Floats, Floats]:
    mean, low, high = (_floats(rows, name) for name in ("plain", "low", "high"))
    lower: Floats = np.maximum(mean - factor * (mean - low), 0.0)
    return lower, mean + factor * (high - mean)


def _days(rows: pd.DataFrame) -> float:
    off = float(np.median(_floats(rows, "took") - _floats(rows, "expected")))
    return float(np.clip(round(off), -MOST_DAYS, MOST_DAYS))


def _days_off(rows: pd.DataFrame, days: float) -> float:
    return float(np.abs(_floats(rows, "took") - _floats(rows, "expected") - days).mean())


def _floats(rows: pd.DataFrame, name: str) -> Floats:
    return rows[name].to_numpy(dtype=np.float64)


def still_helps(kind: LearntKind, rows: pd.DataFrame, value: float) -> tuple[float, float] | None:
    """Scores without and with a correction, on weeks whose plans had it; None: too few to tell.

    Forecasts are as said, with the correction in them; without it is what they would have been.
    Days are as expected without it.
    """
    if len(rows) < LEAST_POINTS or rows["start"].nunique() < LEAST_WEEKS // 2:
        return None
    if kind == "lead_time":
        return _days_off(rows, 0.0), _days_off(rows, value)
    if kind == "bias":
        return _wape(rows, 1 / value), _wape(rows, 1.0)
    return _interval(rows, 1 / value), _interval(rows, 1.0)
