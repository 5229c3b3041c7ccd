"""The game: observe, order, arrivals, demand. What is not over yet nobody sees."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np

from engine.errors import InvalidInput
from evals.inventorybench.instances import Floats, Instance

# What becomes of the visible in-transit when an order is lost: it "stays" there for ever, or is
# "missing" from the observation after placing on.
Rule = Literal["stays", "missing"]
RULES: dict[str, Rule] = {"rule_a": "stays", "rule_b": "missing"}


@dataclass(frozen=True, kw_only=True)
class Arrival:
    ordered: int  # period of ordering
    came: int
    units: int


@dataclass(frozen=True, kw_only=True)
class Observation:
    """All that a buyer knows in the morning of a period, before ordering.

    Raises InvalidInput when it holds anything of that period or a later one.
    """

    starts: tuple[date, ...] = field(repr=False)  # past periods and, last, the running one
    demand: Floats = field(repr=False)  # of the periods that are over
    promised: int
    profit: float
    holding: float
    on_hand: int
    ordered: tuple[int, ...] = field(repr=False)  # units of every order so far
    arrivals: tuple[Arrival, ...] = field(repr=False)
    in_transit: tuple[int, ...] = field(repr=False)  # visible units, at every observation so far

    def __post_init__(self) -> None:
        known, period = len(self.starts) - 1, len(self.ordered)
        later = [arrival for arrival in self.arrivals if arrival.came >= period]
        if len(self.demand) != known or later or len(self.in_transit) != period + 1:
            raise InvalidInput(
                f"An observation of period {period} holds {len(self.demand)} demands of {known} "
                f"periods that are over and {len(later)} arrivals of its own or later periods; "
                "a buyer does not see the future."
            )

    @property
    def period(self) -> int:
        return len(self.ordered)


Policy = Callable[[Observation], int]


@dataclass(frozen=True, kw_only=True)
class Played:
    """What came of an instance; arrays [period]."""

    orders: tuple[int, ...] = field(repr=False)
    sold: Floats = field(repr=False)
    held: Floats = field(repr=False)  # stock at the end of the period
    reward: float


def play(instance: Instance, policy: Policy, rule: Rule, periods: int | None = None) -> Played:
    """Let `policy` order through the instance, or through its first `periods`."""
    game = _Game(instance, rule)
    for period in range(instance.periods if periods is None else periods):
        units = policy(game.observe(period))
        if units < 0:
            raise InvalidInput(f"Period {period}: {units} units ordered; 0 is the least.")
        game.live(period, units)
    wanted = instance.profit * instance.demand[: len(game.sold)].sum()
    earned = instance.profit * sum(game.sold) - instance.holding * sum(game.held)
    return Played(
        orders=tuple(game.ordered),
        sold=np.asarray(game.sold),
        held=np.asarray(game.held),
        reward=max(0.0, float(earned / wanted)) if wanted > 0 else 0.0,
    )


class _Game:
    def __init__(self, instance: Instance, rule: Rule) -> None:
        self._instance, self._rule = instance, rule
        self._on_hand = 0.0
        self._arrivals: list[Arrival] = []
        self._in_transit: list[int] = []
        self.ordered: list[int] = []
        self.sold: list[float] = []
        self.held: list[float] = []

    def observe(self, period: int) -> Observation:
        instance = self._instance
        self._in_transit.append(self._visible())
        known = len(instance.past) + period
        return Observation(
            starts=instance.starts[: known + 1],
            demand=np.concatenate([instance.past, instance.demand[:period]]),
            promised=instance.promised,
            profit=instance.profit,
            holding=instance.holding,
            on_hand=int(self._on_hand),
            ordered=tuple(self.ordered),
            arrivals=tuple(self._arrivals),
            in_transit=tuple(self._in_transit),
        )

    def live(self, period: int, units: int) -> None:
        """The order goes out, what is due arrives, customers buy what is there."""
        self.ordered.append(units)
        for placed, size in enumerate(self.ordered):
            if size and placed + self._instance.lead[placed] == period:
                self._arrivals.append(Arrival(ordered=placed, came=period, units=size))
                self._on_hand += size
        sold = min(self._on_hand, float(self._instance.demand[period]))
        self._on_hand -= sold
        self.sold.append(sold)
        self.held.append(self._on_hand)

    def _visible(self) -> int:
        came = {arrival.ordered for arrival in self._arrivals}
        return sum(
            size
            for placed, size in enumerate(self.ordered)
            if placed not in came
            and (self._rule == "stays" or np.isfinite(self._instance.lead[placed]))
        )
