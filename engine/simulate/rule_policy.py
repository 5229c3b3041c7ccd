"""A simple rule as a policy: levels of the day made into orders that a supplier would take."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from engine.simulate.buying_terms import BuyingTerms
from engine.simulate.policy import ORDERS, Decision, Situation
from engine.simulate.rows import Floats, Ints
from engine.simulate.rules import PACE_DAYS, RULES, Levels, RuleKind, Settings, pace_of

# Days of sales by which an order is filled up, evenly, until its supplier takes it.
_TOP_UPS = (0.0, 7.0, 14.0, 28.0, 56.0, 91.0)


@dataclass(frozen=True, kw_only=True)
class RulePolicy:
    """Looks at every review at stock and orders, and buys as the rule says.

    It rounds up to packs and item minimums. An order below its supplier's minimum is filled up
    with the supplier's other items, evenly in days of cover; where a quarter of cover would not
    do, the order waits. `budget` caps what is ordered at a review, in base currency: the lines
    with the shortest cover come first.
    """

    kind: RuleKind
    terms: BuyingTerms = field(repr=False)
    settings: Settings = field(repr=False)
    review_days: int = 7
    budget: float | None = None

    def __call__(self, situation: Situation, /) -> Decision:
        pace = pace_of(situation.past(PACE_DAYS))
        position = situation.on_hand + situation.on_order
        today = RULES[self.kind](pace, self.terms, self.settings, self.review_days)
        wait = self.terms.placed_after(situation.day.toordinal(), self.review_days)
        open_now = self.terms.can_buy & (wait[self.terms.order] >= 0)
        units = self._acceptable(today, position, pace.daily, open_now)
        if self.budget is not None:
            units = self._affordable(units, position, pace.daily)
        return Decision(orders=self._orders(situation, units, wait))

    def _acceptable(self, today: Levels, position: Ints, daily: Floats, open_now: "Flags") -> Ints:
        """Units per series such that every order reaches its supplier's minimums."""
        needed = np.where(open_now, today.needed(position), 0.0)
        units = self._packed(needed)
        short = self._short(units)
        wanting = np.where(open_now, np.maximum(today.high - position, 0.0), 0.0)
        for days in _TOP_UPS:
            if not short.any():
                return units
            filled = self._packed(np.maximum(needed, wanting + np.where(open_now, daily * days, 0)))
            units = np.where(short[self.terms.order], filled, units)
            short = self._short(units)
        return np.where(short[self.terms.order], 0, units)

    def _packed(self, needed: Floats) -> Ints:
        least = np.maximum(needed, self.terms.minimum)
        packs = np.ceil(least / self.terms.pack - 1e-9)
        return np.where(needed > 0, packs * self.terms.pack, 0).astype(np.int64)

    def _short(self, units: Ints) -> "Flags":
        """[order] where something is ordered, but less than the supplier takes."""
        count = len(self.terms.suppliers)
        total = np.bincount(self.terms.order, weights=units, minlength=count)
        value = np.bincount(self.terms.order, weights=units * self.terms.cost, minlength=count)
        below = (value < self.terms.least_value - 1e-9) | (total < self.terms.least_units)
        return (total > 0) & below

    def _affordable(self, units: Ints, position: Ints, daily: Floats) -> Ints:
        """The shortest cover first; a line that no longer fits is left out."""
        cover = np.where(daily > 0, position / np.maximum(daily, 1e-12), np.inf)
        kept = np.zeros_like(units)
        left = float(self.budget or 0.0)
        cost = units * self.terms.cost
        for row in np.lexsort((np.arange(len(units)), cover)):
            if 0 < cost[row] <= left:
                kept[row], left = units[row], left - cost[row]
        return np.where(self._short(kept)[self.terms.order], 0, kept)

    def _orders(self, situation: Situation, units: Ints, wait: Ints) -> pd.DataFrame:
        rows = np.flatnonzero(units > 0)
        chosen = situation.series.iloc[rows]
        days = wait[self.terms.order[rows]]
        first = pd.Timestamp(situation.day)
        return pd.DataFrame(
            {
                "sku": chosen["sku"].to_numpy(),
                "location": chosen["location"].to_numpy(),
                "supplier": chosen["supplier"].to_numpy(),
                "units": units[rows],
                "cost": self.terms.cost[rows],
                "placed_on": first + pd.to_timedelta(days, unit="D"),
                "arrives_on": pd.NaT,
            },
            columns=list(ORDERS),
        )


Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
