"""What the members of a family do to one another, learned once and felt in every outlook."""

from dataclasses import dataclass, replace

import numpy as np

from engine.demand.arrays import Bools, Floats, ratio
from engine.forecast.backtest import Standpoint
from engine.forecast.cross import CrossEffect, Watched, fit_cross
from engine.forecast.handover import Handover
from engine.forecast.launches import Launches, find_launches
from engine.forecast.launches_past import taken_shares
from engine.forecast.newcomers_evidence import HIDDEN_START_DAYS, starts_of

LAUNCH_DAYS = 182  # on sale; after that its siblings' own history has felt it


@dataclass(frozen=True, kw_only=True)
class FamilyEffects:
    """Siblings' promotions, launches, and successions."""

    cross: CrossEffect
    launches: Launches
    handover: Handover


def under_siblings(here: Standpoint) -> tuple[CrossEffect, Standpoint]:
    """The effect of siblings' promotions, and the standpoint with it in the past shape.

    Levels are read with the pressure of the past taken out, and forecast with that of the plans.
    """
    training, structure = here.training, here.structure
    season = structure.season(training.starts, training.bucket_days, training.shape[0])
    season = season * structure.event(training.holidays)
    lift, promoted = structure.promotion(training.levers), training.levers.promoted
    cross = fit_cross(
        Watched(
            sold=training.sold, weight=training.weight, season=season, lift=lift,
            promoted=promoted, bucket_days=training.bucket_days, groups=training.groups,
        ),
        training.family,
    )  # fmt: skip
    if cross.is_flat:
        return cross, here
    level = ratio(training.sold.sum(axis=1), (training.weight * here.shape).sum(axis=1))
    base = level[:, None] * season * (training.begun > 0)
    return cross, replace(here, shape=here.shape * cross.factor(base, lift, promoted))


def launches_of(here: Standpoint, level: Floats, handover: Handover, announced: Bools) -> Launches:
    """Series that start, or started of late, with the share that each takes from its siblings.

    What has neither begun nor been `announced` [series] is a row of the item list, not a launch.
    """
    training, family = here.training, here.training.family
    start = starts_of(training.begun)
    since = start * training.bucket_days
    age = np.maximum(training.shape[1] * training.bucket_days - since, 0).astype(np.float64)
    seen_start = since >= HIDDEN_START_DAYS
    young = seen_start & (age < LAUNCH_DAYS) & (announced | (start < training.shape[1]))
    taken = taken_shares(here, family, start, ~seen_start)
    return find_launches(np.flatnonzero(young), handover.new, age, family, level, taken)
