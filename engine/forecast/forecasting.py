"""Demand panel -> probabilistic forecast with drivers: the steps in order."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

import numpy as np
import pandas as pd

from engine.demand.arrays import Floats, Ints
from engine.demand.axes import first_day
from engine.demand.series import announced
from engine.forecast import tracking
from engine.forecast.accuracy import combined_errors
from engine.forecast.alone import speak_alone, stands_alone
from engine.forecast.assembly import (
    Course,
    course,
    training_and_plans,
    uncorrected_share,
    with_rows,
)
from engine.forecast.backtest import Stage, Standpoint, run_backtest, set_stage, shape_of
from engine.forecast.boosted.challenge import Challenge
from engine.forecast.boosted.contest import enter
from engine.forecast.channels import channel_forecast
from engine.forecast.classes import demand_classes
from engine.forecast.combine import CHALLENGER, Shares, learn_shares, samples
from engine.forecast.family_effects import FamilyEffects, launches_of, under_siblings
from engine.forecast.handover import find_handovers, shared_course
from engine.forecast.labels import described
from engine.forecast.launches import launch_table
from engine.forecast.learned import Learned
from engine.forecast.mixture import mixture_quantiles
from engine.forecast.newcomers import estimate_newcomers, speechless
from engine.forecast.newcomers_evidence import gather_evidence, stated_start
from engine.forecast.noise import Errors, bucket_excess, estimate_noise
from engine.forecast.outlook import before_launches, driver_stages
from engine.forecast.plans import Plans
from engine.forecast.pulse_doubt import with_doubt
from engine.forecast.pulse_report import pulse_report
from engine.forecast.pulses import Finder, Pulses, find_pulses, no_pulses
from engine.forecast.ranges import ranged_noise
from engine.forecast.recalibrate import recalibrated
from engine.forecast.silence import find_silent
from engine.forecast.sparse import settle
from engine.forecast.structure import fit_structure
from engine.forecast.training import Training
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import DemandNoise, Forecast
from engine.model.mapped import Mapped
from engine.model.panel import DemandPanel
from engine.model.snapshot import Snapshot

SERIES_AT_ONCE = 5_000  # quantiles are looked up in parts, to bound memory


def forecast_demand(
    panel: DemandPanel, snapshot: Snapshot, config: PlanConfig, decisions: Decisions,
    mapped: Mapped = map,
) -> Forecast:  # fmt: skip
    """Mean, quantiles, drivers and noise of every series for `config.horizon` buckets.

    Pooled season, holidays and promotion lifts; a level from the mixture of candidates that did
    best in rolling origins in the series' demand class; newcomers by analogues; plans and
    overrides on top. Nothing in the output is NaN, whatever the history. The panel's series
    are sorted by name, so the order of the snapshot's rows changes nothing. `mapped` may work on
    several origins at once; no figure depends on it.
    """
    training, plans = training_and_plans(panel, snapshot, config.horizon, decisions)
    learned = learn(
        training, plans, panel.series, snapshot, challenger=config.challenger, mapped=mapped
    )  # fmt: skip
    drivers, mean = driver_stages(learned, plans)
    start = first_day(plans.starts)
    noise = ranged_noise(
        learned.noise, mean, plans.overrides, panel.series, start, panel.bucket_days
    )
    forecast = Forecast(
        pulses=pulse_report(learned, drivers, panel.findings),
        bucket=panel.bucket,
        starts=plans.starts,
        series=described(panel.series, learned, mean).assign(
            **tracking.columns(
                tracking.track(learned.errors, training, learned.noise, learned.classes)
            )
        ),
        levels=config.quantile_levels,
        mean=mean,
        quantiles=_quantiles(mean, noise, config.quantile_levels, mapped),
        drivers=drivers,
        noise=noise,
        promoted=plans.levers.promoted[:, -len(plans.starts) :],
        channels=panel.channels,
        by_channel=channel_forecast(panel, snapshot, learned, plans, drivers),
        launches=launch_table(
            learned.family.launches, panel.series, before_launches(learned, plans)
        ),
    )
    return recalibrated(forecast, decisions.learnt)


def learn(
    training: Training, plans: Plans, series: pd.DataFrame, snapshot: Snapshot,
    finder: Finder = find_pulses, *, challenger: bool = True, mapped: Mapped = map,
) -> Learned:  # fmt: skip
    """Everything that the history teaches, by the last origin: the as-of date.

    `finder` says what pulses are on; evaluations compare with `no_pulses`. `challenger`: whether
    boosted trees may compete.
    """
    steps, alone = len(plans.starts), stands_alone(training)
    # Who reads weeks one by one sees a jump as soon as its own shortest memory does.
    found, stage = _begun(training, steps, no_pulses if alone else finder, mapped, alone=alone)
    quiet, pulses = found.quiet, found.pulses
    cross, here = under_siblings(found.here)
    unmoved = replace(here, shape=quiet)
    # A silence that a pulse explains is still a silence: how often an item sells is as recorded.
    classes = demand_classes(unmoved.level_demand, training.weight)
    told = _alone(here, classes, steps) if stage is None else _compared(
        here, classes, steps, stage, mapped, challenger=challenger
    )  # fmt: skip
    path, errors = told.course, told.errors
    evidence = gather_evidence(unmoved, path.level, stated_start(series, snapshot))
    if not alone:
        path, errors = settle(path, errors, training, here.shape, classes, evidence.spread)
    newcomers = estimate_newcomers(
        evidence, series, snapshot, training.launches, steps, training.bucket_days
    )
    if alone:
        newcomers = speechless(newcomers, evidence)
    silent = find_silent(training, quiet, evidence.spread)
    noise = told.noise or estimate_noise(errors, evidence.spread, classes, path.level)
    noise = with_doubt(noise, pulses.doubt)
    noise = _unsure(
        _unsure(noise, silent.rows, silent.level_cv), newcomers.rows, newcomers.level_cv
    )
    noise = _by_posterior(noise, newcomers.rows)
    path = with_rows(path, silent.rows, silent.level)
    path = with_rows(path, newcomers.rows, newcomers.level, newcomers.growth)
    pairs = find_handovers(series, snapshot, training)
    path = shared_course(path, pairs, training, here.shape)
    # The level of these is not the records' own.
    taken = np.unique(np.concatenate([silent.rows, newcomers.rows, pairs.rows]))
    launches = launches_of(here, path.level, pairs, announced(series))
    return Learned(
        series=series, here=here, classes=classes, shares=told.shares, newcomers=newcomers,
        silent=silent, evidence=evidence, errors=errors, noise=noise,
        course=path,
        family=FamilyEffects(cross=cross, launches=launches, handover=pairs),
        recorded_share=uncorrected_share(here, taken),
        pulses=pulses.without(taken),
        challenge=None if told.challenge is None else told.challenge.without(taken),
        challenge_note=told.note,
        alone=alone,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Present:
    """The as-of date as seen at first: `quiet` is the shape [series, bucket] without pulses."""

    here: Standpoint
    quiet: Floats
    pulses: Pulses


def _begun(
    training: Training, steps: int, finder: Finder, mapped: Mapped, *, alone: bool
) -> tuple[_Present, Stage | None]:
    """The present, and the stage for past origins; neither needs the other."""
    if alone:
        return _present(training, steps, finder), None
    tasks = partial(_present, training, steps, finder), partial(set_stage, training, finder)
    present, stage = mapped(_called, tasks)
    return cast("_Present", present), cast("Stage", stage)


def _called(task: Callable[[], _Present | Stage]) -> _Present | Stage:
    return task()


def _present(training: Training, steps: int, finder: Finder) -> _Present:
    structure = fit_structure(training)
    quiet = shape_of(structure, training)
    pulses = finder(training, structure, quiet, steps)
    here = Standpoint(
        training=training, structure=structure, shape=quiet * pulses.past,
        ahead=np.ones((training.shape[0], steps)), pulses=pulses,
    )  # fmt: skip
    return _Present(here=here, quiet=quiet, pulses=pulses)


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What the past says of each series, whoever was asked."""

    shares: Shares
    course: Course
    errors: Errors
    noise: DemandNoise | None = None  # None: to be estimated from the errors
    challenge: Challenge | None = None
    note: str = ""


