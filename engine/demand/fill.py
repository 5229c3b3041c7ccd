"""From observed sales to demand: phantom stock, panic and spikes out, stockouts filled."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.demand.alignment import cycle_of, year_by
from engine.demand.arrays import Bools, Floats, ratio
from engine.demand.attribution import Events, Judged, judge
from engine.demand.censoring import uncensored
from engine.demand.cycles import week_cycle
from engine.demand.expected import LEAST_SPREAD, Expected, expect
from engine.demand.findings import Correction, correction
from engine.demand.groups import Groups
from engine.demand.kept import Kept
from engine.demand.levers import Levers
from engine.demand.response import Sold, fit_response
from engine.demand.rush import before_stockout, panic, without_window
from engine.demand.season import fit_profile
from engine.demand.unusual import peaks, silences

LEVEL_DAYS = 182  # half a year on either side carries the level from which seasons are read
NEAR_DAYS = 28  # four weeks on either side say what a bucket should have sold
PANIC_DAYS = 14  # how long before a stockout customers may rush
CRUDE_CAP = 8.0  # times a series' mean sale; keeps a wholesale order out of the pooled season


@dataclass(frozen=True, kw_only=True)
class History:
    """[series, bucket]; `exposure` 0 marks buckets out of stock and before the start."""

    sold: Floats
    exposure: Floats
    recorded: Bools  # stock on record
    live: Floats  # share of the bucket after launch and before the end of a discontinued item
    levers: Levers
    groups: Groups
    starts: pd.DatetimeIndex
    bucket_days: int
    events: Events
    kept: Kept


@dataclass(frozen=True, kw_only=True)
class Filled:
    clean: Floats
    phantom: Bools
    suspected: Floats  # units missed in silence that no stock record explains; 0 elsewhere
    peaks: Judged
    corrections: tuple[Correction, ...]


def fill(history: History) -> Filled:
    """Demand of every bucket, and each change to what was observed.

    A bucket in which an item was launched, or in which the data begin, is brought to a whole one.
    """
    shape, lifts = _shape(history, history.exposure)
    near = NEAR_DAYS // history.bucket_days
    first = expect(history.sold, history.exposure, shape * lifts, near)
    silence = silences(
        history.sold, history.exposure, shape * lifts, first.spread, history.bucket_days
    )
    ghost = history.kept.without("phantom stock", silence.unlikely & history.recorded)
    exposure = np.where(ghost, 0.0, history.exposure)
    if ghost.any():  # the season must not have learned the silence either
        shape, lifts = _shape(history, exposure)
    # Nobody rushes ahead of a stockout that is not even on record, so phantom stock has no window.
    window = before_stockout(history.exposure, max(PANIC_DAYS // history.bucket_days, 1))
    window &= history.levers.promoted <= 0
    expected = without_window(history.sold, exposure, shape * lifts, window, near)
    damped, rush, judged = _damp(history, exposure, expected, window)
    settled = expect(damped, exposure, shape * lifts, near)
    clean = uncensored(
        damped, exposure, settled.rate, _rate_spread(damped, exposure, settled.spread)
    )
    clean = np.where(history.live > 0, clean, damped)
    short = (exposure < 1.0) & (clean != damped)
    return Filled(
        clean=clean,
        phantom=ghost,
        suspected=np.where(history.recorded, 0.0, silence.missed),
        peaks=judged,
        corrections=(
            correction("panic buying", history.sold, damped, rush),
            _spikes(judged, history.sold),
            correction("phantom stock", damped, clean, short & ghost),
            correction("part of a period", damped, clean, short & ~ghost & (history.live < 1)),
            correction("stockout", damped, clean, short & ~ghost & (history.live >= 1)),
        ),
    )


def _rate_spread(sold: Floats, exposure: Floats, spread: Floats) -> Floats:
    """How much the rate itself varies between buckets, per series.

    A series that sells in every bucket varies in its rate, and half a bucket tells of the other
    half. One that sells rarely varies in the size of its few orders, which tell of nothing.
    """
    seen = exposure > 0
    often = ratio((seen & (sold > 0)).sum(axis=1) + 0.0, seen.sum(axis=1) + 0.0)
    return np.maximum(spread * often**2, LEAST_SPREAD)


def _shape(history: History, exposure: Floats) -> tuple[Floats, Floats]:
    """Season per bucket and promotion lift per bucket, both pooled, from capped sales."""
    positive = (history.sold > 0).sum(axis=1, keepdims=True).astype(np.float64)
    usual = ratio(history.sold.sum(axis=1, keepdims=True), positive)
    sold = np.minimum(history.sold, CRUDE_CAP * usual + CRUDE_CAP)
    wide = LEVEL_DAYS // history.bucket_days
    season: Floats = np.ones_like(sold)
    if history.bucket_days == 1:
        week = week_cycle(history.starts)
        season = fit_profile(sold, exposure, week, history.groups, wide).at(week.phase)
    by = year_by(sold, exposure * season, history.starts, history.bucket_days, wide)
    year = cycle_of(by, history.starts, history.bucket_days)
    answer, whole, lifts = None, season, np.ones_like(sold)
    for _ in range(2):  # the season needs the lifts taken out, and the lifts the season
        yearly = fit_profile(sold, exposure * season * lifts, year, history.groups, wide)
        whole = season * yearly.at(year.phase)
        if len(history.levers.cell) == 0:
            break
        explained = Sold(units=sold * (exposure > 0), exposure=exposure * whole)
        answer = fit_response(
            explained, history.levers, history.groups, history.bucket_days, answer
        )
        lifts = answer.factor(history.levers)
    return whole, lifts


def _damp(
    history: History, exposure: Floats, expected: Expected, window: Bools
) -> tuple[Floats, Bools, Judged]:
    """Sales without panic buying and without peaks that nothing keeps; where it was panic."""
    year, kept = round(364 / history.bucket_days), history.kept
    rush = panic(history.sold, exposure, expected, window, history.bucket_days)
    rushed = kept.without("panic buying", rush.which)
    found = peaks(history.sold, exposure, expected, history.levers.promoted, year)
    high = kept.without("spike", found.high & ~rushed)
    judged = judge(replace(found, high=high), history.sold, history.events)
    damped = np.where(rushed, rush.units, history.sold)
    damped[judged.row[judged.damped], judged.bucket[judged.damped]] = judged.units[judged.damped]
    return damped, rushed, judged


def _spikes(judged: Judged, sold: Floats) -> Correction:
    row, bucket = judged.row[judged.damped], judged.bucket[judged.damped]
    return Correction(
        kind="spike", row=row, bucket=bucket, before=sold[row, bucket],
        after=judged.units[judged.damped], reason=judged.reason[judged.damped],
    )  # fmt: skip
