"""What would be missing without an order, along every path."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.model.config import Shortage
from engine.replenish.demand_paths import DemandPaths

Floats = NDArray[np.float64]

POINTS = 4  # equal parts of the time from an order's arrival to the next one's
NEVER = 1e6  # days
SIGHT_DAYS = 365.0  # a stockout further away is not told apart


@dataclass(frozen=True, kw_only=True)
class Coming:
    """Supply on its way: `day` [place, line, path] of arrival, `units` [place, line].

    Rows are padded with lines of 0 units that never come.
    """

    day: Floats = field(repr=False)
    units: Floats = field(repr=False)

    def at(self, places: NDArray[np.int64]) -> "Coming":
        return Coming(day=self.day[places], units=self.units[places])

    @property
    def lines(self) -> int:
        return self.units.shape[1]

    def first(self, lines: int) -> "Coming":
        return Coming(day=self.day[:, :lines], units=self.units[:, :lines])

    def followed_by(self, other: "Coming") -> "Coming":
        """These lines and then the others, place by place."""
        return Coming(
            day=np.concatenate([self.day, other.day], axis=1),
            units=np.concatenate([self.units, other.units], axis=1),
        )

    def after_line(self, day: float, units: Floats) -> "Coming":
        """These lines after one more per place, which arrives on a certain day."""
        shape = (len(self.units), 1, self.day.shape[2])
        return Coming(day=np.full(shape, day), units=units[:, None]).followed_by(self)


@dataclass(frozen=True, kw_only=True)
class Window:
    """From the arrival of an order to the arrival of the next, days [place, path].

    Where the order is `lost` there is no time in which it could serve: it starts at its end.
    """

    start: Floats = field(repr=False)
    end: Floats = field(repr=False)
    lost: NDArray[np.bool_] | None = field(default=None, repr=False)  # None: nowhere

    @property
    def days(self) -> Floats:
        return self.end - self.start

    def at(self, places: NDArray[np.int64]) -> "Window":
        lost = None if self.lost is None else self.lost[places]
        return Window(start=self.start[places], end=self.end[places], lost=lost)


@dataclass(frozen=True, kw_only=True)
class Shortfall:
    """Units along paths when nothing is ordered. Axes [place, path]; `need` [point, ...].

    `need[k]` is how many units of an order would have been used by moment k of the window,
    under lost sales; under backorders, how many customers would be waiting at it.
    """

    need: Floats = field(repr=False)
    lost: Floats = field(repr=False)  # lost (or still waited for) by the end of the window
    lost_before: Floats = field(repr=False)  # of them before an order could arrive
    left: Floats = field(repr=False)  # stock at the end of the window; -NEVER: the order is lost
    demand: Floats = field(repr=False)  # in the window
    before: Floats = field(repr=False)  # demanded before it begins

    @property
    def position(self) -> Floats:
        """Usable stock and what comes by the end of the window, mean over paths, [place]."""
        position: Floats = (self.before + self.demand + self.left - self.lost).mean(axis=1)
        return position


def shortfall(
    demand: DemandPaths, available: Floats, coming: Coming, window: Window, shortage: Shortage
) -> Shortfall:
    """Project stock to the end of the window.

    `available` [place] is on hand less reserved less waiting. Customers who wait are served
    first by what comes. Under lost sales the units lost up to a moment are the deepest that
    demand has been above supply by then (reflection; see `engine.kernels.stock_paths`), which
    demand can only be just before an arrival or at the moment itself.
    """
    supply = Supply(demand, available, coming, shortage)
    edges = [window.start + window.days * (k / POINTS) for k in range(POINTS + 1)]
    missing = [supply.missing(edge) for edge in edges]
    waiting = [supply.waiting(edge) for edge in edges]
    if shortage == "backorders":
        need = np.maximum(np.stack(missing), 0.0)
        lost_before, lost = need[0], need[-1]
        left = np.maximum(-missing[-1], 0.0)
    else:
        deepest = np.maximum.accumulate(
            np.stack([supply.deepest(e, m) for e, m in zip(edges, missing, strict=True)]), axis=0
        )
        lost_before, lost = deepest[0], deepest[-1]
        need = deepest - lost_before + np.stack(waiting)
        left = lost - missing[-1]
    if window.lost is not None:
        left = np.where(window.lost, -NEVER, left)
    return Shortfall(
        need=need,
        lost=lost,
        lost_before=lost_before,
        left=left,
        demand=demand.by(window.end) - demand.by(window.start),
        before=demand.by(window.start),
    )


def stockout_days(demand: DemandPaths, available: Floats, coming: Coming) -> Floats:
    """Days until stock is gone, [place, path], supply on its way counted; at most SIGHT_DAYS."""
    supply = Supply(demand, available, coming, "lost_sales")
    until = np.zeros(demand.upto.shape[:2])
    alive = np.ones(until.shape, dtype=np.bool_)
    for line in range(supply.day.shape[1] + 1):
        before = supply.before[:, line] if line < supply.day.shape[1] else supply.total
        runs_out = demand.days_until(supply.stock[:, None] + before)
        until = np.where(alive, runs_out, until)
        if line < supply.day.shape[1]:
            # Stock that lasts until the next arrival is added to it.
            alive &= runs_out > supply.day[:, line]
    return np.minimum(until, SIGHT_DAYS)


class Supply:
    """Stock and arrivals in order of their day.

    Under lost sales what goes to waiting customers is taken out; under backorders they are part
    of a negative stock.
    """

    def __init__(
        self, demand: DemandPaths, available: Floats, coming: Coming, shortage: Shortage
    ) -> None:
        self._demand = demand
        order = np.argsort(coming.day, axis=1, kind="stable")
        self.day = np.take_along_axis(coming.day, order, axis=1)
        shape = coming.day.shape
        units = np.take_along_axis(np.broadcast_to(coming.units[:, :, None], shape), order, axis=1)
        arrived = np.cumsum(units, axis=1)
        self._owed = np.zeros(len(available))
        self.stock = available.astype(np.float64)
        if shortage == "lost_sales":
            self._owed = np.maximum(-available, 0.0)
            self.stock = np.maximum(self.stock, 0.0)
        self._all_arrived = arrived
        self._arrived = np.maximum(arrived - self._owed[:, None, None], 0.0)
        self._units = np.diff(self._arrived, axis=1, prepend=0.0)
        # Usable supply that came before each line, and all of it.
        self.before = self._arrived - self._units
        last = self._arrived[:, -1] if shape[1] else np.zeros(demand.upto.shape[:2])
        self.total = last
        self._peaks = np.empty_like(self.day)
        for line in range(shape[1]):
            reached = self._demand.by(np.minimum(self.day[:, line], NEVER))
            self._peaks[:, line] = reached - self.stock[:, None] - self.before[:, line]

    def missing(self, moment: Floats) -> Floats:
        """Demand above supply at a moment [place, path]; negative where stock is left."""
        came = self.day <= moment[:, None, :]
        usable = np.where(came, self._units, 0.0).sum(axis=1)
        return self._demand.by(moment) - self.stock[:, None] - usable

    def highest(self, moment: Floats, missing: Floats) -> Floats:
        """The most that demand has been above supply by a moment; negative where never."""
        came = self.day <= moment[:, None, :]
        peaks = np.where(came, self._peaks, -np.inf).max(axis=1, initial=-np.inf)
        return np.maximum(peaks, missing)

    def deepest(self, moment: Floats, missing: Floats) -> Floats:
        """As `highest`, and at least 0: what is lost up to a moment."""
        return np.maximum(self.highest(moment, missing), 0.0)

    def waiting(self, moment: Floats) -> Floats:
        """Customers of today who would still wait at a moment."""
        came = self.day <= moment[:, None, :]
        units = np.diff(self._all_arrived, axis=1, prepend=0.0)
        arrived = np.where(came, units, 0.0).sum(axis=1)
        return np.maximum(self._owed[:, None] - arrived, 0.0)
