"""What each quantity is worth: margin saved against what holding it costs.

The order under decision can serve from its arrival to the arrival of the order after it. A unit
that is used by then earned its margin; a unit that is left replaces one that would be bought
next time, so it is worth its cost, less what it costs to hold it until then. What is left above
that next order's own level is held longer: until demand has eaten it.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.model.config import Objective, PlanConfig
from engine.replenish.shortfall import POINTS, Shortfall

Floats = NDArray[np.float64]
YEAR_DAYS = 365.0
# Weights of the moments of a window in the mean over it (trapezoidal rule).
_MEAN = np.concatenate([[0.5], np.ones(POINTS - 1), [0.5]]) / POINTS
_KEEPS_DAYS = 36_500.0  # a life beyond which nothing is told apart
_BLOCK = 16  # quantities evaluated at a time, to stay in cache


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

    def at(self, places: NDArray[np.int64]) -> "Economics":
        return Economics(
            cost=self.cost[places],
            margin=self.margin[places],
            holding=self.holding[places],
            waiting=self.waiting[places],
            shelf_life_days=self.shelf_life_days[places],
            batch=self.batch[places],
        )

    def one_by_one(self) -> "Economics":
        """As if single units could be ordered."""
        return replace(self, batch=np.ones_like(self.batch))


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
    ) -> None:
        """`span_days` [place, path] is the window; `rate_after` [place] demand per day past it."""
        self._missing = missing
        self._span = span_days
        self._money = money
        self._objective: Objective = config.objective
        self._backorders = config.shortage == "backorders"
        self._leftover = _Leftover(missing, span_days, rate_after, money, self._ratio(config))
        self.target = self._target_units(config)

    def _ratio(self, config: PlanConfig) -> Floats:
        """Share of cycles without shortage that the next order's level aims at."""
        if config.objective != "economic":
            return np.full(len(self._span), config.service_target)
        hold = self._money.holding * self._span.mean(axis=1)
        gain = (
            self._money.waiting * self._span.mean(axis=1)
            if self._backorders
            else self._money.margin
        )
        gain = np.maximum(gain, 0.0)
        ratio: Floats = gain / np.maximum(gain + hold, 1e-12)
        return ratio

    def _target_units(self, config: PlanConfig) -> Floats:
        """Units that reach the service target, [place]; infinite for the economic objective.

        Cycle service: the share of windows that end without shortage. Fill rate: the share of
        the window's demand served from stock. They are not the same thing.
        """
        last = self._missing.need[-1]
        if config.objective == "cycle_service":
            return np.quantile(last, config.service_target, axis=1, method="inverted_cdf")
        if config.objective == "fill_rate":
            allowed = (1 - config.service_target) * self._missing.demand.mean(axis=1)
            return _units_for_shortage(last, allowed)
        return np.full(len(last), np.inf)

    def of(self, units: Floats, rows: NDArray[np.int64] | None = None) -> Floats:
        """Value of `units` [row, quantity] of the places in `rows` (all by default)."""
        chosen = np.arange(len(self._span)) if rows is None else rows
        out = np.empty(units.shape)
        for start in range(0, units.shape[1], _BLOCK):
            block = slice(start, start + _BLOCK)
            out[:, block] = self._value(units[:, block], chosen)
        return out

    def _value(self, units: Floats, rows: NDArray[np.int64]) -> Floats:
        money, quantity = self._money, units[:, :, None]
        span = self._span[rows][:, None, :]
        used_days = np.zeros(units.shape)
        for weight, need in zip(_MEAN, self._missing.need, strict=True):
            used = np.minimum(quantity, need[rows][:, None, :])
            used_days += weight * (used * span).mean(axis=2)
        served = np.minimum(quantity, self._missing.need[-1][rows][:, None, :]).mean(axis=2)
        held_days = units * span.mean(axis=2) - used_days
        holding = money.holding[rows][:, None] * held_days + self._leftover.of(units, rows)
        if self._objective != "economic":
            return self._towards_target(units, served, holding, rows)
        if self._backorders:
            return money.waiting[rows][:, None] * used_days - holding
        return money.margin[rows][:, None] * served - holding

    def _towards_target(
        self, units: Floats, served: Floats, holding: Floats, rows: NDArray[np.int64]
    ) -> Floats:
        """Up to the target only service counts, beyond it only what holding costs.

        An item without margin is still brought to its target: that is what a target means.
        """
        per_unit = np.maximum(self._money.margin, 0.01 * self._money.cost)[rows][:, None]
        target = np.ceil(self.target[rows])[:, None]
        beyond = np.maximum(units - target, 0.0) / np.maximum(units, 1.0)
        return per_unit * served - holding * beyond


