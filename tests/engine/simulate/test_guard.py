"""A policy that was given the future is refused, whichever way it was given."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from engine.kernels.known import as_known_on
from engine.model.config import PlanConfig
from engine.model.snapshot import Snapshot
from engine.service.replay_plan import plan_policy
from engine.simulate.guard import FutureSeen, refuse_future
from engine.simulate.held_back import held_back
from engine.simulate.journal import Journal
from engine.simulate.policy import ORDERS, Decision, Situation, do_nothing
from engine.simulate.replay import run
from support.company import small_company, snapshot_of

CONFIG = PlanConfig(paths=16, horizon=4, challenger=False)
DAY = date(2026, 11, 2)


def quick(orders: pd.DataFrame, _day: date) -> "pd.Series[int]":
    return pd.Series(3, index=orders.index)


def with_rows_of(known: Snapshot, later: Snapshot, table: str) -> Snapshot:
    return replace(known, tables={**known.tables, table: later[table]})


@pytest.mark.parametrize("table", ["sales", "stock", "receipts", "purchase_orders", "backorders"])
def test_a_row_of_the_day_or_later_is_refused_by_name(table: str) -> None:
    whole = snapshot_of(small_company)
    known = as_known_on(whole, DAY)

    assert refuse_future(known, DAY) is known
    with pytest.raises(FutureSeen, match=rf"The data of 2026-11-02 holds a row of {table} with"):
        refuse_future(with_rows_of(known, whole, table), DAY)


def test_what_was_shipped_later_is_refused_though_the_order_is_old() -> None:
    known = as_known_on(snapshot_of(small_company), DAY)
    orders = known["purchase_orders"].copy()
    orders.loc[orders.index[-1], "shipped_on"] = pd.Timestamp(DAY)

    with pytest.raises(FutureSeen, match="purchase_orders with shipped_on 2026-11-02"):
        refuse_future(replace(known, tables={**known.tables, "purchase_orders": orders}), DAY)


def test_plans_may_lie_ahead() -> None:
    known = as_known_on(snapshot_of(small_company), DAY)

    assert (known["promotions"]["end_date"] > pd.Timestamp(DAY)).any()
    assert refuse_future(known, DAY) is known


def test_a_replay_of_a_world_that_knows_its_future_does_not_begin() -> None:
    whole = snapshot_of(small_company)
    world = held_back(whole, 14, CONFIG)
    leaking = replace(world, known=with_rows_of(world.known, whole, "sales"))

    with pytest.raises(FutureSeen, match="sales with date"):
        run(leaking, do_nothing, lead_days=quick)


def test_our_plan_is_refused_the_whole_history(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = snapshot_of(small_company)
    world = held_back(whole, 14, CONFIG)
    monkeypatch.setattr(Journal, "snapshot", lambda _journal, _day: whole)

    with pytest.raises(FutureSeen, match=r"claims to go to 2026-11-16.*Situation\.snapshot"):
        run(world, plan_policy(CONFIG, None), lead_days=quick)


def test_a_policy_that_says_when_its_order_will_arrive_is_refused() -> None:
    world = held_back(snapshot_of(small_company), 14, CONFIG)

    def seer(situation: Situation, /) -> Decision:
        first = situation.series.iloc[0]
        row = {**first[["sku", "location", "supplier", "cost"]], "units": 5, "placed_on": None,
               "arrives_on": pd.Timestamp(situation.day)}  # fmt: skip
        return Decision(orders=pd.DataFrame([row], columns=list(ORDERS)))

    with pytest.raises(FutureSeen, match="How long an order takes shows when it comes"):
        run(world, seer, lead_days=quick)
    assert run(world, seer, lead_days=quick, hindsight=True).outcome("seer").orders == 2
