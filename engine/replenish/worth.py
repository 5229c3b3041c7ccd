"""What each quantity is worth: margin saved against what holding it costs.

The order under decision can serve from its arrival to the arrival of the order after it. A unit
that is used by then earned its margin; a unit that is left replaces one that would be bought
next time, so it is worth its cost, less what it costs to hold it until then. What is left above
that next order's own level is held longer: until demand has eaten it.
"""

from copy import copy
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.kernels.sorted_rows import SortedRows
from engine.model.config import HoldingBasis, Objective, PlanConfig
from engine.replenish.following import Following, NextWindow, quantile_rows
from engine.replenish.service_levels import target_units
from engine.replenish.shortfall import NEVER, POINTS, Shortfall

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
YEAR_DAYS = 365.0
# Weights of the moments of a window: the mean over it by the trapezoidal rule, or its end.
_BASIS: dict[HoldingBasis, Floats] = {
    "average": np.concatenate([[0.5], np.ones(POINTS - 1), [0.5]]) / POINTS,
    "closing": np.concatenate([np.zeros(POINTS), [1.0]]),
}
_KEEPS_DAYS = 36_500.0  # a life beyond which nothing is told apart
_MANY = 1e6  # units; a larger excess is not told apart


@dataclass(frozen=True, kw_only=True)
class Economics:
    """Money per unit in base currency; all arrays [place].

    `margin` is price less cost at its payment day; `holding` is storage, ageing and capital per
    unit and day; `waiting` is what a backorder costs per unit and day.
    """

    cost: Floats = field(repr=False)
    margin: Floats = field(repr=False)
    holding: Floats = field(repr=False)
    waiting: Floats = field(repr=False)
    shelf_life_days: Floats = field(repr=False)  # infinite: keeps
    batch: Floats = field(repr=False)  # the least that can be ordered, units

    def at(self, places: Ints) -> "Economics":
        return Economics(
            cost=self.cost[places],
            margin=self.margin[places],
            holding=self.holding[places],
            waiting=self.waiting[places],
            shelf_life_days=self.shelf_life_days[places],
            batch=self.batch[places],
        )

    @staticmethod
    def picked(several: "list[Economics]", which: Ints) -> "Economics":
        """For each place the economics of one of several."""
        rows, found = np.flatnonzero(which), dict[str, Floats]()
        for name in Economics.__dataclass_fields__:
            found[name] = getattr(several[0], name).copy()
            others = np.stack([getattr(each, name)[rows] for each in several])
            found[name][rows] = others[which[rows], np.arange(len(rows))]
        return Economics(**found)


def economics(
    *,
    price: Floats,
    cost: Floats,
    payment_days: Floats,
    shelf_life_days: Floats,
    batch: Floats,
    config: PlanConfig,
) -> Economics:
    """Unit economics. Cash is tied up from the payment, stock from the receipt.

    What is bought now rather than next time is paid earlier by just the time between, whatever
    the terms, so credit lowers the cost of a unit and not the cost of holding it.
    """
    credit = config.capital_rate * payment_days / YEAR_DAYS
    margin = price - cost * (1 - credit)
    return Economics(
        cost=cost,
        margin=margin,
        holding=cost * (config.holding_rate + config.capital_rate) / YEAR_DAYS,
        waiting=np.maximum(margin, 0.0) * config.waiting_cost / 7,
        shelf_life_days=np.where(np.isnan(shelf_life_days), np.inf, shelf_life_days),
        batch=batch,
    )


