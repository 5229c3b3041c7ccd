"""The holidays that fall into buckets past and future, and the days around them."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Floats, Ints, day_numbers
from engine.demand.zones import Zones, event_zones
from engine.model.snapshot import Snapshot

# Days around a holiday that have an effect of their own, first and last, counted from the day.
DAILY = ((0, 0), (-3, -3), (-2, -2), (-1, -1), (1, 1))
WEEKLY = ((0, 0), (-3, -1))
AROUND_DAYS = 3
FREQUENT = 0.1  # of all days; what is so common has no eve of its own


@dataclass(frozen=True, kw_only=True)
class HolidayGrid:
    """`share[zone, bucket, column]`: how much of the bucket a holiday, or the days around, cover.

    The bucket that it covers most counts as 1, so that an effect is that of a full one. `zone` is
    where a series is; a column is named after its holiday and, around it, the days.
    """

    names: tuple[str, ...]
    share: Floats
    zone: Ints  # [series]

    def between(self, first: int, last: int) -> "HolidayGrid":
        return replace(self, share=self.share[:, first:last])

    def none(self) -> "HolidayGrid":
        """The same buckets, all of them ordinary."""
        return replace(self, share=np.zeros_like(self.share))


def holiday_grid(snapshot: Snapshot, series: pd.DataFrame, edges: Ints) -> HolidayGrid:
    """Holidays and events by name in the buckets between these days (`axes.day_edges`).

    Each concerns the series that `engine.demand.zones` says, by `series` location and category.
    """
    zones = event_zones(snapshot, series)
    names, present = _by_day(zones, edges)
    columns = _columns(names, present, edges)
    empty = np.zeros((len(present), len(edges) - 1, 0))
    share = np.stack([part for _, part in columns], axis=2) if columns else empty
    most = share.max(axis=(0, 1), initial=0.0)
    return HolidayGrid(
        names=tuple(name for name, _ in columns),
        share=share / np.where(most > 0, most, 1.0),
        zone=zones.zone,
    )


def _by_day(zones: Zones, edges: Ints) -> tuple[list[str], Bools]:
    """Names, and [zone, day, holiday] from `AROUND_DAYS` before the first edge to as long after."""
    code, names = pd.factorize(zones.events["name"].astype(str), sort=True)
    length = int(edges[-1] - edges[0]) + 2 * AROUND_DAYS
    day = day_numbers(zones.events["date"]) - int(edges[0]) + AROUND_DAYS
    inside = (day >= 0) & (day < length)
    present = np.zeros((len(zones.concerned), length, len(names)), dtype=np.bool_)
    for zone, concerned in enumerate(zones.concerned):
        here = inside & concerned
        present[zone, day[here], code[here]] = True
    return [str(name) for name in names], present


def _columns(names: list[str], present: Bools, edges: Ints) -> list[tuple[str, Floats]]:
    """Each holiday and the days around it that occur, as shares of buckets [zone, bucket]."""
    columns: list[tuple[str, Floats]] = []
    daily = bool((np.diff(edges) == 1).all())
    for holiday, name in enumerate(names):
        here = present[:, :, holiday]
        around = DAILY if daily else WEEKLY
        for first, last in around if here.mean(axis=1).max(initial=0.0) < FREQUENT else around[:1]:
            share = _covered(here, first, last, edges)
            if share.any():
                days = "" if last == 0 == first else f", day {first:+d} to {last:+d}"
                columns.append((f"{name}{days}", share))
    return columns


def _covered(here: Bools, first: int, last: int, edges: Ints) -> Floats:
    """[zone, bucket] share of days that are `first` to `last` days after the holiday."""
    days = here.shape[1] - 2 * AROUND_DAYS
    covered = np.zeros((len(here), days), dtype=np.bool_)
    for offset in range(first, last + 1):
        covered |= here[:, AROUND_DAYS - offset : AROUND_DAYS - offset + days]
    until = np.column_stack([np.zeros(len(here)), np.cumsum(covered, axis=1)])
    return np.diff(until[:, edges - edges[0]], axis=1) / np.diff(edges)
