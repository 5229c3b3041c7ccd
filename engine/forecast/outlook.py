"""The mean forecast as a pure function of what was learned and of the plans in force."""

from collections.abc import Callable

import numpy as np

from engine.demand.arrays import Floats
from engine.demand.axes import first_day
from engine.forecast.drivers import waterfall
from engine.forecast.learned import Learned
from engine.forecast.overrides import apply_overrides
from engine.forecast.plans import Plans
from engine.model.forecast import DRIVERS

Factor = Callable[[Learned, Plans], Floats]


def outlook(learned: Learned, plans: Plans) -> Floats:
    """Mean demand [series, step], units per bucket, under these plans.

    The level's course times one factor per driver; each factor is 1 where its input is neutral.
    Overrides by people come last, because they replace what the model says.
    """
    mean = _level(learned, plans)
    for factor in FACTORS:
        mean = mean * factor(learned, plans)
    if len(plans.overrides) == 0:
        return mean
    days = learned.here.training.bucket_days
    start = first_day(plans.starts)
    return apply_overrides(mean, plans.overrides, learned.series, start, days)


def driver_stages(learned: Learned, plans: Plans) -> tuple[Floats, Floats]:
    """Drivers [series, step, driver] and the mean [series, step] that they add up to.

    Driver k is the outlook with inputs 1 .. k of the published order less that with 1 .. k - 1.
    """
    stages = [outlook(learned, plans.neutral_after(k + 1)) for k in range(len(DRIVERS))]
    return waterfall(stages)


def _level(learned: Learned, plans: Plans) -> Floats:
    """[series, step] before any factor; without its trend it stays where it stands."""
    course = learned.course
    path = course.path
    if not plans.growing:
        path = np.repeat(course.level[:, None], path.shape[1], axis=1)
    return path if plans.corrected else path * learned.recorded_share[:, None]


def _season(learned: Learned, plans: Plans) -> Floats:
    if not plans.seasonal:
        return np.ones((1, 1))
    training = learned.here.training
    return learned.here.structure.season(plans.starts, training.bucket_days, training.shape[0])


def _event(learned: Learned, plans: Plans) -> Floats:
    """Holidays, launch and end of life."""
    return learned.here.structure.event(plans.holidays) * plans.on_sale


def _price(learned: Learned, plans: Plans) -> Floats:
    """The list price of each step against the price at which the level was sold."""
    if not plans.priced:
        return np.ones((1, 1))
    price = learned.here.structure.price(plans.levers)
    return price[:, -len(plans.starts) :]


def _promotion(learned: Learned, plans: Plans) -> Floats:
    """Promotions planned, and what those just past still take out of the first steps."""
    steps = len(plans.starts)
    return learned.here.structure.promotion(plans.levers)[:, -steps:]


def _pulse(learned: Learned, plans: Plans) -> Floats:
    return learned.pulses.ahead if plans.pulsing else np.ones((1, 1))


def before_launches(learned: Learned, plans: Plans) -> Floats:
    """[series, step] with season and events, launches not yet taking from anyone."""
    return _level(learned, plans) * _season(learned, plans) * _event(learned, plans)


def launched(learned: Learned, plans: Plans) -> Floats:
    """Launches lower their siblings by what they take from them."""
    launches = learned.family.launches
    if not plans.launching or len(launches.rows) == 0:
        return np.ones((1, 1))
    return launches.factor(before_launches(learned, plans))


def crossed(learned: Learned, plans: Plans) -> Floats:
    """Siblings' promotions take demand, or lend it."""
    cross, steps = learned.family.cross, len(plans.starts)
    promoted = plans.levers.promoted[:, -steps:]
    if cross.is_flat or not promoted.any():
        return np.ones((1, 1))
    base = before_launches(learned, plans) * launched(learned, plans) * _price(learned, plans)
    return cross.factor(base, _promotion(learned, plans), promoted)


def _challenged(learned: Learned, plans: Plans) -> Floats:
    """What the challenger makes of the inputs in force, beyond the structure's own factors."""
    if learned.challenge is None:
        return np.ones((1, 1))
    event = learned.here.structure.event(plans.holidays)
    moved = _price(learned, plans), _promotion(learned, plans)
    pulse = _pulse(learned, plans)
    return learned.challenge.factor(_season(learned, plans), event, *moved, pulse=pulse)


FACTORS: tuple[Factor, ...] = (
    _season, _event, launched, _price, _promotion, crossed, _pulse, _challenged,
)  # fmt: skip
