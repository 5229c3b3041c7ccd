"""A pulse is an exception with its size, its chance of being noise and the money at stake."""

from dataclasses import replace

import pandas as pd
import pytest

from engine.model.decisions import Decisions
from engine.model.forecast import PULSES
from engine.replenish import build_candidates, compose_plan
from engine.supply import lead_times
from support.demand import AS_OF
from support.replenish import PLAIN, Item, company, forecast_of


def _exceptions(direction: int, units: float) -> pd.DataFrame:
    items = [Item(weekly=70, on_hand=300, price=30, cost=10)]
    began = pd.Timestamp(AS_OF) - pd.Timedelta(days=2)
    pulse = ("A", "MAIN", direction, 3.1, began, 0.12, units, "a promotion")
    world = company(items)
    forecast = replace(forecast_of(items), pulses=pd.DataFrame([pulse], columns=list(PULSES)))
    candidates = build_candidates(world, forecast, lead_times(world, PLAIN), Decisions(), PLAIN)
    found = compose_plan(candidates, None).exceptions
    return found[found["code"] == "demand_pulse"]


def test_a_jump_puts_the_margin_of_the_units_it_moves_at_stake() -> None:
    found = _exceptions(1, 120.0)

    assert found["key"].tolist() == ["demand_pulse:A:MAIN::"]
    # 20 a unit, less what holding and capital take of the margin.
    assert found["at_stake_minor"].item() == pytest.approx(120 * 2_000, rel=0.02)
    assert found["facts"].item() == {
        "direction": "up", "percent_of_usual": 310, "percent_chance_of_noise": 12,
        "days_so_far": 2, "first_day": "2026-11-21", "moved_units": 120.0,
        "cause": "a promotion",
    }  # fmt: skip


def test_a_collapse_puts_the_cost_of_what_will_lie_idle_at_stake() -> None:
    assert _exceptions(-1, -120.0)["at_stake_minor"].item() == 120 * 1_000


def test_a_pulse_that_hardly_moves_anything_is_nobodys_business() -> None:
    assert _exceptions(1, 0.5).empty
