"""Day by day: goods arrive, customers buy what is there, some of it comes back, orders go out."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.simulate.company.buying import Buyer
from engine.simulate.company.catalogue import Catalogue
from engine.simulate.company.days import Days, Flags, Floats, Ints, stream
from engine.simulate.company.delivery import OrderLines, Suppliers, deliver, joined
from engine.simulate.company.demand import Wanted
from engine.simulate.company.incidents import STUCK_DAYS, Incidents, OddOrder
from engine.simulate.company.lines import GIFT_SETS
from engine.simulate.company.places import SET_OUTLETS, SLOTS, WAREHOUSE, Series

SCARCE_DAYS = 3.0  # of demand left on the shelf: web customers hurry
Counts = NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Flow:
    """What was recorded. Axes: [day, slot, series], [day, series], [day, set, outlet].

    on_hand[d] = on_hand[d - 1] + received[d] + returned[d] + cancelled[d] - sold[d] - drawn[d].
    """

    sold: Counts = field(repr=False)
    returned: Counts = field(repr=False)
    cancelled: Counts = field(repr=False)  # customers' cancellations, back on the shelf
    sets_sold: Counts = field(repr=False)
    drawn: Counts = field(repr=False)  # [day, series] by gift sets
    received: Counts = field(repr=False)  # [day, series]
    on_hand: Counts = field(repr=False)  # [day, series] in the evening
    in_stock: Floats = field(repr=False)  # [day, series] share of the day
    orders: OrderLines = field(repr=False)


class _Stockroom:
    """The state that a day changes, and the record of all days."""

    def __init__(
        self, days: Days, series: Series, opening: Ints, random: np.random.Generator
    ) -> None:
        size = (days.count, series.count)
        self.random = random
        self.on_hand = opening.astype(np.int64)
        self.on_order = np.zeros(series.count, np.int64)
        self.sold = np.zeros((days.count, SLOTS, series.count), np.int32)
        # Later days hold what is on its way back.
        self.returned, self.cancelled = np.zeros_like(self.sold), np.zeros_like(self.sold)
        self.drawn, self.received = np.zeros(size, np.int32), np.zeros(size, np.int32)
        self.evening = np.zeros(size, np.int32)
        self.in_stock = np.zeros(size)
        self.sets_sold = np.zeros((days.count, len(GIFT_SETS), len(SET_OUTLETS)), np.int32)
        self.orders: list[OrderLines] = []

    def open_day(self, day: int) -> None:
        self.on_hand += self.received[day]
        self.on_order -= self.received[day]
        self.on_hand += self.returned[day].sum(axis=0) + self.cancelled[day].sum(axis=0)

    def sell_sets(self, day: int, wanted: Counts, parts: list[list[tuple[Ints, Ints]]]) -> None:
        """Gift sets are packed in the morning, from what all their parts allow."""
        for place, outlet in np.argwhere(wanted).tolist():
            rows, units = parts[place][outlet]
            if len(rows) == 0:
                continue
            packed = min(int(wanted[place, outlet]), int((self.on_hand[rows] // units).min()))
            self.on_hand[rows] -= packed * units
            self.drawn[day, rows] += packed * units
            self.sets_sold[day, place, outlet] = packed

    def sell(self, day: int, wanted: Ints, findable: Flags) -> None:
        """Serve the channels in an order that turns from day to day, until the shelf is empty."""
        available = np.where(findable, self.on_hand, 0)
        left = available.copy()
        for turn in range(SLOTS):
            slot = (day + turn) % SLOTS
            taken = np.minimum(wanted[slot], left)
            self.sold[day, slot] = taken
            left -= taken
        self.on_hand -= available - left
        self.in_stock[day] = self._share_of_day(available, wanted.sum(axis=0), left)
        # A mislabelled item is in stock as far as the record knows.
        self.in_stock[day, ~findable & (self.on_hand > 0)] = 1.0
        self.evening[day] = self.on_hand

    def _share_of_day(self, available: Ints, wanted: Ints, left: Ints) -> Floats:
        """When the last unit went: the k-th of n buyers who come at any time of day is Beta."""
        share = np.where(left > 0, 1.0, 0.0)
        out = np.flatnonzero((left == 0) & (available > 0))
        have, came = available[out], wanted[out]
        # Somebody bought something today, however early the shelf was empty.
        share[out] = self.random.beta(have, came - have + 1).round(2).clip(min=0.01)
        return share

    def take_back(self, day: int, rate: Floats) -> None:
        """Some of today's sales come back in days or weeks; a few are cancelled by tomorrow."""
        sold = self.sold[day]
        if day + 25 < len(self.sold):
            cancelled = self.random.binomial(sold, np.full(sold.shape, 0.006))
            back = self.random.binomial(sold - cancelled, rate)
            self.cancelled[day + 1] += cancelled
            self.returned[day + self.random.integers(4, 25)] += back