def _alone(here: Standpoint, classes: Ints, steps: int) -> _Told:
    own = speak_alone(here, classes, steps)
    return _Told(shares=own.shares, course=own.course, errors=own.errors, noise=own.noise)


def _compared(
    here: Standpoint, classes: Ints, steps: int, stage: Stage, mapped: Mapped, *,
    challenger: bool,
) -> _Told:  # fmt: skip
    """All candidates in rolling origins over all series."""
    training = here.training
    sample = samples(np.where(training.known.any(axis=1), classes, -1))  # -1: nothing to try on
    contest = enter(training, sample, steps, wanted=challenger)
    # One origin after the other: two at once hold a fifth more memory than the plan may have.
    pooled, tried = run_backtest(stage, sample, contest.rehearsal)
    tried |= contest.results(training, mapped)
    shares = learn_shares(pooled, tried, classes, training.bucket_days)
    own = contest.final(here.unmoved, shares, classes, steps)
    path = course(here, shares, classes, steps, {} if own is None else {CHALLENGER: own.path})
    return _Told(
        shares=shares,
        course=path,
        errors=combined_errors(pooled, tried.get(CHALLENGER), shares, classes),
        challenge=None if own is None else own.challenge(path.path, shares, classes),
        note=contest.note,
    )


def _unsure(noise: DemandNoise, rows: Ints, level_cv: Floats) -> DemandNoise:
    """The level of a newcomer, or of what fell silent, is as uncertain as its posterior says."""
    lasting, wide = noise.level_cv.copy(), noise.wide.copy()
    lasting[rows] = np.maximum(level_cv, lasting[rows])
    return replace(noise, level_cv=lasting, wide_cv=np.maximum(wide, lasting))


def _by_posterior(noise: DemandNoise, rows: Ints) -> DemandNoise:
    """Newcomers' posteriors have tails of their own; the wide level is that of established ones."""
    wide = noise.wide.copy()
    wide[rows] = noise.level_cv[rows]
    return replace(noise, wide_cv=wide)


def _quantiles(
    mean: Floats, noise: DemandNoise, levels: tuple[float, ...], mapped: Mapped
) -> Floats:
    excess = bucket_excess(noise)
    quantiles = np.empty((*mean.shape, len(levels)))
    parts = [slice(at, at + SERIES_AT_ONCE) for at in range(0, len(mean), SERIES_AT_ONCE)]

    def found(part: slice) -> Floats:
        return mixture_quantiles(mean[part], excess.at(part), levels)

    for part, values in zip(parts, mapped(found, parts), strict=True):
        quantiles[part] = values
    return quantiles
