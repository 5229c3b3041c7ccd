"""Replay a stretch of days under a policy: what arrives, what sells, what is missed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from engine.errors import InvalidInput
from engine.simulate.guard import refuse_arrivals, refuse_future
from engine.simulate.journal import Journal
from engine.simulate.outcome import Outcome, Scores, outcome_of, scores_of
from engine.simulate.policy import Decision, LeadDays, Policy
from engine.simulate.rows import Ints
from engine.simulate.world import World

REVIEW_DAYS = 7


def no_watch(_day: int) -> None:
    """For callers that do not follow the days."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """A replay that is over, every day of it kept."""

    world: World
    journal: Journal

    def scores(self, warm_up_days: int = 0) -> Scores:
        return scores_of(self.world, self.journal, warm_up_days)

    def outcome(self, name: str, warm_up_days: int = 0) -> Outcome:
        return outcome_of(self.world, self.journal, name=name, warm_up_days=warm_up_days)


def run(
    world: World,
    policy: Policy,
    *,
    lead_days: LeadDays,
    review_days: int = REVIEW_DAYS,
    hindsight: bool = False,
    watch: Callable[[int], None] = no_watch,
) -> Run:
    """Let the world happen under a policy that decides every `review_days`, from the first day.

    A day: goods and returns are put away, the policy decides where it is its day, customers buy
    what is there; the rest is lost. Every policy meets the same customers, the same earlier orders
    and the same lead times, so outcomes differ by the decisions alone.
    `hindsight` is for what was really done: only it may say when an order arrived. Any other
    policy that shows knowledge of the future is refused with FutureSeen.
    """
    refuse_future(world.known, world.first_day)
    journal = Journal(world)
    for day in range(world.days):
        watch(day)
        journal.open_day(day)
        if day % review_days == 0:
            decision = policy(journal.situation(day))
            if not hindsight:
                _check(decision, world, day, review_days)
            _place(journal, decision, day, lead_days)
        journal.sell(day)
    return Run(world=world, journal=journal)


def _check(decision: Decision, world: World, day: int, review_days: int) -> None:
    """No arrival dates, and nothing put off beyond the next chance to decide."""
    orders = decision.orders
    refuse_arrivals(orders, world.first_day + timedelta(days=day))
    stated = orders["placed_on"].notna()
    placed = world.rows.day_of(pd.to_datetime(orders.loc[stated, "placed_on"]))
    if ((placed < day) | (placed >= day + review_days)).any():
        raise InvalidInput(
            f"An order of day {day} is placed on day {int(placed.max(initial=day))} of the replay; "
            f"place it within the {review_days} days until the next decision, or then."
        )


def _place(journal: Journal, decision: Decision, day: int, lead_days: LeadDays) -> None:
    if len(decision.orders):
        orders: pd.DataFrame = decision.orders.reset_index(drop=True)
        placed = _day_numbers(journal.world, orders["placed_on"], np.full(len(orders), day))
        due = _day_numbers(journal.world, orders["arrives_on"], np.full(len(orders), -1))
        for each in np.unique(placed[due < 0]):
            mine = (placed == each) & (due < 0)
            start = journal.world.first_day + timedelta(days=int(each))
            due[mine] = each + lead_days(orders.iloc[np.flatnonzero(mine)], start)
        journal.order(day, orders, placed, due)
    if len(decision.transfers):
        journal.move(day, decision.transfers)


def _day_numbers(
    world: World,
    dates: "pd.Series[pd.Timestamp]",
    otherwise: Ints,
) -> Ints:
    stated = pd.to_datetime(dates)
    known = stated.notna().to_numpy()
    days = otherwise.astype(np.int64)
    days[known] = world.rows.day_of(stated[known])
    return days
