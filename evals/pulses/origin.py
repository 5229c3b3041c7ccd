"""An origin: everything learned there once, then told one held-back day after the other."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.demand import clean_demand
from engine.demand.axes import bucket_starts, first_day
from engine.forecast.assembly import course, training_and_plans
from engine.forecast.backtest import Standpoint, shape_of
from engine.forecast.forecasting import learn
from engine.forecast.learned import Learned
from engine.forecast.mixture import mixture_quantiles
from engine.forecast.noise import bucket_excess
from engine.forecast.pulse_alarms import Watch, alarm_days, lines_of
from engine.forecast.pulse_doubt import with_doubt
from engine.forecast.pulse_lines import Lines
from engine.forecast.pulse_rates import PulseRates
from engine.forecast.pulse_scan import FALL, RISE
from engine.forecast.pulses import Pulses, carried, no_pulses, watch
from engine.forecast.training import Training
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.panel import DemandPanel
from evals.m5.adapter import snapshot_at
from evals.m5.files import M5Data
from evals.scores import M5_LEVELS

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
HELD_BACK_DAYS = 28
AHEAD_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What was learned at the origin, and the held-back days after it."""

    cut: int  # days known at the origin
    units: Floats = field(repr=False)  # [series, held-back day]
    volume: Floats = field(repr=False)  # [series] units per day in the four weeks before
    scale: Floats = field(repr=False)  # [series] mean absolute first difference before
    whole: Training = field(repr=False)  # known days, and the calendar of the held-back ones
    shape: Floats = field(repr=False)  # season x events of all of them, as learned at the origin
    detecting: Learned = field(repr=False)
    plain: Learned = field(repr=False)  # learned by the same engine without pulses
    rates: PulseRates = field(repr=False)
    lines: Lines = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Morning:
    """What is said once `day` held-back days have been told; [series, step, level]."""

    day: int
    rise: Bools = field(repr=False)
    fall: Bools = field(repr=False)
    quantiles: Floats = field(repr=False)
    plain: Floats = field(repr=False)  # the same without pulses


def origin_at(data: M5Data, cut: int) -> Origin:
    """Learn at `cut` with and without pulses, and line up the days after it."""
    config = PlanConfig(bucket="day", horizon=HELD_BACK_DAYS)
    snapshot = snapshot_at(data, cut)
    panel = clean_demand(snapshot, config)
    training, plans = training_and_plans(panel, snapshot, HELD_BACK_DAYS, Decisions())
    # Boosted trees would have to be asked anew every morning; both sides do without them.
    detecting = learn(training, plans, panel.series, snapshot, challenger=False)
    structure = detecting.here.structure
    watched = watch(training, structure, shape_of(structure, training))
    rows = [data.items.index(str(sku)) for sku in panel.series["sku"]]
    whole = _with_calendar(data, panel, cut)
    known = data.units[rows, :cut]
    return Origin(
        cut=cut,
        units=data.units[rows, cut : cut + HELD_BACK_DAYS],
        volume=known[:, -HELD_BACK_DAYS:].mean(axis=1),
        scale=np.abs(np.diff(known, axis=1)).mean(axis=1),
        whole=whole,
        shape=shape_of(structure, whole),
        detecting=detecting,
        plain=learn(training, plans, panel.series, snapshot, no_pulses, challenger=False),
        rates=watched.rates,
        lines=lines_of(watched),
    )


def _with_calendar(data: M5Data, panel: DemandPanel, cut: int) -> Training:
    """The panel's training with empty held-back days behind it; they are filled when told."""
    end = min(cut + HELD_BACK_DAYS, len(data.days) - 1)
    days, shape = end - cut, (len(panel.series), end - cut)
    longer = replace(
        panel,
        starts=bucket_starts(first_day(panel.starts), cut + days, 1),
        observed=np.hstack([panel.observed, np.zeros(shape)]),
        clean=np.hstack([panel.clean, np.zeros(shape)]),
        in_stock=np.hstack([panel.in_stock, np.ones(shape)]),
        promoted=np.hstack([panel.promoted, np.zeros(shape)]),
        covered=None,  # days are covered whole
    )
    training, _ = training_and_plans(longer, snapshot_at(data, end), AHEAD_DAYS, Decisions())
    return training


def told(origin: Origin, units: Floats) -> Training:
    """The training with these held-back units in it."""
    days = origin.whole.shape[1] - origin.cut
    sold, recorded = origin.whole.sold.copy(), origin.whole.uncorrected.copy()
    sold[:, origin.cut :] = recorded[:, origin.cut :] = units[:, :days]
    return replace(origin.whole, sold=sold, uncorrected=recorded)


def morning(origin: Origin, whole: Training, day: int) -> Morning:
    """Detect and forecast after `day` held-back days; everything learned stays as it was."""
    known = whole.before(origin.cut + day)
    structure = origin.detecting.here.structure
    seen = watch(known, structure, origin.shape[:, : origin.cut + day], origin.rates)
    pulses = carried(seen, known, AHEAD_DAYS)
    plain = no_pulses(known, structure, origin.shape, AHEAD_DAYS)
    return Morning(
        day=day,
        rise=_now(seen, origin.lines, RISE),
        fall=_now(seen, origin.lines, FALL),
        quantiles=_quantiles(origin, origin.detecting, known, pulses),
        plain=_quantiles(origin, origin.plain, known, plain),
    )


def _now(seen: Watch, lines: Lines, size: float) -> Bools:
    return alarm_days(seen, lines, size)[0][:, -1]


def _quantiles(origin: Origin, learned: Learned, known: Training, pulses: Pulses) -> Floats:
    end = known.shape[1]
    ahead = origin.shape[:, end : end + AHEAD_DAYS]
    if ahead.shape[1] < AHEAD_DAYS:  # the last mornings are there for their alarms only
        return np.zeros((len(ahead), 0, len(M5_LEVELS)))
    here = Standpoint(
        training=known, structure=learned.here.structure,
        shape=origin.shape[:, :end] * pulses.past, ahead=ahead,
    )  # fmt: skip
    path = course(here, learned.shares, learned.classes, AHEAD_DAYS, {}).path
    # Alike for both: the noise as it was estimated at the origin, wider while a pulse is on.
    noise = with_doubt(replace(learned.noise, level_share=None), pulses.doubt)
    return mixture_quantiles(path * ahead * pulses.ahead, bucket_excess(noise), M5_LEVELS)
