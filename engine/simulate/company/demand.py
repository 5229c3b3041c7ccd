"""What customers of the demo merchant want each day, whether or not it is there: the truth."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.simulate.company.catalogue import Catalogue
from engine.simulate.company.days import Days, Floats, stream
from engine.simulate.company.lines import GIFT_SETS, Season
from engine.simulate.company.places import (
    CHANNEL_OF_SLOT,
    LOCATIONS,
    SET_OUTLETS,
    SLOTS,
    Series,
)
from engine.simulate.company.prices import Prices
from engine.simulate.company.promotions import OUTLETS, Promotions
from engine.simulate.company.seasons import event_profile, week_profile, year_profile

GROWTH = {"web": 0.08, "marketplace": 0.12, "store": -0.02, "wholesale": 0.04}  # per year
DAY_NOISE = 0.35  # coefficient of variation of a day's level around its season
TRADE_CASE = 6  # trade customers buy in multiples of it


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Axes [day, slot, series]; gift sets [day, set, outlet: web, leeds, london]."""

    units: NDArray[np.int32] = field(repr=False)
    panic: NDArray[np.int32] = field(repr=False)  # more, if the shelf is seen to run empty
    expected: Floats = field(repr=False)  # [day, series] what a good planner would expect
    gift_sets: NDArray[np.int32] = field(repr=False)


def build_demand(
    seed: int,
    catalogue: Catalogue,
    series: Series,
    prices: Prices,
    promotions: Promotions,
    days: Days,
) -> Wanted:
    random = stream(seed, "demand")
    base = _daily_units(catalogue, series)
    life = _life(catalogue, days)
    drift = _drift(random, series.count, days)
    trend = _trends(random, series.count, days)
    shape = (days.count, SLOTS, series.count)
    units, panic = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    expected = np.zeros((days.count, series.count))
    for outlet, (location, channel) in enumerate(OUTLETS):
        rows = np.flatnonzero(series.location == LOCATIONS.index(location))
        slot = CHANNEL_OF_SLOT[LOCATIONS.index(location)].index(channel)
        item = series.item[rows]
        calm = base[rows, slot, None] * _profiles(catalogue, channel, days)[item]
        calm = calm * trend[rows] * life[item]
        rate = calm * drift[rows] * promotions.effect[outlet, item] * prices.effect[item]
        drawn = _drawn(random, rate, channel).T
        units[:, slot, rows] = drawn
        panic[:, slot, rows] = _panic(random, drawn, channel)
        expected[:, rows] += calm.T
    _add_parts_of_sets(expected, catalogue, series, days)
    return Wanted(
        units=units,
        panic=panic,
        expected=expected,
        gift_sets=random.poisson(set_rates(days)).astype(np.int32),
    )


def _daily_units(catalogue: Catalogue, series: Series) -> Floats:
    """[series, slot] units on an average day."""
    return catalogue.daily_units[series.item, None] * series.share


def _profiles(catalogue: Catalogue, channel: str, days: Days) -> Floats:
    """Demand over its yearly average, [item, day]."""
    calendar = week_profile(channel, days) * event_profile(channel, days)
    calendar = calendar * (1 + GROWTH[channel]) ** ((np.arange(days.count) - days.end) / 365.25)
    # A dictionary, not a set: the order of a set of texts differs from process to process.
    seasons: dict[Season, None] = {line.season: None for line in catalogue.lines}
    of_season = {season: year_profile(season, days) * calendar for season in seasons}
    return np.stack([of_season[line.season] for line in catalogue.lines])


def _life(catalogue: Catalogue, days: Days) -> Floats:
    """[item, day] 0 before launch, growing for six weeks; fading once it is no longer bought."""
    day = np.arange(days.count)[None, :]
    age = day - catalogue.lives.launch[:, None]
    grown = np.where(age < 0, 0.0, np.clip(0.35 + age / 65.0, 0.0, 1.0))
    after_end = np.clip(day - catalogue.lives.end[:, None], 0, None)
    return grown * np.exp(-after_end / 50.0)


def _trends(random: np.random.Generator, count: int, days: Days) -> Floats:
    """[series, day] each item's own growth or decline beside the company's."""
    yearly = random.normal(0.0, 0.15, count)[:, None]
    return np.exp(yearly * (np.arange(days.count)[None, :] - days.end / 2) / 365.25)


def _drift(random: np.random.Generator, count: int, days: Days) -> Floats:
    """[series, day] slow ups and downs that no season explains: a weekly autoregression."""
    weeks = days.count // 7 + 1
    level = np.zeros((count, weeks))
    shocks = random.normal(0.0, 0.09, (count, weeks))
    for week in range(1, weeks):
        level[:, week] = 0.85 * level[:, week - 1] + shocks[:, week]
    return np.repeat(np.exp(level), 7, axis=1)[:, : days.count]


def _drawn(random: np.random.Generator, rate: Floats, channel: str) -> NDArray[np.int32]:
    """Counts around a rate: negative binomial for consumers, few and large orders for trade."""
    if channel == "wholesale":
        orders = random.poisson(rate / (TRADE_CASE * 1.8))
        return ((orders + random.poisson(0.8 * orders)) * TRADE_CASE).astype(np.int32)
    shape = 1 / DAY_NOISE**2
    return random.poisson(rate * random.gamma(shape, 1 / shape, rate.shape)).astype(np.int32)


def _panic(
    random: np.random.Generator, units: NDArray[np.int32], channel: str
) -> NDArray[np.int32]:
    """'Only a few left' makes web customers buy now; trade customers have contracts."""
    if channel != "web":
        return np.zeros_like(units)
    return random.binomial(units, 0.4).astype(np.int32)


def set_rates(days: Days) -> Floats:
    """[day, set, outlet] gift sets wanted on an average such day."""
    season = year_profile("gifts", days)
    daily = np.array([gift.daily for gift in GIFT_SETS])
    rates = np.zeros((days.count, len(GIFT_SETS), len(SET_OUTLETS)))
    for place, (channel, share) in enumerate((("web", 0.6), ("store", 0.18), ("store", 0.22))):
        shape = season * week_profile(channel, days) * event_profile(channel, days) * share
        rates[:, :, place] = shape[:, None] * daily
    return rates


def _add_parts_of_sets(expected: Floats, catalogue: Catalogue, series: Series, days: Days) -> None:
    """A buyer knows that sets draw on their parts."""
    rates = set_rates(days)
    for place, gift in enumerate(GIFT_SETS):
        for outlet, location in enumerate(SET_OUTLETS):
            for sku, units in gift.components:
                row = series.find(catalogue.position[sku], location)
                if row is not None:
                    expected[:, row] += units * rates[:, place, outlet]
