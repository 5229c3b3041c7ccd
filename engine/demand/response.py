"""The regression behind `engine.demand.lift`: level, lifts and dips fitted together.

Level and lifts explain each other, so they are fitted in turn: a local level on either side of
each bucket (promoted buckets count with their lift taken out and less trust), then one Newton step
of the lifts from small normal equations per series, all series at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.demand.arrays import Bools, Floats, Ints, ratio, row_parts, window_total
from engine.demand.groups import Groups
from engine.demand.levers import PARTS, Levers
from engine.demand.lift import Response, Under, no_response, slopes, under
from engine.demand.reach import WINDOWS, Reach, reach_of
from engine.demand.shrinkage import Normal, Spread, learned_spread, shrunk

LEVEL_DAYS = 91  # on either side of a bucket give its level
BLOCK_DAYS = 182  # of a series share one level while lifts are solved for
STEPS, MORE_STEPS = 4, 2  # from nothing; from an earlier fit
FIRST_SPREAD = 0.3
# Variance beyond counting, per squared mean. Promoted buckets miss by half for reasons that no
# table tells, however calm the others are, so no series' large weeks speak for everything.
LEAST_SPREAD, MOST_SPREAD = 0.3, 2.0
MOST_SHARED = 50.0
COLUMNS = (*PARTS, *WINDOWS)
# Company-wide coefficients before any evidence: around zero, as wide as the literature's ranges
# (discount elasticities of 2 to 4; Bijmolt, van Heerde and Pieters, JMR 2005).
COMPANY: Mapping[str, float] = {
    "discount": 9.0, "feature": 1.0, "display": 1.0, "influencer": 2.0, "drop": 2.0,
    "discount with feature": 1.0, "discount with display": 1.0,
    "worn discount": 0.1, "worn feature": 0.1, "worn display": 0.1,
    "after": 0.1, "later": 0.1, "before": 0.1,
}  # fmt: skip
# First guess of how far categories, items and series deviate; the data then decide.
DEVIATION: Mapping[str, float] = {
    "discount": 0.5, "feature": 0.1, "display": 0.1, "influencer": 0.2, "drop": 0.2,
    "discount with feature": 0.2, "discount with display": 0.2,
    "worn discount": 0.02, "worn feature": 0.02, "worn display": 0.02,
    "after": 0.005, "later": 0.005, "before": 0.005,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Sold:
    """What the regression explains, [series, bucket]."""

    units: Floats  # 0 where exposure is 0
    exposure: Floats  # share in stock x season x whatever else is given


@dataclass(frozen=True, kw_only=True)
class Design:
    """Cells in which a promotion is felt and something was for sale, and what varies there.

    Other effects on the same cells (cannibalisation, say) are further columns of `values`.
    """

    cell: Ints  # ascending, row x buckets + bucket
    row: Ints
    values: Floats  # [cell, column] change of log demand per unit of coefficient
    columns: Ints  # positions in COLUMNS


def fit_response(
    sold: Sold, levers: Levers, groups: Groups, bucket_days: int, start: Response | None = None
) -> Response:
    """Effects and dips of every series; exactly none where nothing was ever promoted.

    A series without promotions of its own answers as its item, category or company does. `start`
    is an earlier fit to go on from.
    """
    response = no_response(levers.shape[0], bucket_days) if start is None else start
    reach = reach_of(levers, bucket_days)
    for_sale = sold.exposure.ravel()[reach.cell] > 0
    if not for_sale[reach.promoted].any():
        return _moved(response, np.zeros(0, dtype=np.int64), np.zeros((levers.shape[0], 0)))
    half = max(round(LEVEL_DAYS / bucket_days), 1)
    spread, beyond, factor = _first_spread(groups), FIRST_SPREAD, np.ones(levers.shape)
    demand = under(response, reach)
    for step in range(STEPS if start is None else MORE_STEPS):
        factor.ravel()[reach.cell] = demand.factor
        mean = expected_units(sold, factor, beyond, half)
        beyond = beyond_counting(sold, mean)
        design = _design(demand, reach, for_sale)
        first = start is None and step == 0
        residual = standing_surprise(sold, mean) if first else surprise(sold, mean, beyond)
        weight = mean / (1.0 + beyond * mean)
        evidence = _evidence(design, response, weight, residual, bucket_days)
        score = weight.ravel()[design.cell] * residual.ravel()[design.cell]
        evidence = evidence.divided(shared_noise(score, design.cell, mean.shape, groups))
        part = _columns(spread, design.columns)
        learned = learned_spread(evidence, groups.nest, part)
        spread = _with_columns(spread, design.columns, learned)
        response = _moved(response, design.columns, shrunk(evidence, groups.nest, learned))
        demand = under(response, reach)
    return response


def expected_units(sold: Sold, factor: Floats, beyond: float, half: int) -> Floats:
    """Units of each bucket by the level around it, the bucket itself included.

    Buckets with a larger mean are noisier (negative binomial), so they count less per unit.
    """
    mean = np.empty_like(factor)
    for rows in row_parts(len(factor)):  # parts stay near the processor
        units, scaled = sold.units[rows], sold.exposure[rows] * factor[rows]
        usual = usual_level(units, scaled)
        counts = 1.0 / (1.0 + beyond * usual * scaled)
        prior = 1.0 / (1.0 + beyond * usual)
        near = window_total(units * counts, half) + prior * usual
        mean[rows] = near / (window_total(scaled * counts, half) + prior) * scaled
    return mean


def usual_level(units: Floats, scaled: Floats) -> Floats:
    """[series, 1] units per bucket of exposure over all of the history."""
    return ratio(units.sum(axis=1), scaled.sum(axis=1))[:, None]


def trust(units: Floats, scaled: Floats, beyond: float) -> Floats:
    """[series, bucket] weight of a bucket per unit: the inverse of its negative binomial variance.

    `scaled` is exposure x season x lifts; `beyond` the variance beyond counting.
    """
    return 1.0 / (1.0 + beyond * usual_level(units, scaled) * scaled)


def beyond_counting(sold: Sold, mean: Floats) -> float:
    """Variance beyond counting per squared mean, over all series (moments)."""
    excess, squares = np.zeros(len(mean)), np.zeros(len(mean))
    for rows in row_parts(len(mean)):
        here = mean[rows]
        calm = np.where(sold.exposure[rows] > 0, 1.0 / (1.0 + here) ** 2, 0.0)
        excess[rows] = (calm * ((sold.units[rows] - here) ** 2 - here)).sum(axis=1)
        squares[rows] = (calm * here**2).sum(axis=1)
    found = float(excess.sum()) / max(float(squares.sum()), 1e-9)
    return min(max(found, LEAST_SPREAD), MOST_SPREAD)


def surprise(sold: Sold, mean: Floats, beyond: float) -> Floats:
    """[series, bucket] the working residual, per unit of mean.

    Held to four deviations: a bulk order is no promotion effect.
    """
    most = np.maximum(4.0 * np.sqrt(mean + beyond * mean**2) + 3.0, mean)
    return ratio(np.minimum(sold.units - mean, most), mean)


def shared_noise(score: Floats, cell: Ints, shape: tuple[int, int], groups: Groups) -> float:
    """How often the same evidence is counted: the design effect of items within a bucket.

    A leaflet, the weather and a rival's price meet an item in all its locations at once, so that
    ten locations tell less than ten times as much. It is the variance of sums over the series of
    an item (of a category, where items have one series each) in one bucket, over what it would be
    if they were independent; 1 at least (Kish 1965; as in cluster-robust standard errors). What
    locations differ by among themselves meets no shared noise at all, so the square root, half
    way between the two, is what evidence is divided by.
    """
    series, buckets = shape
    above = groups.nest[-2] if len(groups.nest) > 1 else np.zeros(series, dtype=np.int64)
    cluster = above[cell // buckets] * buckets + cell % buckets
    together = np.bincount(cluster, score)
    alone = float((score**2).sum())
    shared = float((together**2).sum()) / max(alone, 1e-9)
    return min(max(shared, 1.0), MOST_SHARED) ** 0.5


def standing_surprise(sold: Sold, mean: Floats) -> Floats:
    """The same for the first step: from a standing start a lift of six would overshoot by far."""
    return np.log((sold.units + 0.5) / (mean + 0.5))


def _design(demand: Under, reach: Reach, for_sale: Bools) -> Design:
    """Columns at the cells for sale, linearised at the present response."""
    found = [slope[for_sale] for slope in slopes(demand, reach)]
    columns = np.flatnonzero([bool(slope.any()) for slope in found])
    # One column after the other in memory: sums go through them one by one.
    values = np.stack([found[column] for column in columns]).T
    return Design(
        cell=reach.cell[for_sale], row=reach.row[for_sale], values=values, columns=columns
    )


def _evidence(
    design: Design, response: Response, weight: Floats, residual: Floats, bucket_days: int
) -> Normal:
    """Normal equations per series, the level of each half-year block taken out."""
    series, buckets = weight.shape
    row = design.row
    now = np.concatenate([response.effects, response.dips], axis=1)[:, design.columns]
    wanted = residual.ravel()[design.cell]
    surprising = wanted.copy()
    for value, coefficient in zip(design.values.T, now.T, strict=True):
        wanted += value * coefficient[row]
    at = weight.ravel()[design.cell]
    whole = _gram(design.values, at, wanted, row, series)
    length = max(round(BLOCK_DAYS / bucket_days), 1)
    firsts: Ints = np.arange(0, buckets, length, dtype=np.int64)
    block = row * len(firsts) + design.cell % buckets // length
    heavy = np.add.reduceat(weight, firsts, axis=1).ravel()
    # Cells out of reach of any promotion have no columns, but they hold the level of their block.
    pulled = np.add.reduceat(weight * residual, firsts, axis=1).ravel()
    pulled += np.bincount(block, at * (wanted - surprising), len(heavy))
    new = np.diff(block, prepend=-1) > 0  # cells ascend, and so do blocks
    used, place = block[new], np.cumsum(new) - 1
    weighed = [np.bincount(place, at * column) for column in design.values.T]
    sums = np.stack(weighed, axis=1).astype(np.float64)
    shared = _gram(
        ratio(sums, heavy[used, None]), heavy[used], ratio(pulled[used], heavy[used]),
        used // len(firsts), series,
    )  # fmt: skip
    return Normal(matrix=whole.matrix - shared.matrix, vector=whole.vector - shared.vector)


def _gram(values: Floats, weight: Floats, wanted: Floats, row: Ints, series: int) -> Normal:
    """X'WX and X'Wz per row."""
    width = values.shape[1]
    matrix, vector = np.zeros((series, width, width)), np.zeros((series, width))
    for one in range(width):
        weighed = weight * values[:, one]
        vector[:, one] = np.bincount(row, weighed * wanted, series)
        for other in range(one, width):
            matrix[:, one, other] = np.bincount(row, weighed * values[:, other], series)
            matrix[:, other, one] = matrix[:, one, other]
    return Normal(matrix=matrix, vector=vector)


def _first_spread(groups: Groups) -> Spread:
    return Spread(
        company=np.array([COMPANY[name] for name in COLUMNS]),
        variance=np.tile([DEVIATION[name] for name in COLUMNS], (len(groups.nest), 1)),
    )


def _columns(spread: Spread, columns: Ints) -> Spread:
    return Spread(company=spread.company[columns], variance=spread.variance[:, columns])


def _with_columns(spread: Spread, columns: Ints, learned: Spread) -> Spread:
    variance = spread.variance.copy()
    variance[:, columns] = learned.variance
    return Spread(company=spread.company, variance=variance)


def _moved(response: Response, columns: Ints, values: Floats) -> Response:
    both = np.zeros((len(values), len(COLUMNS)))
    both[:, columns] = values
    effects, dips = np.split(both, [len(PARTS)], axis=1)
    return replace(response, effects=effects, dips=dips)
