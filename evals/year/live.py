"""One company through the weeks under whoever decides on Mondays."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

import numpy as np
import pandas as pd

from engine.model.snapshot import Snapshot
from engine.simulate.journal import Journal, Morning
from engine.simulate.policy import Decision, LeadDays
from engine.simulate.replay import Run
from engine.simulate.rolling import rolled_forward
from engine.simulate.rows import Ints
from evals.year.company import MadeUp
from evals.year.waiting import WaitingRoom


@dataclass(frozen=True, kw_only=True)
class Monday:
    """What the one who decides sees; `aside` [day, series] was in the building, off the shelf."""

    week: int
    day: int
    morning: Morning
    room: WaitingRoom = field(repr=False)
    journal: Journal = field(repr=False)
    aside: Ints = field(repr=False)

    @property
    def date(self) -> date:
        return self.morning.day

    def placed(self) -> Ints:
        """Positions, among all lines handed over so far, of those placed before this morning."""
        return np.flatnonzero(self.journal.placed()["day"].to_numpy(dtype=np.int64) < self.day)

    def snapshot(self) -> Snapshot:
        """All records up to yesterday: goods put aside are in the building, waiters were served."""
        journal, day = self.journal, self.day
        placed = journal.placed()
        found = rolled_forward(
            journal.world,
            day,
            sold=journal.sold[:day],
            evening=journal.evening[:day] + self.aside[:day],
            present=journal.present[:day],
            orders=placed[placed["day"] < day].reset_index(drop=True),
        )
        shipped = self.room.sales(day)
        if len(shipped) == 0:
            return found
        # Names become plain text: these frames are only written to files.
        plain = found["sales"].astype({"sku": object, "location": object, "channel": object})
        rows = shipped.reindex(columns=plain.columns).astype(plain.dtypes.to_dict())
        sales = pd.concat([plain, rows], ignore_index=True)
        return replace(found, tables={**found.tables, "sales": sales})


class Decider(Protocol):
    def __call__(self, monday: Monday, /) -> Decision:
        """Ship to those who wait (monday.room.ship) and decide what to order and move."""
        ...


@dataclass(frozen=True, kw_only=True)
class Lived:
    """A year that is over."""

    run: Run
    room: WaitingRoom
    aside: Ints = field(repr=False)


def live(made: MadeUp, decide: Decider, watch: Callable[[int], None] = lambda _week: None) -> Lived:
    """Every day: goods come, waiters' goods are put aside, Mondays are decided, customers buy."""
    world = made.world
    journal = Journal(world)
    room = WaitingRoom(world=world, draws=np.random.default_rng(made.seed))
    aside = np.zeros(world.wanted.shape, np.int64)
    for day in range(world.days):
        journal.open_day(day)
        journal.on_hand = room.put_aside(journal.on_hand)
        _let_go(journal, room, day)
        if day % 7 == 0:
            watch(day // 7)
            monday = Monday(
                week=day // 7, day=day, morning=journal.situation(day), room=room,
                journal=journal, aside=aside,
            )  # fmt: skip
            _place(journal, decide(monday), day, made.lead_days)
        before = journal.on_hand.copy()
        journal.sell(day)
        missed = np.maximum(world.wanted[day] - before, 0)
        room.ask(day, missed, journal.situation(day).on_order)
        aside[day] = room.aside
    return Lived(run=Run(world=world, journal=journal), room=room, aside=aside)


def _let_go(journal: Journal, room: WaitingRoom, day: int) -> None:
    """What was put aside for those who gave up goes back to the shelf."""
    if room.give_up(day):
        spare = np.maximum(room.aside - room.wanted(), 0)
        room.aside -= spare
        journal.on_hand = journal.on_hand + spare


def _place(journal: Journal, decision: Decision, day: int, lead_days: LeadDays) -> None:
    orders = decision.orders.reset_index(drop=True)
    if len(orders):
        placed = np.full(len(orders), day, dtype=np.int64)
        stated = pd.to_datetime(orders["placed_on"])
        known = stated.notna().to_numpy()
        placed[known] = journal.world.rows.day_of(stated[known])
        due = placed.copy()
        for each in np.unique(placed):
            mine = placed == each
            start = journal.world.rows.dates(np.asarray([each]))[0].date()
            due[mine] += lead_days(orders.iloc[np.flatnonzero(mine)], start)
        journal.order(day, orders, placed, due)
    if len(decision.transfers):
        journal.move(day, decision.transfers)
