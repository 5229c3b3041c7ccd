"""Series that have not sold long enough to speak for themselves: analogues lend them a level.

The level that analogues and category suggest, times how launched items compare with their
prediction, is what is believed at first; it is as uncertain as such predictions have been wrong
(newcomers_prior, newcomers_launches). What the item sells itself then updates it
(newcomers_posterior), so the band is wide at launch and narrows with every week. Analogues are
never added to the training: copied history would count twice in its category.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Floats, Ints, Texts, ratio, spaced
from engine.demand.groups import category_groups
from engine.demand.series import discontinued
from engine.forecast.newcomers_evidence import Evidence
from engine.forecast.newcomers_expected import as_expected, expected_units
from engine.forecast.newcomers_launches import WINDOWS, LaunchCurve, growth_ahead, launch_curve
from engine.forecast.newcomers_likeness import (
    REPLACES,
    Traits,
    read_traits,
    replaced_by_others,
)
from engine.forecast.newcomers_posterior import density, mean_factor, update
from engine.forecast.newcomers_prior import Predicted, Reference, predict, reference
from engine.model.snapshot import Snapshot

LEAST_DAYS = 56  # in stock; with less, a series is a newcomer
MOST_LAUNCHES = 1000  # past launches compared with their prediction; evenly spaced beyond that
PREFIX = "insufficient history - using category proxy"


@dataclass(frozen=True, kw_only=True)
class Newcomers:
    """`rows` are positions of the series; the rest is per newcomer."""

    rows: Ints
    level: Floats
    level_cv: Floats
    proxies: Texts  # names joined by "|"; empty where only the category as a whole could tell
    growth: Floats  # [newcomer, step] factor on the level at the age of each step
    expected: Bools  # a person has said how much it will sell


def are_newcomers(evidence: Evidence) -> Bools:
    """Too few days in stock, or never a sale."""
    return (evidence.in_stock_days < LEAST_DAYS) | (evidence.sold <= 0)


def speechless(newcomers: Newcomers, evidence: Evidence) -> Newcomers:
    """Where no item has a history, only those that cannot speak for themselves are newcomers.

    That is what never sold, and what a person has said the sales of.
    """
    if bool((~are_newcomers(evidence) & (evidence.level > 0)).any()):
        return newcomers
    kept = (evidence.sold[newcomers.rows] <= 0) | newcomers.expected
    return Newcomers(
        rows=newcomers.rows[kept],
        level=newcomers.level[kept],
        level_cv=newcomers.level_cv[kept],
        proxies=newcomers.proxies[kept],
        growth=newcomers.growth[kept],
        expected=newcomers.expected[kept],
    )


def estimate_newcomers(
    evidence: Evidence, series: pd.DataFrame, snapshot: Snapshot, launches: pd.DataFrame,
    steps: int, bucket_days: int,
) -> Newcomers:  # fmt: skip
    """Level, its uncertainty, the named analogues and the course by age of each newcomer.

    `launches` are people's (Decisions.launches): what each will sell like, or how much.
    """
    fresh = are_newcomers(evidence)
    rows = np.flatnonzero(fresh)
    flat = np.ones((len(rows), steps))
    if len(rows) == 0:
        none = np.zeros(0)
        return Newcomers(
            rows=rows, level=none, level_cv=none, proxies=none.astype(object), growth=flat,
            expected=none > 0,
        )  # fmt: skip
    traits = read_traits(series, snapshot, launches)
    groups = category_groups(list(series["category"]))
    living = ~discontinued(series) | replaced_by_others(traits)
    peers = np.flatnonzero(~fresh & (evidence.level > 0) & living)
    if len(peers) == 0:
        return _alone(rows, evidence, flat)
    known = reference(evidence.level, peers, traits, groups)
    curve = _learn_curve(evidence, fresh, discontinued(series), known, traits)
    predicted = predict(rows, known, traits)
    said = expected_units(traits.sku[rows], launches, bucket_days)
    factor = _mean_factors(known)[predicted.kinship]
    shift = as_expected(predicted.log_level, factor, traits.sku[rows], said)
    predicted = replace(predicted, log_level=shift)
    return _informed(rows, predicted, said, known, curve, evidence, flat, bucket_days)


def _informed(
    rows: Ints,
    predicted: Predicted,
    said: Floats,
    known: Reference,
    curve: LaunchCurve,
    evidence: Evidence,
    flat: Floats,
    bucket_days: int,
) -> Newcomers:
    chances = np.stack([density(residuals) for residuals in known.residuals])
    # What takes over from another item does not have to be discovered by its customers, and who
    # says how much an item will sell has thought of that.
    expected = np.isfinite(said)
    scale = np.where((predicted.kinship == REPLACES) | expected, 1.0, curve.scale)
    usual = predicted.log_level + np.log(scale)
    level, level_cv = update(
        rows, usual, chances[predicted.kinship], _grown_exposure(rows, curve, evidence), evidence
    )
    age = evidence.in_stock_days[rows]
    growth = growth_ahead(curve.growth, age, flat.shape[1], bucket_days)
    return Newcomers(
        rows=rows, level=level, level_cv=level_cv, proxies=predicted.names, growth=growth,
        expected=expected,
    )  # fmt: skip


def _grown_exposure(rows: Ints, curve: LaunchCurve, evidence: Evidence) -> Floats:
    """[newcomer] exposure in buckets of the grown level: young weeks count at their own rate."""
    young, first = evidence.young_exposure[rows], evidence.first[rows]
    old = np.maximum(evidence.exposure[rows] - young.sum(axis=1) - first, 0.0)
    return (young * curve.growth).sum(axis=1) + first * curve.growth[0] + old


def _learn_curve(
    evidence: Evidence, fresh: Bools, ended: Bools, known: Reference, traits: Traits
) -> LaunchCurve:
    launched = np.flatnonzero(~fresh & evidence.seen_start)
    launched = spaced(launched, MOST_LAUNCHES)
    if len(launched) == 0:
        return LaunchCurve(scale=1.0, growth=np.ones(WINDOWS), launches=0)
    predicted = predict(launched, known, traits)
    units = np.exp(predicted.log_level) * _mean_factors(known)[predicted.kinship]
    return launch_curve(launched, units, evidence, ended)


def _mean_factors(known: Reference) -> Floats:
    """[kinship] mean of the truth over its prediction."""
    return np.array([mean_factor(residuals) for residuals in known.residuals])


def _alone(rows: Ints, evidence: Evidence, flat: Floats) -> Newcomers:
    """Nobody is established yet: newcomers lend each other their common level, one unit's worth."""
    common = float(evidence.sold[rows].sum()) / max(float(evidence.exposure[rows].sum()), 1e-9)
    level = ratio(
        1.0 + evidence.sold[rows], ratio(np.ones(1), np.array([common])) + evidence.exposure[rows]
    )
    level = level if common > 0 else np.zeros(len(rows))
    return Newcomers(
        rows=rows,
        level=level,
        level_cv=1.0 / np.sqrt(1.0 + evidence.sold[rows]),
        proxies=np.full(len(rows), "", dtype=object),
        growth=flat,
        expected=np.zeros(len(rows), dtype=np.bool_),
    )
