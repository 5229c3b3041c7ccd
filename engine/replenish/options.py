"""The quantities of each place that may be bought, with their cost and value."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.kernels.amounts import converted_minor, micros_to_minor
from engine.kernels.discounts import cost_micros
from engine.model.money import exponent
from engine.replenish.context import Context
from engine.replenish.following import Following
from engine.replenish.quantities import Sought, best_single_units, quantities
from engine.replenish.shortfall import Shortfall, Window
from engine.replenish.terms import Offer
from engine.replenish.worth import Worth

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_COLUMNS = 16  # quantities evaluated at a time
NOTHING = np.zeros(1, dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class Options:
    """Per place its quantities; `count` [place] cuts the [option] arrays.

    The ladder [place] says what each rule makes of the one before: `need` in single units,
    `pack` in whole packs, `minimum` with the item's minimum, `tier` with price breaks.
    """

    count: Ints = field(repr=False)
    units: Ints = field(repr=False)
    cost_minor: Ints = field(repr=False)
    value: Floats = field(repr=False)
    need: Ints = field(repr=False)
    pack: Ints = field(repr=False)
    minimum: Ints = field(repr=False)
    tier: Ints = field(repr=False)

    @staticmethod
    def joined(parts: "list[Options]") -> "Options":
        names = Options.__dataclass_fields__
        return Options(
            **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
        )


def options_of(
    context: Context,
    chosen: Ints,
    missing: Shortfall,
    window: Window,
    rate_after: Floats,
    after: Following | None = None,
) -> Options:
    """Quantities of the places that buy; the others have "nothing" as their only option.

    `after`: the window after this one, where what is left is followed through it.
    """
    buys = np.flatnonzero(context.buyer[chosen] >= 0)
    offers = [context.terms.offers[int(chosen[row])] for row in buys]
    known = [offer for offer in offers if offer is not None]
    money = context.money.at(chosen)
    worth = Worth(missing, window.days, rate_after, money, context.config, after)
    sought = _sought(buys, known, worth.one_by_one(), missing, rate_after)
    units = [NOTHING] * len(chosen)
    for row, offer, each in zip(buys, known, sought, strict=True):
        tops_up = offer.supplier in context.with_minimum
        units[int(row)] = quantities(offer, each, tops_up=tops_up)
    count = np.asarray([len(each) for each in units], dtype=np.int64)
    flat = np.concatenate(units) if units else NOTHING[:0]
    worth_of = _evaluated(worth, count, flat)
    need = np.zeros(len(chosen), dtype=np.int64)
    need[buys] = [each.need for each in sought]
    return _priced(context, buys, known, worth, count, flat, worth_of, need)


def _sought(
    buys: Ints,
    offers: list[Offer],
    worth: Worth,
    missing: Shortfall,
    rate_after: Floats,
) -> list[Sought]:
    """The best quantities in single units, at the undiscounted price and at each lower one."""
    deepest: Floats = missing.need[:, buys].max(axis=(0, 2), initial=0.0)
    most = np.ceil(deepest).astype(np.int64) + 1
    none = np.zeros(len(buys))
    need = best_single_units(worth.of, buys, most, none)
    tiers = max((len(offer.tiers.breaks) for offer in offers), default=1)
    lower: list[list[int]] = [[] for _ in offers]
    for tier in range(1, tiers):
        with_it = np.asarray(
            [i for i, offer in enumerate(offers) if len(offer.tiers.breaks) > tier], dtype=np.int64
        )
        saved = np.asarray([_saved(offers[int(i)], tier) for i in with_it], dtype=np.float64)
        year = np.ceil(365 * rate_after[buys[with_it]]).astype(np.int64)
        found = best_single_units(worth.of, buys[with_it], most[with_it] + year, saved)
        for i, units in zip(with_it, found, strict=True):
            if units >= offers[i].tiers.breaks[tier]:
                lower[i].append(int(units))
    return [
        Sought(need=int(n), tier_needs=tuple(more), daily_demand=float(rate))
        for n, more, rate in zip(need, lower, rate_after[buys], strict=True)
    ]


def _saved(offer: Offer, tier: int) -> float:
    """Base currency that a unit at this tier costs less than at the first."""
    prices = offer.tiers.prices_micros
    goods = (prices[0] - prices[tier]) / 1_000_000 * float(offer.rate)
    return goods * offer.landing.per_goods


def _evaluated(worth: Worth, count: Ints, units: Ints) -> Floats:
    """Value of every option, base currency, before price breaks; all places at once."""
    first = np.cumsum(count) - count
    value = np.zeros(len(units))
    for start in range(0, int(count.max(initial=0)), _COLUMNS):
        rows = np.flatnonzero(count > max(start, 1))
        column = np.minimum(np.arange(start, start + _COLUMNS)[None, :], count[rows, None] - 1)
        at = first[rows, None] + column
        value[at] = worth.of(units[at].astype(np.float64), rows)
    value[first] = 0.0
    return value


def _priced(
    context: Context,
    buys: Ints,
    offers: list[Offer],
    worth: Worth,
    count: Ints,
    units: Ints,
    value: Floats,
    need: Ints,
) -> Options:
    """What the order commits to the minor unit, price breaks in the value, and the ladder.

    Freight, duty and charges are off the value; the cost is that of the goods alone.
    """
    scale = 10.0 ** exponent(context.currency)
    first = np.cumsum(count) - count
    cost = np.zeros(len(units), dtype=np.int64)
    undiscounted = value * scale
    total = undiscounted.copy()
    pack = _best_in_packs(worth, buys, offers, need)
    minimum, tier = np.zeros(len(count), dtype=np.int64), np.zeros(len(count), dtype=np.int64)
    for row, offer in zip(buys, offers, strict=True):
        span = slice(int(first[row]), int(first[row] + count[row]))
        cost[span] = _cost_minor(offer, units[span], context.currency)
        # What breaks save, and what rounding to the minor unit costs, is part of the value.
        landed = cost[span] * offer.landing.per_goods + units[span] * offer.unit_freight * scale
        total[span] += offer.base_cost() * scale * units[span] - landed
        minimum[row] = units[span][int(undiscounted[span].argmax())]
        tier[row] = units[span][int(total[span].argmax())]
    return Options(
        count=count,
        units=units,
        cost_minor=cost,
        value=total,
        need=need,
        pack=_spread(pack, buys, len(count)),
        minimum=minimum,
        tier=tier,
    )


def _cost_minor(offer: Offer, units: Ints, base: str) -> Ints:
    """Cost of each quantity in base currency: rounded once in the supplier's, once converted."""
    minor = micros_to_minor(cost_micros(units, offer.tiers), offer.currency)
    return converted_minor(minor, offer.currency, base, offer.rate)


def _best_in_packs(worth: Worth, buys: Ints, offers: list[Offer], need: Ints) -> Ints:
    """The better of the whole packs below and above the need, minimums aside."""
    sizes = np.asarray([offer.case_pack for offer in offers], dtype=np.int64)
    low = need[buys] // np.maximum(sizes, 1) * sizes
    pair = np.stack([low, low + sizes], axis=1)
    if not len(buys):
        return low
    values = worth.of(pair.astype(np.float64), buys)
    return np.where((values[:, 1] > values[:, 0]) & (need[buys] > low), pair[:, 1], low)


def _spread(values: Ints, rows: Ints, size: int) -> Ints:
    out = np.zeros(size, dtype=np.int64)
    out[rows] = values
    return out
