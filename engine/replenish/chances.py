"""When each place can order next, and when that order and the one after it would arrive."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.kernels.calendar import SupplierCalendar
from engine.model.config import PlanConfig
from engine.model.supply import LeadTimes
from engine.replenish.draws import NEXT_ORDER, THIS_ORDER, Strata, strata_days
from engine.replenish.places import Places
from engine.replenish.shortfall import NEVER, Window
from engine.replenish.terms import Terms
from engine.supply import lane_rows

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


_FOLLOWERS = 5  # orders after this one of which one will come, or help is far away


@dataclass(frozen=True, kw_only=True)
class Chances:
    """Orders of each place with an offer; places are rows of `place` [buyer].

    `order_on` is an ordinal, -1 where the supplier takes no order within two years. `first` and
    `second` [lane, stratum] are days from as-of to the arrival of an order placed then and of
    one placed at the chance after it (NEVER: lost); `lane` [buyer] says which row holds.
    """

    place: Ints = field(repr=False)
    order_on: Ints = field(repr=False)
    lane: Ints = field(repr=False)
    first: Floats = field(repr=False)
    second: Floats = field(repr=False)
    today: int

    def window(self, buyers: Ints, strata: Strata, keys: Ints) -> Window:
        """From this order's arrival to the next one's, [buyer, path].

        Lead times of the two are independent; where the later order would overtake, there is no
        time left in which this one could serve.
        """
        lane = self.lane[buyers][:, None]
        start = self.first[lane, strata.of(THIS_ORDER, keys)]
        end = self.second[lane, strata.of(NEXT_ORDER, keys)]
        lost = start >= NEVER
        start = np.where(lost, end, start)
        return Window(start=start, end=np.maximum(end, start), lost=lost if lost.any() else None)

    def lead_days(self) -> Floats:
        """Expected days from the order to its arrival, [buyer]; 0 where none can be placed."""
        comes = self.first < NEVER
        arrival = np.where(comes, self.first, 0.0).sum(axis=1) / np.maximum(comes.sum(axis=1), 1)
        known = self.lane >= 0
        lead = np.zeros(len(self.lane))
        lead[known] = arrival[self.lane[known]] - (self.order_on[known] - self.today)
        return np.maximum(lead, 0.0)


def chances_of(
    places: Places,
    terms: Terms,
    lead_times: LeadTimes,
    calendars: dict[str, SupplierCalendar],
    config: PlanConfig,
    today: int,
    since: dict[tuple[str, str], int],
) -> Chances:
    """Next order days from order days, closures and review days, arrivals from lead times.

    `since` says for (sku, location) on which day an order of our own was made, anywhere, that is
    not in the data yet. It is this cycle's order: the next one follows it by the review, so that
    a plan of the next morning does not add a day of demand to it.
    """
    buyers = [i for i, offer in enumerate(terms.offers) if offer is not None]
    suppliers = [offer.supplier for offer in terms.offers if offer is not None]
    names = [(places.sku[i], places.location[i]) for i in buyers]
    rows = lane_rows(
        lead_times, suppliers, [sku for sku, _ in names], [location for _, location in names]
    )
    lanes = [
        _lane(calendars, supplier, int(row), config, today, since.get(name))
        for supplier, row, name in zip(suppliers, rows, names, strict=True)
    ]
    distinct = sorted({lane for lane in lanes if lane is not None})
    place = {lane: i for i, lane in enumerate(distinct)}
    arrivals = [_arrivals(calendars, lane, lead_times, config.paths, today) for lane in distinct]
    empty = np.zeros((0, config.paths))
    return Chances(
        place=np.asarray(buyers, dtype=np.int64),
        order_on=np.asarray([-1 if lane is None else lane.now for lane in lanes], dtype=np.int64),
        lane=np.asarray([-1 if lane is None else place[lane] for lane in lanes], dtype=np.int64),
        first=np.stack([first for first, _ in arrivals]) if arrivals else empty,
        second=np.stack([second for _, second in arrivals]) if arrivals else empty,
        today=today,
    )


def joined(parts: list[Chances]) -> Chances:
    """Several as one; a place has a row in each that it has an offer in."""
    lanes = np.cumsum([0, *(len(each.first) for each in parts)])
    shifted = [
        np.where(each.lane >= 0, each.lane + before, -1)
        for each, before in zip(parts, lanes[:-1], strict=True)
    ]
    return Chances(
        place=np.concatenate([each.place for each in parts]),
        order_on=np.concatenate([each.order_on for each in parts]),
        lane=np.concatenate(shifted),
        first=np.concatenate([each.first for each in parts]),
        second=np.concatenate([each.second for each in parts]),
        today=parts[0].today,
    )


@dataclass(frozen=True, order=True)
class _Lane:
    """A lead-time row of a supplier with the days of this order and of the next (ordinals)."""

    supplier: str
    row: int
    now: int
    after: int


# Order days repeat for all items of a supplier.
@lru_cache(maxsize=4096)
def _order_days(
    calendar: SupplierCalendar, review_days: int, today: int, since: int | None
) -> tuple[int, int] | None:
    """The next chance to order and the one after it; None where the supplier takes none."""
    now = calendar.next_order_day(today)
    after = None if now is None else calendar.order_day_after(now, review_days)
    if now is None or after is None:
        return None
    cycle = None if since is None else calendar.order_day_after(since, review_days)
    return (now, cycle) if cycle is not None and now < cycle < after else (now, after)


def _lane(
    calendars: dict[str, SupplierCalendar],
    supplier: str,
    row: int,
    config: PlanConfig,
    today: int,
    since: int | None,
) -> _Lane | None:
    calendar = calendars.get(supplier, SupplierCalendar())
    found = _order_days(calendar, config.review_days, today, since)
    return None if found is None else _Lane(supplier, row, *found)


def _arrivals(
    calendars: dict[str, SupplierCalendar],
    lane: _Lane,
    lead_times: LeadTimes,
    paths: int,
    today: int,
) -> tuple[Floats, Floats]:
    """Days from today to the arrival of this order and of the next, by stratum of lead time.

    An order that is lost never arrives. Where the next one is lost, the one after it follows by
    as many days as the next follows this one, and so on, up to `_FOLLOWERS` of them.
    """
    calendar = calendars.get(lane.supplier, SupplierCalendar())
    pmf, lost = lead_times.pmf[lane.row], float(lead_times.lost_of(np.array([lane.row]))[0])
    width, between = len(pmf), max(lane.after - lane.now, 1)
    this = strata_days(((1 - lost) * pmf)[None, :], paths)[0]
    later = np.zeros(width + between * (_FOLLOWERS - 1))
    for follower in range(_FOLLOWERS):
        later[follower * between :][:width] += (1 - lost) * lost**follower * pmf
    following = strata_days(later[None, :] / later.sum(), paths)[0]
    following = np.minimum(following, len(later) - 1)
    longest = int(max(this[this < width].max(initial=0), following.max(initial=0)))
    first = calendar.arrival_days(lane.now, longest)[np.minimum(this, longest)] - today
    second = calendar.arrival_days(lane.after, longest)[following] - today
    return np.where(this < width, first, NEVER).astype(np.float64), second.astype(np.float64)
