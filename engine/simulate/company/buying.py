"""How the demo merchant bought so far: reorder points from a fair but imperfect forecast."""

from dataclasses import dataclass, field

import numpy as np

from engine.simulate.company.catalogue import Catalogue
from engine.simulate.company.days import Days, Flags, Floats, Ints, stream
from engine.simulate.company.delivery import Suppliers
from engine.simulate.company.demand import Wanted
from engine.simulate.company.incidents import Incidents
from engine.simulate.company.makers import MAKERS
from engine.simulate.company.places import Series
from engine.simulate.company.terms import Terms


@dataclass(frozen=True, kw_only=True)
class Due:
    """Lines to order today."""

    series: Ints
    maker: Ints
    second: Flags
    units: Ints


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Axes: [series] and, where two, [day, series]."""

    maker: Ints
    second: Ints  # -1: none
    protection: Ints  # days from an order to the arrival of the one after it
    lead_sd: Floats
    cover: Ints  # days of demand that an order adds
    safety: Floats  # z
    pack: Ints
    minimum: Ints
    cost: Floats  # supplier's currency
    stops: Ints  # day from which the series is not bought
    belief: Floats = field(repr=False)  # [half-year, series] factor by which the forecast is off
    ahead: Floats = field(repr=False)  # [day + 1, series] expected demand summed before the day

    def forecast(self, day: int, days: Ints) -> Floats:
        """Units the buyer expects to sell in each series' next `days`, season and all."""
        until = np.minimum(day + days, len(self.ahead) - 1)
        expected = self.ahead[until, np.arange(len(until))] - self.ahead[day]
        return expected * self.belief[day // 182]

    def due(self, day: int, on_hand: Ints, on_order: Ints, suppliers: Suppliers) -> Due:
        """Series at or below their reorder point, up to it plus the cover, in whole packs."""
        forecast = self.forecast(day, self.protection)
        up_to = self.forecast(day, self.protection + self.cover) - forecast
        pace = forecast / self.protection
        spread = np.sqrt(1.7 * forecast + (pace * self.lead_sd) ** 2)
        reorder_point = forecast + self.safety * spread
        position = on_hand + on_order
        scarce = on_hand < 0.25 * forecast
        second = (self.second >= 0) & scarce & (self.protection > 25)
        maker = np.where(second, self.second, self.maker)
        short = (position <= reorder_point) & (forecast > 0.4) & (day < self.stops)
        open_today = suppliers.takes_orders[maker, day]
        rows = np.flatnonzero(short & open_today)
        rows = self._above_minimum(rows, maker, reorder_point + up_to - position, scarce)
        wanted = (reorder_point + up_to - position)[rows]
        packs = np.ceil(np.maximum(wanted, self.minimum[rows]) / self.pack[rows])
        return Due(
            series=rows,
            maker=maker[rows],
            second=second[rows],
            units=packs.astype(np.int64) * self.pack[rows],
        )

    def _above_minimum(self, rows: Ints, maker: Ints, wanted: Floats, scarce: Flags) -> Ints:
        """Leave out suppliers whose order would stay below their minimum, unless it is urgent."""
        minimum = np.array([one.minimum_value for one in MAKERS])
        size = len(minimum)
        value = np.bincount(maker[rows], weights=(wanted * self.cost)[rows], minlength=size)
        urgent = np.bincount(maker[rows], weights=scarce[rows], minlength=size) > 2
        return rows[((value >= minimum) | urgent)[maker[rows]]]


def build_buyer(
    seed: int,
    catalogue: Catalogue,
    series: Series,
    terms: Terms,
    wanted: Wanted,
    incidents: Incidents,
    days: Days,
) -> Buyer:
    random = stream(seed, "buyer")
    item, count = series.item, series.count
    maker = terms.maker[item]
    stated = np.array([one.lead_days for one in MAKERS])[maker]
    review = np.array([one.review_days for one in MAKERS])[maker]
    per_day = wanted.expected[days.history : days.end].mean(axis=0)
    # Slow items are bought for longer: a pack of six covers months of a shop's sales.
    cover = np.where(per_day > 1, 14, np.where(per_day > 0.2, 24, 40))
    halves = days.count // 182 + 1
    stops = np.minimum(catalogue.lives.end[item] - 50, incidents.blocked_from)
    return Buyer(
        maker=maker,
        second=terms.second[item],
        protection=(stated + review).astype(np.int64),
        lead_sd=0.16 * stated,
        cover=cover,
        safety=random.uniform(1.1, 2.4, count),
        pack=terms.pack[item],
        minimum=terms.minimum[item],
        cost=terms.cost[item],
        stops=stops,
        belief=random.lognormal(0.0, 0.17, (halves, count)),
        ahead=np.concatenate([np.zeros((1, count)), np.cumsum(wanted.expected, axis=0)], axis=0),
    )
