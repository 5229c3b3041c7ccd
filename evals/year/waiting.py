"""Customers who found nothing and agreed to wait: they pay at once and are served first."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from engine.simulate.rows import Ints
from engine.simulate.world import World

WAIT_SHARE = 0.4  # of those who find nothing where goods are on their way
LONGEST_DAYS = 42  # after which they give up


@dataclass(kw_only=True)
class Line:
    """An order line that waits; `row` is that of its series."""

    name: str
    row: int
    units: int
    day: int  # of the replay
    window: tuple[date, date] | None = None  # what it was told with the order


@dataclass
class WaitingRoom:
    """Who waits, in the order in which they came, and what is put aside for them.

    `aside` [series] are units in the building that the shelf may not sell; whom they go to is
    decided by the allocation on Monday.
    """

    world: World
    draws: np.random.Generator
    aside: Ints = field(init=False)
    lines: list[Line] = field(default_factory=list[Line])
    served: list[tuple[Line, int]] = field(default_factory=list[tuple[Line, int]])
    gave_up: int = 0
    count: int = 0

    def __post_init__(self) -> None:
        self.aside = np.zeros(len(self.world.series), np.int64)

    def wanted(self) -> Ints:
        """[series] units that wait."""
        total = np.zeros(len(self.world.series), np.int64)
        for line in self.lines:
            total[line.row] += line.units
        return total

    def put_aside(self, on_hand: Ints) -> Ints:
        """Before the shelf opens: what comes goes to those who wait; returns what is left."""
        taken = np.minimum(on_hand, np.maximum(self.wanted() - self.aside, 0))
        self.aside += taken
        return on_hand - taken

    def ask(self, day: int, missed: Ints, coming: Ints) -> None:
        """Some of those who found nothing wait, where more is ordered than all of them want."""
        for row in np.flatnonzero((missed > 0) & (coming > self.wanted())).tolist():
            units = int(self.draws.binomial(int(missed[row]), WAIT_SHARE))
            if units:
                self.count += 1
                name = f"W{self.count:06d}-1"
                self.lines.append(Line(name=name, row=row, units=units, day=day))

    def give_up(self, day: int) -> list[Line]:
        """Who has waited too long cancels; what was aside for them is for others."""
        left = [line for line in self.lines if day - line.day > LONGEST_DAYS]
        self.lines = [line for line in self.lines if day - line.day <= LONGEST_DAYS]
        self.gave_up += sum(line.units for line in left)
        return left

    def ship(self, name: str, day: int, units: int) -> None:
        """A line gets so many units out of what is aside; it waits on for the rest."""
        line = next(each for each in self.lines if each.name == name)
        if not 0 < units <= min(line.units, int(self.aside[line.row])):
            raise AssertionError(
                f"{name} is to get {units} of {line.units} units; {self.aside[line.row]} are there"
            )
        self.aside[line.row] -= units
        self.served.append((replace(line, units=units), day))
        line.units -= units
        if not line.units:
            self.lines.remove(line)

    def table(self) -> pd.DataFrame:
        """Contract table `backorders`: who waits this morning."""
        series = self.world.series
        return pd.DataFrame(
            [
                {
                    "order_line": line.name,
                    "sku": series["sku"].iloc[line.row],
                    "location": series["location"].iloc[line.row],
                    "channel": "web",
                    "units": line.units,
                    "ordered_at": self._at(line),
                    "paid_at": self._at(line) + timedelta(minutes=3),
                    "promised_from": line.window and line.window[0],
                    "promised_to": line.window and line.window[1],
                    "contact_ref": f"customer-{line.name}",
                }
                for line in self.lines
            ]
        )

    def _at(self, line: Line) -> datetime:
        day = self.world.first_day + timedelta(days=line.day)
        return datetime.combine(day, time(12)) + timedelta(seconds=int(line.name[1:7]) % 7200)

    def sales(self, days: int) -> pd.DataFrame:
        """Stored rows of `sales` for what was shipped to them before a day of the replay."""
        rows = [(line, day) for line, day in self.served if day < days]
        at = self.world.series.iloc[[line.row for line, _ in rows]].reset_index(drop=True)
        price = (at["price"] * 1_000_000).round()
        units = np.asarray([line.units for line, _ in rows], dtype=np.int64)
        dates = self.world.rows.dates(np.asarray([day for _, day in rows], dtype=np.int64))
        return at[["sku", "location"]].assign(
            date=dates, channel="web", kind="sale", units=units, price_micros=price,
            order_id=[line.name.rpartition("-")[0] for line, _ in rows],
            net_revenue_micros=price * units,
        )  # fmt: skip
