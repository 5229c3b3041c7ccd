"""The books of a replay: stock, what is on its way, and what was written down each day."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd

from engine.errors import InvalidInput
from engine.model.snapshot import Snapshot
from engine.simulate.guard import refuse_future
from engine.simulate.policy import Past, no_orders
from engine.simulate.rolling import rolled_forward
from engine.simulate.rows import Floats, Ints
from engine.simulate.world import World


@dataclass(frozen=True, kw_only=True)
class Morning:
    """A Situation: copies of the books, so that a policy cannot write into them."""

    day: date
    series: pd.DataFrame = field(repr=False)
    on_hand: Ints = field(repr=False)
    on_order: Ints = field(repr=False)
    journal: "Journal" = field(repr=False)
    number: int = 0

    def past(self, days: int) -> Past:
        return self.journal.past(self.number, days)

    def snapshot(self) -> Snapshot:
        return refuse_future(self.journal.snapshot(self.number), self.day)


class Journal:
    """Axes [day, series]. What is written for a day is final when the next one opens."""

    def __init__(self, world: World) -> None:
        shape = world.wanted.shape
        self.world = world
        self.on_hand: Ints = world.opening.copy()
        self.sold: Ints = np.zeros(shape, np.int64)
        self.evening: Ints = np.zeros(shape, np.int64)
        self.present: Floats = np.ones(shape)
        self.moved_units = 0
        # As ordered, with `day` on which it is placed, `row` of the series and `due`.
        self.orders: list[pd.DataFrame] = []
        self._due: Ints = np.zeros(shape, np.int64)  # our orders and transfers, by day of arrival
        self._later: Ints = np.zeros(shape[1], np.int64)  # due after the last day

    def open_day(self, day: int) -> None:
        """Put away what came; returned units are whole again."""
        self.on_hand += self.world.arriving[day] + self.world.returned[day] + self._due[day]

    def situation(self, day: int) -> Morning:
        earlier = self.world.inbound - self.world.arriving[: day + 1].sum(axis=0)
        gone = self.world.cancelled_before(day)
        np.subtract.at(earlier, gone["row"], gone["units"])
        ours = self._due[day + 1 :].sum(axis=0) + self._later
        return Morning(
            day=self.world.first_day + timedelta(days=day),
            series=self.world.series,
            on_hand=self.on_hand.copy(),
            on_order=np.maximum(earlier, 0) + ours,
            journal=self,
            number=day,
        )

    def order(self, day: int, orders: pd.DataFrame, placed: Ints, due: Ints) -> None:
        """Write down orders that are `placed` and put away on these day numbers."""
        row = self.world.rows.place(orders)
        units = orders["units"].to_numpy(dtype=np.int64)
        if (row < 0).any():
            strange = orders.loc[row < 0].iloc[0]
            raise InvalidInput(
                f"The policy orders {strange['sku']} for {strange['location']}, which is no series "
                "of the replay; order what the company has stocked or ordered."
            )
        if (units < 1).any():
            strange = orders.iloc[int(np.argmax(units < 1))]
            raise InvalidInput(
                f"The policy orders {strange['units']} of {strange['sku']}; order 1 or more."
            )
        self._expect(day, row, units, due)
        self.orders.append(orders.assign(day=placed, row=row, due=due))

    def move(self, day: int, transfers: pd.DataFrame) -> None:
        """Take units from one location for another, never more than are there."""
        ends = [
            self.world.rows.place(transfers.rename(columns={side: "location"}))
            for side in ("from_location", "to_location")
        ]
        wanted = transfers["units"].to_numpy(dtype=np.int64)
        strange = (np.minimum(*ends) < 0) | (wanted < 1)
        if strange.any():
            row = transfers.iloc[int(np.argmax(strange))]
            raise InvalidInput(
                f"The policy moves {row['units']} of {row['sku']} from {row['from_location']} to "
                f"{row['to_location']}; move 1 or more between series of the replay."
            )
        due = day + transfers["arrives_days"].to_numpy(dtype=np.int64)
        for source, target, units, when in zip(*ends, wanted, due, strict=True):
            taken = min(int(units), int(self.on_hand[source]))
            self.on_hand[source] -= taken
            self.moved_units += taken
            self._expect(day, np.array([target]), np.array([taken]), np.array([when]))

    def _expect(self, day: int, row: Ints, units: Ints, due: Ints) -> None:
        """What is due today was not there when the day opened: it is put away at once."""
        today, ahead, beyond = (
            due <= day,
            (due > day) & (due < len(self._due)),
            due >= len(self._due),
        )
        np.add.at(self.on_hand, row[today], units[today])
        np.add.at(self._due, (due[ahead], row[ahead]), units[ahead])
        np.add.at(self._later, row[beyond], units[beyond])

    def sell(self, day: int) -> None:
        wanted = self.world.wanted[day]
        sold = np.minimum(wanted, self.on_hand)
        ran_out = (sold == self.on_hand) & (wanted > 0)
        # The k-th of n buyers who come at any time of day is expected at k / (n + 1).
        share = sold / (wanted + 1)
        self.present[day] = np.where(ran_out, share, np.where(self.on_hand > 0, 1.0, 0.0))
        self.on_hand = self.on_hand - sold
        self.sold[day], self.evening[day] = sold, self.on_hand

    def placed(self) -> pd.DataFrame:
        """Every order line so far; columns ORDERS, day, row and due."""
        if not self.orders:
            return no_orders().assign(day=0, row=0, due=0)
        return pd.concat(self.orders, ignore_index=True)

    def past(self, day: int, days: int) -> Past:
        """The `days` before day number `day`, as far back as the world remembers."""
        before, earlier = self.world.before, max(days - day, 0)
        first = max(len(before.sold) - earlier, 0)
        since = max(day - days, 0)
        return Past(
            sold=np.concatenate([before.sold[first:], self.sold[since:day]]),
            present=np.concatenate([before.present[first:], self.present[since:day]]),
        )

    def snapshot(self, day: int) -> Snapshot:
        """The records as they stand on the morning of a day of the replay."""
        if day == 0:
            return self.world.known
        placed = self.placed()
        return rolled_forward(
            self.world,
            day,
            sold=self.sold[:day],
            evening=self.evening[:day],
            present=self.present[:day],
            orders=placed[placed["day"] < day].reset_index(drop=True),
        )
