"""Orders that never come are learned from, and late ones are not taken for lost."""

from typing import Any

import numpy as np
import pytest

from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.supply import inbound, lead_times
from engine.supply.lost import lost_by_now, still_out
from support.demand import AS_OF
from support.supply import Row, delivered, order, receipt, supply_snapshot

CONFIG = PlanConfig()


def lately() -> tuple[list[Row], list[Row]]:
    """Ten orders that took ten days each, the last of them placed a month ago."""
    orders = [order(f"P{i}", 30 + i) for i in range(10)]
    return orders, [receipt(f"P{i}", 20 + i) for i in range(10)]


def lost_share(**tables: Any) -> float:
    return float(lead_times(supply_snapshot(**tables), CONFIG).lost[0])


def test_nothing_is_lost_where_nothing_was_ever_missing() -> None:
    orders, receipts = delivered([10, 11, 12] * 4)

    assert lost_share(purchase_orders=orders, receipts=receipts) == 0.0


def test_lines_cancelled_whole_are_lost_orders() -> None:
    orders, receipts = delivered([10] * 14)
    gone = [order(f"GONE-{i}", 60 + i, cancelled_units=10) for i in range(6)]

    share = lost_share(purchase_orders=[*orders, *gone], receipts=receipts)

    assert share == pytest.approx((6 + 0.009) / (6 + 14 + 6), abs=1e-6)


def test_what_later_orders_have_overtaken_is_lost_and_what_is_merely_late_is_not() -> None:
    orders, receipts = lately()
    overtaken = [order(f"OLD-{i}", 70 + i) for i in range(4)]
    late = [order(f"LATE-{i}", 29 - i) for i in range(4)]

    assert lost_share(purchase_orders=[*orders, *overtaken], receipts=receipts) > 0.1
    assert lost_share(purchase_orders=[*orders, *late], receipts=receipts) == 0.0


def test_an_overtaken_order_is_supply_with_the_chance_that_it_still_comes() -> None:
    orders, receipts = lately()
    gone = [order(f"GONE-{i}", 90 + i, cancelled_units=10) for i in range(4)]
    old = order("OLD", 60)
    made = supply_snapshot(purchase_orders=[*orders, *gone, old], receipts=receipts)

    found = inbound(made, lead_times(made, CONFIG), Decisions(), AS_OF)

    assert 0.0 < float(found.arrival.sum()) < 0.5


def test_the_longer_it_is_out_the_likelier_it_is_lost() -> None:
    """Bayes by hand: p / (p + (1 - p) S), S(12) of a pmf on days 10 and 12 with its late tail."""
    pmf = np.zeros((1, 20))
    pmf[0, [10, 12]] = 0.5
    days = np.array([0, 11, 12, 13, 40])
    behind = np.ones(5, dtype=np.bool_)
    chance = lost_by_now(np.full(5, 0.2), np.repeat(pmf, 5, axis=0), days, behind)
    waiting = lost_by_now(np.full(5, 0.2), np.repeat(pmf, 5, axis=0), days, ~behind)

    stays = 0.95 * 0.5 + 0.05 * np.exp(-12 / 16.5)
    assert still_out(pmf, np.array([12]), behind[:1])[0] == pytest.approx(stays)
    assert chance[2] == pytest.approx(0.2 / (0.2 + 0.8 * stays))
    assert (np.diff(chance) >= 0).all()
    assert chance[-1] > 0.9
    assert (waiting[3:] < chance[3:]).all()