class _Leftover:
    """Cost of what is left when the next order arrives, above what it would bring anyway.

    With e units above the next order's level, demand at rate d takes e / d days to eat them:
    holding h e^2 / (2 d). Units that would outlast their shelf life, or cost more to hold than
    they cost to buy, are lost at cost. A place that can only order batches has such an excess
    after every order; being part-way through it is worth more than its end, by
    h e (batch excess) / (2 d) (relative value of the renewal cycle; so a batch is charged with
    the holding of one cycle, and not with that of all its cover at once).
    """

    def __init__(
        self,
        missing: Shortfall,
        span_days: Floats,
        rate_after: Floats,
        money: Economics,
        ratio: Floats,
    ) -> None:
        span = span_days.mean(axis=1)
        window = missing.demand
        mean = window.mean(axis=1)
        level = _quantile_rows(window, ratio)
        scale = np.clip(rate_after * span / np.maximum(mean, 1e-9), 0.0, 3.0)
        self._level = np.where(mean > 0, level * scale, 0.0)
        self._rate = rate_after
        self._excess = np.maximum(money.batch - mean, 0.0)
        self._holding = money.holding
        self._cost = money.cost
        # Excess beyond which a unit is lost: never sold in its life, or dearer to keep than to buy.
        worthwhile = money.cost / np.maximum(money.holding, 1e-12)
        self._kept = rate_after * worthwhile
        life = np.minimum(money.shelf_life_days, _KEEPS_DAYS)
        self._fresh = np.where(
            np.isinf(money.shelf_life_days), np.inf, rate_after * np.maximum(life - span, 0.0)
        )
        # Stock without an order less what an order would first have to fill.
        self._position = missing.left - missing.need[-1]
        self._before = self._cost_of(self._position[:, None, :], np.arange(len(span)))

    def of(self, units: Floats, rows: NDArray[np.int64]) -> Floats:
        after = self._position[rows][:, None, :] + units[:, :, None]
        change = self._cost_of(after, rows) - self._before[rows]
        return change.mean(axis=2)

    def _cost_of(self, stock: Floats, rows: NDArray[np.int64]) -> Floats:
        """Cost of leftover `stock` [row, quantity, path]."""
        excess = np.maximum(stock - self._level[rows][:, None, None], 0.0)
        kept = np.minimum(excess, self._kept[rows][:, None, None])
        per_day = (self._holding / np.maximum(self._rate, 1e-9))[rows][:, None, None] / 2
        cost = per_day * kept * (kept - self._excess[rows][:, None, None])
        lost = np.maximum(excess - kept, np.maximum(stock - self._fresh[rows][:, None, None], 0.0))
        return cost + self._cost[rows][:, None, None] * lost


def _quantile_rows(values: Floats, level: Floats) -> Floats:
    """Quantile [row] of each row's values at its own level."""
    ordered = np.sort(values, axis=1)
    paths = values.shape[1]
    place = np.clip(np.ceil(level * paths).astype(np.int64) - 1, 0, paths - 1)
    return np.take_along_axis(ordered, place[:, None], axis=1)[:, 0]


def _units_for_shortage(need: Floats, allowed: Floats) -> Floats:
    """Fewest units [row] after which the mean need left over is at most `allowed`."""
    low: Floats = np.zeros(len(need))
    high: Floats = need.max(axis=1)
    for _ in range(40):
        middle = (low + high) / 2
        enough = np.maximum(need - middle[:, None], 0.0).mean(axis=1) <= allowed
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(np.maximum(need, 0.0).mean(axis=1) <= allowed, 0.0, high)
