"""How demand moves through the year and the week, by kind of product."""

import numpy as np

from engine.simulate.company.days import Days, Floats
from engine.simulate.company.events import events_between
from engine.simulate.company.lines import Season

# Monday to Sunday, mean 1, by channel.
WEEK = {
    "web": (1.12, 0.98, 0.94, 0.92, 0.90, 0.98, 1.16),
    "marketplace": (1.06, 0.98, 0.96, 0.95, 0.95, 1.00, 1.10),
    "store": (0.70, 0.72, 0.80, 0.90, 1.12, 1.58, 1.18),
    "wholesale": (1.60, 1.45, 1.40, 1.35, 1.20, 0.00, 0.00),
}
# How strongly a shopping event of that channel is felt: exponent on the event's lift.
EVENT_PULL = {"web": 1.2, "marketplace": 1.1, "store": 0.9, "wholesale": 0.0}


def _bump(day_of_year: Floats, peak: float, width: float) -> Floats:
    """A bell around a day of the year that runs on over New Year; 1 at its top."""
    distance = np.abs(day_of_year - peak)
    distance = np.minimum(distance, 365.25 - distance)
    return np.exp(-0.5 * (distance / width) ** 2)


def year_profile(season: Season, days: Days) -> Floats:
    """Demand of each day relative to an average day of the year."""
    day = days.of_year.astype(np.float64)
    after_christmas = day > 358
    shapes: dict[Season, Floats] = {
        "flat": 1 + 0.12 * _bump(day, 340, 25),
        "winter": 0.72 + 0.75 * _bump(day, 342, 48) + 0.15 * _bump(day, 20, 25),
        "cosy": 0.62 + 1.25 * _bump(day, 340, 36) + 0.25 * _bump(day, 290, 30),
        "autumn": 0.82 + 0.55 * _bump(day, 310, 45),
        "summer": 0.85 + 0.45 * _bump(day, 185, 45) + 0.2 * _bump(day, 345, 18),
        "garden": 0.22 + 1.9 * _bump(day, 140, 42) + 0.4 * _bump(day, 205, 35),
        "gifts": 0.72 + 1.9 * np.where(after_christmas, 0.1, _bump(day, 345, 17)),
        "christmas": 0.015 + 6.0 * np.where(after_christmas, 0.08, _bump(day, 334, 20)),
        "moving": 0.9 + 0.3 * _bump(day, 15, 18) + 0.28 * _bump(day, 250, 30),
    }
    shape = shapes[season]
    return shape / shape[: 365 + 1].mean() if len(shape) > 365 else shape


def week_profile(channel: str, days: Days) -> Floats:
    profile = np.array(WEEK[channel])
    return (profile / profile.mean())[days.weekday]


def event_profile(channel: str, days: Days) -> Floats:
    """Factor of public holidays and shopping events on each day; shops close on Christmas Day."""
    factor = np.ones(days.count)
    for event in events_between(days.first, days.day(days.count - 1)):
        place = days.number(event.day)
        factor[place] *= event.lift
        for before in range(1, event.run_up_days + 1):
            if place - before >= 0:
                factor[place - before] *= 1 + 0.18 * (1 - before / (event.run_up_days + 1))
        if channel == "store" and event.name in ("Christmas Day", "Easter Sunday"):
            factor[place] = 0.0  # large shops must close by law
    return factor ** EVENT_PULL[channel] if EVENT_PULL[channel] else np.ones(days.count)
