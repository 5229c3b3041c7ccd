"""How long a replay's own orders take: drawn once, the same for every policy."""

from collections.abc import Sequence
from datetime import date
from hashlib import blake2b

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.calendar import SupplierCalendar
from engine.kernels.columns import texts
from engine.model.config import PlanConfig
from engine.model.snapshot import Snapshot
from engine.simulate.policy import LeadDays
from engine.supply import lane_rows, lead_times, supplier_calendars

Ints = NDArray[np.int64]
_SCALE = float(2**64)


def drawn_lead_days(whole: Snapshot, config: PlanConfig, *, seed: int) -> LeadDays:
    """Lead times drawn from what each lane's deliveries in `whole` needed, past closures.

    `whole` is the history to its end: what the world does is no secret from the world. One draw
    holds for supplier, ship-to and day, so all lines of an order come early or late together and
    two policies that order on the same day wait equally long (common random numbers).
    """
    return _Draws(whole, config, seed)


class _Draws:
    def __init__(self, whole: Snapshot, config: PlanConfig, seed: int) -> None:
        self._times = lead_times(whole, config)
        self._calendars = supplier_calendars(whole)
        self._reached = np.cumsum(self._times.pmf, axis=1)
        self._seed = seed
        self._lanes: dict[tuple[str, str, str], int] = {}
        self._days: dict[tuple[str, str, int, int], int] = {}

    def __call__(self, orders: pd.DataFrame, day: date, /) -> Ints:
        keys = list(
            zip(
                texts(orders, "supplier"),
                texts(orders, "sku"),
                texts(orders, "location"),
                strict=True,
            )
        )
        self._learn_lanes(keys)
        start = day.toordinal()
        return np.asarray(
            [self._needed(key[0], key[2], self._lanes[key], start) for key in keys], dtype=np.int64
        )

    def _learn_lanes(self, keys: Sequence[tuple[str, str, str]]) -> None:
        new = sorted(set(keys) - self._lanes.keys())
        if new:
            rows = lane_rows(self._times, *(list(part) for part in zip(*new, strict=True)))
            self._lanes |= dict(zip(new, rows.tolist(), strict=True))

    def _needed(self, supplier: str, location: str, lane: int, start: int) -> int:
        """Calendar days of an order placed on the ordinal `start`."""
        key = (supplier, location, lane, start)
        if key not in self._days:
            chance = _uniform(self._seed, supplier, location, start)
            # The last day of the distribution carries what rounding leaves above it.
            open_days = min(
                int(np.searchsorted(self._reached[lane], chance)), self._reached.shape[1] - 1
            )
            calendar = self._calendars.get(supplier, SupplierCalendar())
            self._days[key] = int(calendar.arrival_days(start, open_days)[-1]) - start
        return self._days[key]


def _uniform(seed: int, supplier: str, location: str, day: int) -> float:
    """In [0, 1), the same in every process."""
    named = f"{seed}\x00{supplier}\x00{location}\x00{day}".encode()
    return int.from_bytes(blake2b(named, digest_size=8).digest(), "big") / _SCALE
