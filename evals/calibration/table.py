"""Shares of actual demand inside the central bands, by data set, horizon and demand class."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.forecast.classes import CLASSES
from engine.forecast.sums import cumulative_moments, moments_over_random_days
from evals.calibration.cases import Case
from evals.calibration.peers import PEERS, Quantiles
from evals.calibration.pit import forecast_pit, mixture_pit
from evals.histories.history import Floats
from evals.scores import central_shares

SEED = 1
SPANS_DAYS = (7, 28, 56)  # protection periods that are judged; those that the steps reach
WHOLE = "all classes"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """PIT values of one kind of forecast in one case, with the demand class of each."""

    what: str
    pit: Floats = field(repr=False)
    classes: NDArray[np.object_] = field(repr=False)


def judge(case: Case) -> Iterable[Judged]:
    """Single buckets, sums over protection periods, and sums over random ones."""
    pit = forecast_pit(case.forecast, case.actual, SEED)
    classes = np.repeat(case.classes[:, None], pit.shape[1], axis=1)
    yield Judged(what="one bucket", pit=pit[np.isfinite(pit)], classes=classes[np.isfinite(pit)])
    for days in SPANS_DAYS:
        buckets = days // case.forecast.bucket_days
        if 1 < buckets <= case.actual.shape[1]:
            yield _summed(case, days, buckets)
    yield _random_period(case)


def _summed(case: Case, days: int, buckets: int) -> Judged:
    sold = case.actual[:, :buckets].sum(axis=1)
    rows = np.flatnonzero(np.isfinite(sold))
    mean, excess = cumulative_moments(case.forecast, rows, float(days))
    pit = mixture_pit(mean, excess, sold[rows], SEED)
    return Judged(what=f"sum over {days} days", pit=pit, classes=case.classes[rows])


def _random_period(case: Case) -> Judged:
    """Each length up to the horizon is as likely; every series draws its own."""
    steps, days = case.actual.shape[1], case.forecast.bucket_days
    drawn = np.random.default_rng(SEED).integers(1, steps + 1, len(case.actual))
    inside = np.arange(steps)[None, :] < drawn[:, None]
    known = np.isfinite(np.where(inside, case.actual, 0.0)).all(axis=1)
    rows = np.flatnonzero(known)
    chance = np.zeros((len(rows), steps * days + 1))
    chance[:, days::days] = 1.0 / steps
    mean, excess = moments_over_random_days(case.forecast, rows, chance)
    sold = np.nan_to_num(np.where(inside, case.actual, 0.0)).sum(axis=1)[rows]
    pit = mixture_pit(mean, excess, sold, SEED)
    return Judged(what="sum over a random period", pit=pit, classes=case.classes[rows])


def judge_peers(case: Case) -> Iterable[Judged]:
    """Single buckets of every peer."""
    for name, peer in PEERS.items():
        quantiles = peer(case.past, case.actual.shape[1], case.season)
        pit = quantiles_pit(quantiles, case.actual)
        classes = np.repeat(case.classes[:, None], pit.shape[1], axis=1)
        seen = np.isfinite(pit)
        yield Judged(what=name, pit=pit[seen], classes=classes[seen])


def quantiles_pit(quantiles: Quantiles, actual: Floats) -> Floats:
    """PIT of a distribution that is known by its quantiles, linear between them; NaN stays NaN.

    A run of equal quantiles is a mass at that count; where in it the actual falls is drawn.
    """
    random = np.random.default_rng(SEED).random(actual.shape)
    levels = np.concatenate([[0.0], quantiles.levels, [1.0]])
    counts = np.round(quantiles.values)
    known = np.isfinite(actual) & np.isfinite(counts).all(axis=-1)
    below = (counts < actual[..., None]).sum(axis=-1)
    upto = (counts <= actual[..., None]).sum(axis=-1)
    low, high = levels[below], levels[np.minimum(upto + 1, len(levels) - 1)]
    return np.where(known, low + random * (high - low), np.nan)


def shares(parts: list[Judged]) -> dict[str, Any]:
    """Percent inside the central 50, 80 and 95 %, overall and per class with enough values."""
    pit = np.concatenate([part.pit for part in parts])
    classes = np.concatenate([part.classes for part in parts])
    table: dict[str, Any] = {WHOLE: {"values": len(pit), **central_shares(pit)}}
    for name in CLASSES:
        chosen = pit[classes == name]
        if len(chosen):
            table[name] = {"values": len(chosen), **central_shares(chosen)}
    return table
