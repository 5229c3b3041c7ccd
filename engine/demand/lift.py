"""How demand answers to promotions: a pooled regression with shrinkage.

In a bucket of which a share s is promoted, demand is its level x season x
    (1 - s) exp(dips) + s exp(parts x effects),
effects being the elasticity to the discount and the extra lifts of feature, display, influencer,
drop and their combinations; dips are what a promotion pulls out of the days around it, in
proportion to its own lift. Means are fitted, not medians: a negative binomial quasi-likelihood
needs no retransformation (McCullagh and Nelder 1989, ch. 9). See also van Heerde, Leeflang and
Wittink, "The Estimation of Pre- and Postpromotion Dips", JMR 2000.
"""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Floats, Ints, clipped
from engine.demand.levers import PARTS, Levers

# Days around a promotion whose demand it may take or give, from its end (or start) outwards.
AFTER_DAYS, LATER_DAYS, BEFORE_DAYS = (1, 7), (8, 21), (1, 7)
WINDOWS = ("after", "later", "before")
SPANS = ((AFTER_DAYS, False), (LATER_DAYS, False), (BEFORE_DAYS, True))
DUST = 1e-9  # what differences of running sums leave
MOST_LIFT = float(np.log(30.0))  # of the logarithm; more is an anomaly
MOST_DIP = 0.7  # of the logarithm


@dataclass(frozen=True, kw_only=True)
class Response:
    """Answers per series, on the logarithm of demand.

    `effects` [series, part of PARTS]: lift per unit of the part. `dips` [series, window of
    WINDOWS]: change per unit of the lift of the promotions in the window. `elasticity` [series]:
    to the list price, 0 or below.
    """

    effects: Floats
    dips: Floats
    elasticity: Floats
    bucket_days: int

    @property
    def is_flat(self) -> bool:
        """Neither promotions nor prices move anything."""
        return not self.effects.any() and not self.elasticity.any()

    def lifts(self, levers: Levers) -> Floats:
        """[promoted cell, layer] log-lift on the days of the layer; never below nothing."""
        each = levers.value * self.effects[levers.row]
        own = np.cumsum(np.take_along_axis(each, levers.layers.part, axis=1), axis=1)
        return clipped(own, 0.0, MOST_LIFT)

    def factor(self, levers: Levers) -> Floats:
        """[series, bucket] demand under the promotions over demand without any."""
        factor = np.ones(levers.shape)
        if not self.is_flat and len(levers.cell):
            reach = reach_of(levers, self.bucket_days)
            factor.ravel()[reach.cell] = felt(self, reach).factor
        return factor


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Cells in which promotions are felt: while they run, and the days around them."""

    levers: Levers
    bucket_days: int
    cell: Ints  # ascending
    promoted: Ints  # position of each promoted cell among them

    @property
    def row(self) -> Ints:
        return self.cell // self.levers.shape[1]

    def over(self, values: Floats) -> Floats:
        """Values per promoted cell on the cells in reach; 0 on those around."""
        spread = np.zeros((len(self.cell), *values.shape[1:]))
        spread[self.promoted] = values
        return spread

    def around(self, lifts: Floats) -> Floats:
        """[cell in reach, window] mean log-lift of the promotions in each window around a cell."""
        levers = self.levers
        running = _running(levers.spread((levers.layers.weight * lifts).sum(axis=1)))
        return np.column_stack([
            _at(running, self.cell, *_buckets(days, self.bucket_days), ahead=ahead)
            for days, ahead in SPANS
        ])  # fmt: skip


def reach_of(levers: Levers, bucket_days: int) -> Reach:
    """The cells that a promotion may touch, given how far its dips go."""
    running = _running(levers.promoted)
    near = levers.promoted > 0
    for days, ahead in SPANS:
        nearest, farthest = _buckets(days, bucket_days)
        start, end = _bounds(levers.shape[1], nearest, farthest, ahead=ahead)
        near |= running[:, end] - running[:, start] > DUST
    cell = np.flatnonzero(near)
    return Reach(
        levers=levers, bucket_days=bucket_days, cell=cell,
        promoted=np.searchsorted(cell, levers.cell),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Felt:
    """A response on the cells in reach of promotions."""

    factor: Floats  # on demand
    parts: Floats  # [cell, part] change of log demand per unit of effect
    around: Floats  # [cell, window] the same per unit of dip


def felt(response: Response, reach: Reach) -> Felt:
    """Demand under the promotions, and how it would move with each coefficient.

    Days without any lift dip like days without promotion, so a promotion that lifts nothing
    changes nothing.
    """
    levers = reach.levers
    lifts, layers = response.lifts(levers), levers.layers
    bought = layers.weight * np.exp(lifts)
    around = reach.around(lifts)
    dip = np.exp(clipped((around * response.dips[reach.row]).sum(axis=1), -MOST_DIP, MOST_DIP))
    lifted = lifts > 0
    quiet = dip * (1.0 - reach.over(np.where(lifted, layers.weight, 0.0).sum(axis=1)))
    factor = quiet + reach.over(np.where(lifted, bought, 0.0).sum(axis=1))
    deeper = np.cumsum(bought[:, ::-1], axis=1)[:, ::-1]
    parts = np.zeros_like(levers.value)
    np.put_along_axis(parts, layers.part, deeper, axis=1)
    return Felt(
        factor=factor,
        parts=reach.over(parts * levers.value) / factor[:, None],
        around=around * (quiet / factor)[:, None],
    )


def no_response(series: int, bucket_days: int) -> Response:
    """Promotions and prices that move nothing."""
    return Response(
        effects=np.zeros((series, len(PARTS))),
        dips=np.zeros((series, len(WINDOWS))),
        elasticity=np.zeros(series),
        bucket_days=bucket_days,
    )


def lookback(bucket_days: int) -> int:
    """Buckets after a promotion in which it may still be felt."""
    return max(-(-LATER_DAYS[1] // bucket_days), 1)


def _running(amounts: Floats) -> Floats:
    """Running sums with a leading zero, so that any window is a difference."""
    return np.concatenate([np.zeros((len(amounts), 1)), np.cumsum(amounts, axis=1)], axis=1)


def _buckets(days: tuple[int, int], bucket_days: int) -> tuple[int, int]:
    """First and last bucket away that cover these days."""
    return -(-days[0] // bucket_days), max(-(-days[1] // bucket_days), 1)


def _bounds(buckets: int, nearest: int, farthest: int, *, ahead: bool) -> tuple[Ints, Ints]:
    """Where the window of each bucket starts and ends, within the axis."""
    here = np.arange(buckets)
    first, last = (nearest, farthest) if ahead else (-farthest, -nearest)
    return np.clip(here + first, 0, buckets), np.clip(here + last + 1, 0, buckets)


def _at(running: Floats, cell: Ints, nearest: int, farthest: int, *, ahead: bool) -> Floats:
    """[cell] mean over the buckets `nearest` .. `farthest` away."""
    buckets = running.shape[1] - 1
    start, end = _bounds(buckets, nearest, farthest, ahead=ahead)
    row, bucket = cell // buckets, cell % buckets
    flat, base = running.ravel(), row * (buckets + 1)
    total = flat[base + end[bucket]] - flat[base + start[bucket]]
    return np.where(total > DUST, total, 0.0) / (farthest - nearest + 1)
