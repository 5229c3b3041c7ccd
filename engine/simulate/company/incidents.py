"""What happened lately, so that the plan at the end has something to decide."""

from dataclasses import dataclass, field

import numpy as np

from engine.simulate.company.catalogue import Catalogue
from engine.simulate.company.days import Days, Flags, Floats, Ints, stream
from engine.simulate.company.demand import Wanted
from engine.simulate.company.lives import NEVER
from engine.simulate.company.places import LEEDS, LOCATIONS, LONDON, WAREHOUSE, Series
from engine.simulate.company.terms import MAKER_CODES

STUCK = ("PORTOWOOD", "LUMERA", "JAIPUR")  # what they promised for the last days has not come
STUCK_DAYS = 16
# Warehouse items that nobody will have reordered in time: days of stock left after the end.
STORIES = {"LAMP-OAK-01": 5, "LAMP-RATTAN-01": 9}
STORY_DAYS = 45  # before the end they were last bought


@dataclass(frozen=True, kw_only=True)
class OddOrder:
    """One order off the usual policy."""

    day: int
    series: int
    lasts_until: int  # day number to which stock and order are meant to last


@dataclass(frozen=True, kw_only=True)
class Incidents:
    blocked_from: Ints  # [series] day from which nothing is bought
    odd_orders: tuple[OddOrder, ...]
    stuck: Flags = field(repr=False)  # [maker]
    hidden: Flags = field(repr=False)  # [day, series] on the books but not on the shelf


def build_incidents(
    seed: int, catalogue: Catalogue, series: Series, wanted: Wanted, days: Days
) -> Incidents:
    random = stream(seed, "incidents")
    blocked = np.full(series.count, NEVER)
    pace = wanted.expected[days.end - 56 : days.end].mean(axis=0)
    told = [catalogue.position[sku] for sku in STORIES if sku in catalogue.position]
    alive = (catalogue.lives.end == NEVER) & (catalogue.lives.launch < days.history)
    free = ~np.isin(series.item, told) & alive[series.item]
    sellers = np.flatnonzero(free & (pace > 0.1))
    forgotten = random.choice(sellers, min(14, len(sellers) // 6), replace=False)
    blocked[forgotten] = days.end - random.integers(15, 35, len(forgotten))
    swaps = _store_pairs(series, free, pace, random)
    blocked[swaps[:, LEEDS]] = days.end - 60
    regretted = random.choice(sellers, min(12, len(sellers) // 8), replace=False)
    odd = [
        OddOrder(day=int(day), series=int(place), lasts_until=days.end + 190)
        for day, place in zip(
            days.end - random.integers(70, 150, len(regretted)), regretted, strict=True
        )
    ]
    odd += [
        OddOrder(day=days.end - 75, series=int(place), lasts_until=days.end + 110)
        for place in swaps[:, LONDON]
    ]
    return Incidents(
        odd_orders=(*odd, *_stories(catalogue, series, blocked, days)),
        blocked_from=blocked,
        stuck=np.isin(np.array(MAKER_CODES), STUCK),
        hidden=_phantoms(series, free & (series.location == LEEDS) & (pace > 0.12), random, days),
    )


def _stories(
    catalogue: Catalogue, series: Series, blocked: Ints, days: Days
) -> tuple[OddOrder, ...]:
    """Block the told items in `blocked` after a last order that nearly suffices."""
    orders: list[OddOrder] = []
    for sku, days_left in STORIES.items():
        place = series.find(catalogue.position.get(sku, -1), WAREHOUSE)
        if place is not None:
            blocked[place] = days.end - STORY_DAYS
            orders.append(
                OddOrder(day=days.end - STORY_DAYS, series=place, lasts_until=days.end + days_left)
            )
    return tuple(orders)


def _store_pairs(series: Series, free: Flags, pace: Floats, random: np.random.Generator) -> Ints:
    """[pair, location] series of items in both shops, fast enough to be worth a van."""
    table = np.full((int(series.item.max()) + 1, len(LOCATIONS)), -1)
    table[series.item, series.location] = np.arange(series.count)
    both = np.flatnonzero((table >= 0).all(axis=1))
    quick = [row for row in both if free[table[row]].all() and pace[table[row, LEEDS]] > 0.08]
    return table[random.choice(quick, min(6, len(quick)), replace=False)]


def _phantoms(series: Series, eligible: Flags, random: np.random.Generator, days: Days) -> Flags:
    """Two items lie mislabelled in a stockroom: on the record, but nobody finds them."""
    hidden = np.zeros((days.count, series.count), dtype=bool)
    chosen = random.choice(np.flatnonzero(eligible), 2, replace=False)
    hidden[days.end - 48 :, chosen] = True
    return hidden