class Worth:
    """Value of a quantity per place, before price breaks, in base currency."""

    def __init__(
        self,
        missing: Shortfall,
        span_days: Floats,
        rate_after: Floats,
        money: Economics,
        config: PlanConfig,
        after: Following | None = None,
    ) -> None:
        """`span_days` [place, path] is the window; `rate_after` [place] demand per day past it.

        With `after` a unit that is left is followed through the next window as well, where single
        units can be ordered in it and a unit lives that long.
        """
        self._money = money
        self._objective: Objective = config.objective
        self._basis = _BASIS[config.holding_basis]
        self._closing = config.holding_basis == "closing"
        self._backorders = config.shortage == "backorders"
        self._span = span_days.mean(axis=1)
        self._used = [SortedRows(need, span_days) for need in missing.need]
        self._served = SortedRows(missing.need[-1])
        ratio = self._ratio(config)
        self._left = leftover(missing, self._span, rate_after, money, ratio)
        # Stock without an order less what an order would first have to fill, turned round.
        gap: Floats = missing.need[-1] - missing.left
        self._next: NextWindow | None = None
        self._followed = np.zeros(len(self._span), dtype=np.bool_)
        if after is not None and self._objective == "economic" and not self._backorders:
            self._next = NextWindow(missing, after, ratio)
            # Where orders are lost there is no one next window to follow a unit through.
            comes = ~(missing.left <= -NEVER).any(axis=1)
            keeps = money.shelf_life_days > 2 * self._span
            self._followed = comes & keeps & (self._left.batch_excess <= 0)
            followed: Floats = np.where(self._followed[:, None], self._next.gap, gap)
            gap = followed
            self._left = self._left.a_window_later(self._followed, rate_after * self._span)
        self._gap = SortedRows(gap)
        every = np.arange(len(self._span))
        self._before = self._left.cost(self._gap, np.zeros((len(every), 1)), every)[:, 0]
        self._target = target_units(missing, config)

    def one_by_one(self) -> "Worth":
        """The same if single units could be ordered, whatever the batch."""
        single = copy(self)
        single._left = replace(self._left, batch_excess=np.zeros_like(self._span))  # noqa: SLF001  a copy of itself
        every = np.arange(len(self._span))
        single._before = single._left.cost(self._gap, np.zeros((len(every), 1)), every)[:, 0]  # noqa: SLF001  as above
        return single

    def _ratio(self, config: PlanConfig) -> Floats:
        """Share of cycles without shortage that the next order's level aims at."""
        if config.objective != "economic":
            return np.full(len(self._span), config.service_target)
        money = self._money
        gain = money.waiting * self._span if self._backorders else money.margin
        ratio: Floats = np.maximum(gain, 0.0) / np.maximum(
            np.maximum(gain, 0.0) + money.holding * self._span, 1e-12
        )
        return ratio

    def of(self, units: Floats, rows: Ints) -> Floats:
        """Value of `units` [row, quantity] of the places in `rows`."""
        money = self._money
        used_days = np.zeros(units.shape)
        for weight, used in zip(self._basis, self._used, strict=True):
            used_days += weight * used.minimum(units, rows)
        held_days = units * self._span[rows][:, None] - used_days
        after = self._left.cost(self._gap, units, rows) - self._before[rows][:, None]
        holding = money.holding[rows][:, None] * held_days + after
        if self._objective == "economic" and self._backorders:
            return money.waiting[rows][:, None] * used_days - holding
        served = self._served.minimum(units, rows)
        if self._objective == "economic":
            value = money.margin[rows][:, None] * served - holding
            return value + self._in_next(units, served, rows)
        return self._towards_target(units, served, holding, rows)

    def _in_next(self, units: Floats, served: Floats, rows: Ints) -> Floats:
        """What the units left earn in the next window, less what holding them in it costs."""
        if self._next is None:
            return np.zeros(units.shape)
        begin, end = units - served, self._next.left(units, rows)
        stock = end if self._closing else (begin + end) / 2
        money = self._money
        holding = (money.holding * self._span)[rows][:, None] * stock
        earned = money.margin[rows][:, None] * (begin - end)
        return np.where(self._followed[rows][:, None], earned - holding, 0.0)

    def _towards_target(self, units: Floats, served: Floats, holding: Floats, rows: Ints) -> Floats:
        """Up to the target only service counts, beyond it only what holding costs.

        An item without margin is still brought to its target: that is what a target means.
        """
        per_unit = np.maximum(self._money.margin, 0.01 * self._money.cost)[rows][:, None]
        target = np.ceil(self._target[rows])[:, None]
        beyond = np.maximum(units - target, 0.0) / np.maximum(units, 1.0)
        enough = self._served.minimum(np.minimum(units, target), rows)
        return per_unit * enough - np.maximum(holding, 1e-9 * served) * beyond


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """Cost of what is left when the next order arrives, above what it would bring anyway.

    With e units above the next order's level, demand at rate d takes e / d days to eat them:
    holding h e^2 / (2 d). Units that would outlast their shelf life, or cost more to hold than
    they cost to buy, are lost at cost. A place that can only order batches has such an excess
    after every order; being part-way through it is worth more than its end, by
    h e (batch excess) / (2 d) (relative value of the renewal cycle; so a batch is charged with
    the holding of one cycle, and not with that of all its cover at once). Arrays [place], units.
    """

    level: Floats = field(repr=False)  # of the next order
    kept: Floats = field(repr=False)  # excess beyond which a unit is dearer to keep than to buy
    fresh: Floats = field(repr=False)  # stock beyond which a unit is never sold in its life
    batch_excess: Floats = field(repr=False)
    rate_cost: Floats = field(repr=False)  # h / (2 d): money per squared unit
    unit_cost: Floats = field(repr=False)

    def a_window_later(self, where: NDArray[np.bool_], demand: Floats) -> "Leftover":
        """At the end of the next window, of so much `demand` [place], a unit has less life left."""
        fresh = np.where(self.fresh < _MANY, np.maximum(self.fresh - demand, 0.0), self.fresh)
        return replace(self, fresh=np.where(where, fresh, self.fresh))

    def cost(self, gap: SortedRows, units: Floats, rows: Ints) -> Floats:
        """Mean cost with `units` [row, quantity] ordered; stock left is units less `gap`."""
        kept = self.kept[rows][:, None]
        reach = units - self.level[rows][:, None]
        lost = units - np.minimum(self.level + self.kept, self.fresh)[rows][:, None]
        beyond = gap.excess(reach - kept, rows)
        held = gap.excess(reach, rows) - beyond
        squared = (
            gap.squared_excess(reach, rows)
            - gap.squared_excess(reach - kept, rows)
            - 2 * kept * beyond
        )
        holding = squared - self.batch_excess[rows][:, None] * held
        return self.rate_cost[rows][:, None] * holding + self.unit_cost[rows][:, None] * gap.excess(
            lost, rows
        )


def leftover(
    missing: Shortfall, span: Floats, rate_after: Floats, money: Economics, ratio: Floats
) -> Leftover:
    """`ratio` [place]: share of cycles without shortage that the next order aims at."""
    mean = missing.demand.mean(axis=1)
    level = quantile_rows(missing.demand, ratio)
    scale = np.clip(rate_after * span / np.maximum(mean, 1e-9), 0.0, 3.0)
    life = np.minimum(money.shelf_life_days, _KEEPS_DAYS)
    keeps = np.isinf(money.shelf_life_days)
    return Leftover(
        level=np.where(mean > 0, level * scale, 0.0),
        kept=np.minimum(rate_after * money.cost / np.maximum(money.holding, 1e-12), _MANY),
        fresh=np.where(keeps, _MANY, rate_after * np.maximum(life - span, 0.0)),
        batch_excess=np.maximum(money.batch - mean, 0.0),
        rate_cost=money.holding / np.maximum(rate_after, 1e-9) / 2,
        unit_cost=money.cost,
    )
