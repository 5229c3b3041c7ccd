"""What is known of the steps ahead, as inputs that can be made neutral one driver at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from engine.demand.arrays import Floats
from engine.demand.levers import Levers
from engine.forecast.calendar import HolidayGrid
from engine.model.decisions import Decisions
from engine.model.forecast import DRIVERS


@dataclass(frozen=True, kw_only=True)
class Plans:
    """Axes: [series, step]; step 0 begins on the as-of date.

    An input is neutral when it says that nothing out of the ordinary is planned. Where an input is
    what the model carries forward by itself (growth, season, pulses, corrections of stockouts),
    neutral is a flag.
    """

    starts: pd.DatetimeIndex
    growing: bool = True  # trend; neutral: the level stays where it is
    seasonal: bool = True
    holidays: HolidayGrid
    on_sale: Floats  # share of the step after launch and before the end; neutral: all of it
    launching: bool = True  # launches take from their siblings; neutral: they do not
    priced: bool = True  # the price now; neutral: the price at which the level was sold
    levers: Levers  # of the steps and of `lead` buckets before them; neutral: no promotion
    pulsing: bool = True
    corrected: bool = True  # neutral: as if every stockout had been read as no demand
    overrides: pd.DataFrame = field(default_factory=lambda: Decisions().overrides, repr=False)

    def without(self, driver: str) -> "Plans":
        """The same plans with the input of one driver made neutral."""
        return NEUTRAL[driver](self)

    def neutral_after(self, count: int) -> "Plans":
        """Inputs 1 .. `count` of the published order in force, the later ones neutral."""
        plans = self
        for driver in DRIVERS[max(count, 1) :]:
            plans = plans.without(driver)
        return plans


def _without_events(plans: Plans) -> Plans:
    everywhere = np.ones_like(plans.on_sale)
    return replace(plans, holidays=plans.holidays.none(), on_sale=everywhere, launching=False)


# The baseline has no input: it is what remains when all others are neutral.
NEUTRAL: Mapping[str, Callable[[Plans], Plans]] = {
    "trend": lambda plans: replace(plans, growing=False),
    "seasonality": lambda plans: replace(plans, seasonal=False),
    "event": _without_events,
    "price": lambda plans: replace(plans, priced=False),
    "promotion": lambda plans: replace(plans, levers=plans.levers.unpromoted()),
    "pulse": lambda plans: replace(plans, pulsing=False),
    "stockout correction": lambda plans: replace(plans, corrected=False),
    "override": lambda plans: replace(plans, overrides=plans.overrides.iloc[:0]),
}
