"""Replay a stretch of days under a policy: what arrives, what sells, what is missed."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from engine.model.money import exponent
from engine.simulate.journal import Journal
from engine.simulate.policy import Decision, LeadDays, Policy
from engine.simulate.world import World

REVIEW_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a policy led to. Money is in minor units of the base currency."""

    policy: str
    first_day: date
    days: int
    currency: str
    wanted_units: int
    sold_units: int
    lost_margin_minor: int  # price less cost of the units missed
    ordered_units: int
    ordered_minor: int  # value of the orders placed, whether or not they arrived
    moved_units: int  # between locations
    opening_stock_minor: int
    closing_stock_minor: int
    series_days: int
    series_days_out: int  # evenings with an empty shelf of what sells

    @property
    def lost_units(self) -> int:
        return self.wanted_units - self.sold_units

    @property
    def fill_rate(self) -> float | None:
        return self.sold_units / self.wanted_units if self.wanted_units else None

    @property
    def stockout_rate(self) -> float | None:
        return self.series_days_out / self.series_days if self.series_days else None


def replay(
    world: World,
    policy: Policy,
    *,
    name: str,
    lead_days: LeadDays,
    review_days: int = REVIEW_DAYS,
) -> Outcome:
    """Let the world happen under a policy that decides every `review_days`, from the first day.

    A day: goods and returns are put away, the policy decides where it is its day, customers buy
    what is there; the rest is lost. Every policy meets the same customers and the same earlier
    orders, so outcomes differ by the decisions alone.
    """
    return run(world, policy, lead_days=lead_days, review_days=review_days).outcome(name)


def run(
    world: World, policy: Policy, *, lead_days: LeadDays, review_days: int = REVIEW_DAYS
) -> "Run":
    """As replay, keeping every day."""
    journal = Journal(world)
    for day in range(world.days):
        journal.open_day(day)
        if day % review_days == 0:
            situation = journal.situation(day)
            _place(journal, policy(situation), day, lead_days)
        journal.sell(day)
    return Run(world=world, journal=journal)


def _place(journal: Journal, decision: Decision, day: int, lead_days: LeadDays) -> None:
    orders = decision.orders
    if len(orders):
        today = journal.world.first_day + timedelta(days=day)
        stated = pd.to_datetime(orders["arrives_on"])
        on_day = journal.world.rows.day_of(stated.fillna(pd.Timestamp(today)))
        due = np.where(stated.notna(), on_day, day + lead_days(orders, today))
        journal.order(day, orders, due)
    if len(decision.transfers):
        journal.move(day, decision.transfers)


@dataclass(frozen=True, kw_only=True)
class Run:
    world: World
    journal: Journal

    def outcome(self, name: str) -> Outcome:
        world, journal = self.world, self.journal
        minor = 10 ** exponent(world.known.company.base_currency)
        cost = world.series["cost"].to_numpy() * minor
        margin = np.maximum(world.series["price"].to_numpy() * minor - cost, 0)
        lost = (world.wanted - journal.sold).sum(axis=0)
        sells = world.wanted.any(axis=0)
        return Outcome(
            policy=name,
            first_day=world.first_day,
            days=world.days,
            currency=world.known.company.base_currency,
            wanted_units=int(world.wanted.sum()),
            sold_units=int(journal.sold.sum()),
            lost_margin_minor=_rounded(lost * margin),
            ordered_units=journal.ordered_units,
            ordered_minor=round(journal.ordered_value * minor),
            moved_units=journal.moved_units,
            opening_stock_minor=_rounded(world.opening * cost),
            closing_stock_minor=_rounded(journal.on_hand * cost),
            series_days=int(sells.sum()) * world.days,
            series_days_out=int((journal.evening[:, sells] == 0).sum()),
        )


def _rounded(values: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> int:
    return int(np.rint(values).sum())
