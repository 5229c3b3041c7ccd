"""What each location has room for."""

from collections import defaultdict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import reals, texts, whole
from engine.kernels.latest import latest_records
from engine.model.money import exponent
from engine.model.snapshot import Snapshot
from engine.replenish.candidates import ROOMS
from engine.replenish.context import Context
from engine.replenish.notice import Notice

Floats = NDArray[np.float64]
_NAMES = ("capacity_volume_l", "capacity_units")


Held = defaultdict[str, tuple[float, float]]  # (litres, units) by location


def room_frame(
    context: Context, stored: Floats, snapshot: Snapshot, unplanned: Held
) -> pd.DataFrame:
    """Locations with a capacity and what purchases may add there; columns ROOMS.

    `stored` [place] are units that are there when an order placed now arrives, what is under way
    included (`engine.replenish.appraise.Outlook`). A location that is full already has no room,
    however much it will sell until then: that is for a person to look at. Units of items without
    a volume take none.
    """
    rows = _stated(snapshot)
    if not rows:
        return pd.DataFrame({name: [] for name in ROOMS}).astype({"location": object})
    held, now = _by_location(context, stored, unplanned), _held_now(context, unplanned)
    frame = pd.DataFrame({"location": pd.Series(list(rows), dtype=object)})
    for at, (name, column) in enumerate((("free_volume_l", 0), ("free_units", 1))):
        free = [
            np.nan if np.isnan(limit[column])
            else 0.0 if now[place][column] > limit[column]
            else max(limit[column] - held[place][column], 0.0)
            for place, limit in rows.items()
        ]  # fmt: skip
        frame.insert(at + 1, name, np.asarray(free, dtype=np.float64))
    return frame[list(ROOMS)]


def crowded(context: Context, snapshot: Snapshot, unplanned: Held) -> list[Notice]:
    """Locations that hold more than they have room for; the cost of the excess is at stake."""
    limits, minor = _stated(snapshot), 10 ** exponent(context.currency)
    if not limits:
        return []
    now = _held_now(context, unplanned)
    worth: defaultdict[str, float] = defaultdict(float)
    for place, location in enumerate(context.places.location):
        worth[location] += float(context.places.on_hand[place] * context.money.cost[place])
    found: list[Notice] = []
    for location, limit in limits.items():
        over = [
            1 - limit[k] / held
            for k, held in enumerate(now[location])
            if not np.isnan(limit[k]) and held > limit[k]
        ]
        if over:
            volume, units = now[location]
            found.append(
                Notice(
                    code="over_capacity",
                    location=location,
                    at_stake_minor=round(max(over) * worth[location] * minor),
                    facts={
                        "units": round(units),
                        "volume_l": round(volume, 1),
                        "over_share": round(max(over), 4),
                    },
                )
            )
    return found


def _stated(snapshot: Snapshot) -> dict[str, tuple[float, float]]:
    """(litres, units) that locations with a capacity can hold, at least 0; NaN: not stated."""
    rows = snapshot["locations"]
    limits = zip(*(np.maximum(reals(rows, name), 0.0).tolist() for name in _NAMES), strict=True)
    named = dict(zip(texts(rows, "location"), limits, strict=True))
    return {at: named[at] for at in sorted(named) if not np.isnan(named[at]).all()}


def _by_location(context: Context, units: Floats, unplanned: Held) -> Held:
    """Of so many units [place], and of stock that nobody plans."""
    held = unplanned.copy()
    places = context.places
    rows = zip(places.location, (units * places.volume_l).tolist(), units.tolist(), strict=True)
    for location, litres, count in rows:
        before = held[location]
        held[location] = (before[0] + litres, before[1] + count)
    return held


def _held_now(context: Context, unplanned: Held) -> Held:
    return _by_location(context, context.places.on_hand.astype(np.float64), unplanned)


def unplanned_stock(context: Context, snapshot: Snapshot) -> Held:
    """Stock of items that are no place of the plan, where any location has a capacity."""
    held: Held = defaultdict(lambda: (0.0, 0.0))
    if not _stated(snapshot):
        return held
    items, stock = snapshot["items"], snapshot["stock"]
    litres = dict(
        zip(texts(items, "sku"), np.nan_to_num(reals(items, "volume_l")).tolist(), strict=True)
    )
    known = context.places.index()
    latest = stock.iloc[latest_records(stock)]
    for sku, location, units in zip(
        texts(latest, "sku"), texts(latest, "location"), whole(latest, "on_hand"), strict=True
    ):
        if units > 0 and (sku, location) not in known:
            before = held[location]
            volume = litres.get(sku, 0.0) * int(units)
            held[location] = (before[0] + volume, before[1] + float(units))
    return held
