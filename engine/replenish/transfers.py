"""Moving stock before buying it."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Giver:
    """A place that may give: `spare` [path] is the lowest its stock gets over its own protection.

    `margin` is what a unit missing here would lose; `keeps` is the share of paths in which its
    own need must stay covered.
    """

    place: int
    available: int
    spare: Floats = field(repr=False)
    margin: float
    keeps: float
    location: str = ""

    def losses(self) -> Floats:
        """Expected loss of giving the first, second, ... unit, for all it may give at most.

        A unit that is spare in too few paths is not given at all: the source stays above its own
        need. The loss of the n-th unit rises with n.
        """
        most = min(int(np.floor(np.quantile(self.spare, 1 - self.keeps))), self.available)
        given = np.arange(1, max(most, 0) + 1)
        ordered = np.sort(self.spare)
        short = np.searchsorted(ordered, given - 1e-9) / len(ordered)
        return self.margin * short


@dataclass(frozen=True, kw_only=True)
class Taker:
    """A place that may get: `need` [path] are the units missing after a transfer could arrive."""

    place: int
    need: Floats = field(repr=False)
    margin: float
    location: str = ""

    def gains(self) -> Floats:
        """Margin expected to be saved by the first, second, ... unit; falls with n."""
        most = int(np.ceil(self.need.max(initial=0.0)))
        ordered = np.sort(self.need)
        used = 1 - np.searchsorted(ordered, np.arange(1, most + 1) - 0.5) / len(ordered)
        return max(self.margin, 0.0) * used


@dataclass(frozen=True, kw_only=True)
class Move:
    """Units from one place to another; `value` is gain less loss less cost, base currency."""

    source: int
    target: int
    units: int
    value: float


def transfers(
    givers: list[Giver],
    takers: list[Taker],
    *,
    unit_cost: float,
    least_value: float = 0.0,
    closed: frozenset[tuple[str, str]] = frozenset(),
) -> list[Move]:
    """Move one unit after another while the best gain exceeds the least loss by the cost.

    A move that is worth less than `least_value` altogether is not made, nor one on a route
    between locations that is `closed`.

    The rule of lateral transshipment with one item: move while gain_j(n + 1) - loss_i(n) > cost
    (Paterson et al., 2011, Inventory models with lateral transshipments: a review).
    """
    losses = {giver.place: giver.losses() for giver in givers}
    places = [*givers, *takers]
    at = {each.place: each.location for each in places}
    given: dict[int, int] = defaultdict(int)
    wanted = sorted(
        (
            (-float(gain), taker.place, n)
            for taker in takers
            for n, gain in enumerate(taker.gains())
            if gain > unit_cost
        ),
        key=lambda want: (want[0], want[2], want[1]),
    )
    units: dict[tuple[int, int], int] = defaultdict(int)
    value: dict[tuple[int, int], float] = defaultdict(float)
    got: set[int] = set()
    for minus_gain, target, _ in wanted:
        left = [place for place in sorted(losses) if given[place] < len(losses[place])]
        if not left:
            break
        offers = [
            (float(losses[place][given[place]]), place)
            for place in left
            if place != target and place not in got and (at[place], at[target]) not in closed
        ]
        if not offers or given[target]:  # what gives does not get: nothing travels in circles
            continue
        loss, source = min(offers)
        net = -minus_gain - loss - unit_cost
        if net <= 0:
            continue
        given[source] += 1
        got.add(target)
        units[source, target] += 1
        value[source, target] += net
    return [
        Move(source=source, target=target, units=n, value=value[source, target])
        for (source, target), n in sorted(units.items())
        if value[source, target] >= least_value
    ]
