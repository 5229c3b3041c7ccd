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

from engine.demand.arrays import Floats, clipped
from engine.demand.levers import PARTS, Levers
from engine.demand.reach import LATER_DAYS, WINDOWS, Reach, reach_of

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
            factor.ravel()[reach.cell] = under(self, reach).factor
        return factor


@dataclass(frozen=True, kw_only=True)
class Under:
    """Demand on the cells in reach of promotions, over demand without any."""

    factor: Floats
    quiet: Floats  # of it on days without promotion
    bought: Floats  # [promoted cell, layer] of it on the days of each layer
    around: Floats  # [window, cell] mean log-lift of the promotions in each window


def under(response: Response, reach: Reach) -> Under:
    """Days without any lift dip like days without promotion.

    So a promotion that lifts nothing changes nothing.
    """
    lifts, weight = response.lifts(reach.levers), reach.levers.layers.weight
    bought = weight * np.exp(lifts)
    around = reach.around(lifts)
    dipped = sum(
        (each * dip[reach.row] for each, dip in zip(around, response.dips.T, strict=True)),
        np.zeros(len(reach.cell)),
    )
    dip = np.exp(clipped(dipped, -MOST_DIP, MOST_DIP))
    lifted = lifts > 0
    quiet = dip * (1.0 - reach.over(np.where(lifted, weight, 0.0).sum(axis=1)))
    factor = quiet + reach.over(np.where(lifted, bought, 0.0).sum(axis=1))
    return Under(factor=factor, quiet=quiet, bought=bought, around=around)


def slopes(demand: Under, reach: Reach) -> list[Floats]:
    """[cell] change of log demand per unit of each effect of PARTS and each dip of WINDOWS."""
    levers = reach.levers
    deeper = np.cumsum(demand.bought[:, ::-1], axis=1)[:, ::-1]
    parts = np.zeros_like(levers.value)
    np.put_along_axis(parts, levers.layers.part, deeper, axis=1)
    parts *= levers.value
    still, nothing = demand.quiet / demand.factor, np.zeros(len(reach.cell))
    effects = [reach.over(part) / demand.factor if part.any() else nothing for part in parts.T]
    return [*effects, *(each * still for each in demand.around)]


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
