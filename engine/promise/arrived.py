"""What has come to each place lately, so that whoever was served by it can be told by what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from engine.model.snapshot import Snapshot
from engine.promise.allocate import Allocation, Place

Holding = tuple[str, str, str]  # order line, sku, location


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """Good units that came with an order, or with a transfer."""

    po: str
    on: date | None  # None: booked here since the data ends
    units: int


Arrivals = Mapping[Place, tuple[Arrived, ...]]  # of each place, in the order in which they came


def arrived_since(
    snapshot: Snapshot,
    day: date | None,
    came: Mapping[tuple[str, int, str, str], int],
    moved: Iterable[tuple[Place, Arrived]] = (),
) -> dict[Place, tuple[Arrived, ...]]:
    """All that came to each place from `day` on, `came` (booked here since the data ends) last.

    `moved` are transfers that were put away. Receipts of orders that the data does not know bring
    nothing to a place that could be named.
    """
    booked = [
        ((sku, place), Arrived(po=po, on=None, units=units))
        for (po, _, sku, place), units in sorted(came.items())
        if units > 0
    ]
    found: dict[Place, list[Arrived]] = {}
    for place, arrived in sorted([*_received(snapshot, day), *moved, *booked], key=_turn):
        found.setdefault(place, []).append(arrived)
    return {place: tuple(each) for place, each in found.items()}


def _received(snapshot: Snapshot, day: date | None) -> list[tuple[Place, Arrived]]:
    orders = snapshot["purchase_orders"][["po", "line", "sku", "location"]]
    receipts = snapshot["receipts"]
    receipts = receipts[receipts["units"] > 0]
    if day is not None:
        receipts = receipts[receipts["received_on"] >= pd.Timestamp(day)]
    joined = receipts.merge(orders, on=["po", "line"])
    columns = [joined[name].tolist() for name in ("sku", "location", "po", "units")]
    return [
        ((str(sku), str(place)), Arrived(po=str(po), on=on.date(), units=int(units)))
        for sku, place, po, units, on in zip(*columns, joined["received_on"], strict=True)
    ]


def _turn(each: tuple[Place, Arrived]) -> tuple[Place, bool, date, str, int]:
    place, arrived = each
    return (place, arrived.on is None, arrived.on or date.max, arrived.po, arrived.units)


def served_by(
    allocation: Allocation, held: Mapping[Holding, int], arrivals: Arrivals
) -> dict[Holding, Arrived]:
    """With which arrival each line that holds more than before got the last of it.

    What came is taken to go down the queue as it came: the first to the first. Where more was given
    than came, some of it was there before, and the last arrival stands for the rest.
    """
    given: dict[Place, int] = {}
    found: dict[Holding, Arrived] = {}
    for grant in allocation.grants:
        for sku, units in grant.parts.items():
            place = (sku, grant.line.location)
            key = (grant.line.order_line, *place)
            more = units - held.get(key, 0)
            if more > 0 and place in arrivals:
                given[place] = given.get(place, 0) + more
                found[key] = _reaching(arrivals[place], given[place])
    return found


def _reaching(arrivals: Sequence[Arrived], units: int) -> Arrived:
    """The one by which so many units had come, else the last."""
    total = 0
    for arrived in arrivals:
        total += arrived.units
        if total >= units:
            return arrived
    return arrivals[-1]