def simulate_flow(
    seed: int,
    catalogue: Catalogue,
    series: Series,
    wanted: Wanted,
    buyer: Buyer,
    suppliers: Suppliers,
    incidents: Incidents,
    days: Days,
) -> Flow:
    """Run the stockroom from the first day of the run-in to the end of the history."""
    random = stream(seed, "flow")
    room = _Stockroom(days, series, _opening(buyer), random)
    parts = _parts(catalogue, series)
    rate = _return_rates(catalogue, series)
    pace = wanted.expected
    for day in range(days.end + 1):
        room.open_day(day)
        room.sell_sets(day, wanted.gift_sets[day], parts)
        scarce = room.on_hand < SCARCE_DAYS * pace[day]
        room.sell(
            day,
            wanted.units[day] + np.where(scarce, wanted.panic[day], 0),
            ~incidents.hidden[day],
        )
        room.take_back(day, rate)
        _order(room, day, series, buyer, suppliers, incidents, days)
        for odd in incidents.odd_orders:
            if odd.day == day:
                _order_oddly(room, odd, series, wanted, buyer, suppliers, days)
    return Flow(
        sold=room.sold, returned=room.returned, cancelled=room.cancelled,
        sets_sold=room.sets_sold, drawn=room.drawn, received=room.received,
        on_hand=room.evening, in_stock=room.in_stock, orders=joined(room.orders),
    )  # fmt: skip


def _opening(buyer: Buyer) -> Ints:
    return np.ceil(buyer.forecast(0, buyer.protection) * 1.3).astype(np.int64)


def _return_rates(catalogue: Catalogue, series: Series) -> Floats:
    """[slot, series] share of sold units that comes back: parcels more than carrier bags."""
    by_line = {"Textiles": 0.09, "Lighting": 0.06, "Furniture": 0.07}
    item_rate = np.array(
        [by_line.get(path.split("/")[0], 0.035) for path in catalogue.categories()]
    )
    of_slot = np.array([1.0, 0.9, 0.15])[:, None]
    in_store = np.where(series.location == WAREHOUSE, 1.0, 0.35)
    return of_slot * (item_rate[series.item] * in_store)[None, :]


def _parts(catalogue: Catalogue, series: Series) -> list[list[tuple[Ints, Ints]]]:
    """[set][outlet] -> series and units of its components; empty where one is not held there."""
    parts: list[list[tuple[Ints, Ints]]] = []
    for gift in GIFT_SETS:
        of_set: list[tuple[Ints, Ints]] = []
        for location in SET_OUTLETS:
            rows = [series.find(catalogue.position[sku], location) for sku, _ in gift.components]
            held = [row for row in rows if row is not None]
            units = [units for _, units in gift.components]
            whole = len(held) == len(rows)
            of_set.append((np.array(held if whole else [], int), np.array(units if whole else [])))
        parts.append(of_set)
    return parts


def _order(
    room: _Stockroom, day: int, series: Series, buyer: Buyer, suppliers: Suppliers,
    incidents: Incidents, days: Days,
) -> None:  # fmt: skip
    due = buyer.due(day, room.on_hand, room.on_order, suppliers)
    if len(due.series) == 0:
        return
    lead = suppliers.stated[due.maker].astype(np.int64)
    due_in = day + lead - days.end
    stuck = incidents.stuck[due.maker] & (due_in <= 0) & (due_in > -STUCK_DAYS)
    _place(room, days, deliver(
        room.random, suppliers, days, day=day, series=due.series,
        location=series.location[due.series], maker=due.maker, second=due.second,
        # Long enough that what was promised before the end has not come by then.
        units=due.units, delay=np.where(stuck, 5 - due_in, 0),
    ))  # fmt: skip


def _order_oddly(
    room: _Stockroom, odd: OddOrder, series: Series, wanted: Wanted, buyer: Buyer,
    suppliers: Suppliers, days: Days,
) -> None:  # fmt: skip
    """Sized by what customers will want up to the end, so that a story ends as it is told."""
    row = np.array([odd.series])
    until = min(odd.lasts_until + 1, days.count)
    by_the_end = wanted.units[odd.day : days.end + 1, :, odd.series].sum()
    expected = by_the_end + buyer.ahead[until, row] - buyer.ahead[days.end + 1, row]
    missing = expected - room.on_hand[row] - room.on_order[row]
    packs = np.maximum(np.rint(missing / buyer.pack[row]), 1).astype(np.int64)
    lines = deliver(
        room.random, suppliers, days, day=odd.day, series=row, location=series.location[row],
        maker=buyer.maker[row], second=np.array([False]), units=packs * buyer.pack[row],
        delay=np.zeros(1, np.int64),
    )  # fmt: skip
    none = np.zeros(1, np.int64)
    # It comes whole: a refused order would leave the story without its stock.
    _place(room, days, replace(
        lines, first_units=lines.units, rest_units=none, rejected=none, cancelled=none
    ))  # fmt: skip


def _place(room: _Stockroom, days: Days, lines: OrderLines) -> None:
    room.orders.append(lines)
    last = days.count - 1
    np.add.at(room.received, (np.minimum(lines.first_day, last), lines.series), lines.first_units)
    np.add.at(room.received, (np.minimum(lines.rest_day, last), lines.series), lines.rest_units)
    np.add.at(room.on_order, lines.series, lines.first_units + lines.rest_units)
