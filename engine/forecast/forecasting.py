"""Demand panel -> probabilistic forecast with drivers: the steps in order."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.demand.arrays import Floats, Ints
from engine.demand.axes import first_day
from engine.demand.expected import expect
from engine.forecast.accuracy import combined_errors
from engine.forecast.assembly import (
    Course,
    Plans,
    course,
    training_and_plans,
    uncorrected_share,
    with_rows,
)
from engine.forecast.backtest import Standpoint, run_backtest, shape_of
from engine.forecast.classes import demand_classes
from engine.forecast.combine import Shares, learn_shares, samples
from engine.forecast.counts import count_quantiles
from engine.forecast.drivers import waterfall
from engine.forecast.labels import described
from engine.forecast.newcomers import Evidence, Newcomers, estimate_newcomers
from engine.forecast.noise import Errors, effective_size, estimate_noise
from engine.forecast.overrides import apply_overrides
from engine.forecast.price import price_effect
from engine.forecast.silence import Silent, find_silent
from engine.forecast.structure import fit_structure
from engine.forecast.training import Training
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import DemandNoise, Forecast
from engine.model.panel import DemandPanel
from engine.model.snapshot import Snapshot

NEAR_DAYS = 28
SERIES_AT_ONCE = 20_000  # quantiles are looked up in parts, to bound memory


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What the history says, per series, before any plan for the future enters."""

    here: Standpoint
    classes: Ints
    shares: Shares
    course: Course
    newcomers: Newcomers
    silent: Silent
    evidence: Evidence
    errors: Errors
    noise: DemandNoise


def forecast_demand(
    panel: DemandPanel, snapshot: Snapshot, config: PlanConfig, decisions: Decisions
) -> Forecast:
    """Mean, quantiles, drivers and noise of every series for `config.horizon` buckets.

    Pooled season, holidays and promotion lifts; a level from the mixture of candidates that did
    best in rolling origins in the series' demand class; newcomers by analogues; plans and
    overrides on top. Nothing in the output is NaN, whatever the history. Every estimate depends
    on the whole panel, never on the order of its rows.
    """
    training, plans = training_and_plans(panel, snapshot, config.horizon)
    learned = learn(training, plans, panel.series, snapshot)
    drivers, mean = project(learned, plans, decisions.overrides, panel.series)
    return Forecast(
        bucket=panel.bucket,
        starts=plans.starts,
        series=described(panel.series, learned, mean),
        levels=config.quantile_levels,
        mean=mean,
        quantiles=_quantiles(mean, learned.noise, config.quantile_levels),
        drivers=drivers,
        noise=learned.noise,
    )


def learn(training: Training, plans: Plans, series: pd.DataFrame, snapshot: Snapshot) -> Learned:
    """Everything that the history teaches, by the last origin: the as-of date."""
    steps = len(plans.starts)
    structure = fit_structure(training)
    here = Standpoint(
        training=training, structure=structure, shape=shape_of(structure, training),
        ahead=np.ones((training.shape[0], steps)),
    )  # fmt: skip
    classes = demand_classes(here.level_demand, training.weight)
    pooled, tried = run_backtest(training, samples(classes))
    shares = learn_shares(pooled, tried, classes)
    path = course(here, shares, classes, steps)
    errors = combined_errors(pooled, shares, classes)
    evidence = gather_evidence(here, path)
    newcomers = estimate_newcomers(evidence, series, snapshot)
    silent = find_silent(training, here.shape, evidence.spread)
    noise = estimate_noise(errors, evidence.spread, classes, path.level)
    noise = _unsure(
        _unsure(noise, silent.rows, silent.level_cv), newcomers.rows, newcomers.level_cv
    )
    path = with_rows(path, silent.rows, silent.level)
    return Learned(
        here=here, classes=classes, shares=shares, newcomers=newcomers, silent=silent,
        evidence=evidence, errors=errors, noise=noise,
        course=with_rows(path, newcomers.rows, newcomers.level),
    )  # fmt: skip


def gather_evidence(here: Standpoint, path: Course) -> Evidence:
    """What each series shows by itself."""
    training = here.training
    near = max(round(training.buckets(NEAR_DAYS)), 1)
    return Evidence(
        sold=training.sold.sum(axis=1),
        exposure=(training.weight * here.shape).sum(axis=1),
        in_stock_days=training.weight.sum(axis=1) * training.bucket_days,
        spread=expect(training.sold, training.weight, here.shape, near).spread,
        level=path.level,
    )


def _unsure(noise: DemandNoise, rows: Ints, level_cv: Floats) -> DemandNoise:
    """The level of a newcomer, or of what fell silent, is as uncertain as its posterior says."""
    lasting = noise.level_cv.copy()
    lasting[rows] = np.maximum(level_cv, lasting[rows])
    return replace(noise, level_cv=lasting)


@dataclass(frozen=True, kw_only=True)
class Factors:
    """What multiplies the level in each step, [series, step]."""

    season: Floats
    event: Floats  # holidays, launch and end of life
    price: Floats
    promotion: Floats


def project(
    learned: Learned, plans: Plans, overrides: pd.DataFrame, series: pd.DataFrame
) -> tuple[Floats, Floats]:
    """Drivers [series, step, driver] and mean [series, step], input by input.

    The inputs before the stockout correction act on the level that the records alone would give;
    the correction then shows what stockouts, panic and spikes had hidden or added.
    """
    structure, training = learned.here.structure, learned.here.training
    days, count = training.bucket_days, len(series)
    plain = uncorrected_share(learned.here)
    plain[learned.silent.rows] = 1.0
    plain[learned.newcomers.rows] = 1.0
    baseline = np.repeat((learned.course.level * plain)[:, None], len(plans.starts), axis=1)
    trend = learned.course.path * plain[:, None]
    factors = Factors(
        season=structure.season(plans.starts, days, count),
        event=structure.event(plans.holidays) * plans.on_sale,
        price=price_effect(training, learned.here.shape)[:, None],
        promotion=structure.promotion(plans.dose),
    )
    season = trend * factors.season
    event = season * factors.event
    price = event * factors.price
    promotion = price * factors.promotion
    corrected = learned.course.path * factors.season * factors.event * factors.price
    corrected = corrected * factors.promotion
    start = first_day(plans.starts)
    final = apply_overrides(corrected, overrides, series, start, days)
    stages = [baseline, trend, season, event, price, promotion, promotion, corrected, final]
    return waterfall(stages)


def _quantiles(mean: Floats, noise: DemandNoise, levels: tuple[float, ...]) -> Floats:
    size = effective_size(noise)[:, None]
    quantiles = np.empty((*mean.shape, len(levels)))
    for first in range(0, len(mean), SERIES_AT_ONCE):
        part = slice(first, first + SERIES_AT_ONCE)
        quantiles[part] = count_quantiles(mean[part], size[part], levels)
    return quantiles
