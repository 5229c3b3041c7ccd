"""The InventoryBench harness: its arithmetic by hand, its two rules, and nobody sees the future."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.errors import InvalidInput
from evals.inventorybench.adapter import config_of, lost, snapshot_at
from evals.inventorybench.buyer import engine_buyer
from evals.inventorybench.foresight import refuse_foresight
from evals.inventorybench.game import Observation, Policy, play
from evals.inventorybench.instances import Instance, load_instances, sampled
from evals.inventorybench.scoring import Scored, figures, score, scored

NEVER = np.inf


def instance(
    demand: list[float],
    lead: list[float],
    *,
    profit: float = 4.0,
    promised: int = 1,
    name: str = "x",
) -> Instance:
    past = [10.0] * 5
    starts = tuple(date(2024, 1, 1) + timedelta(days=7 * k) for k in range(5 + len(demand)))
    return Instance(
        family="synthetic/lead_time_stochastic", name=name, starts=starts, past=np.array(past),
        demand=np.array(demand), lead=np.array(lead, dtype=float),
        promised=promised, profit=profit, holding=1.0,
    )  # fmt: skip


def ordering(*units: int) -> Policy:
    """Orders these, period by period."""
    return lambda seen: units[seen.period]


def watched(views: list[Observation], *units: int) -> Policy:
    def policy(seen: Observation) -> int:
        views.append(seen)
        return units[seen.period]

    return policy


def test_the_reward_of_an_instance_computed_by_hand() -> None:
    """12 + 0 come at once and a period later: sold 10, 2, 8; held 2, 0, 4; (4 x 20 - 6) / 112."""
    played = play(instance([10, 6, 8, 4], [0, 1, 0, NEVER]), ordering(12, 12, 0, 9), "stays")

    assert played.sold.tolist() == [10, 2, 8, 4]
    assert played.held.tolist() == [2, 0, 4, 0]
    assert played.reward == pytest.approx((4 * 24 - 6) / (4 * 28))


def test_a_reward_is_never_negative() -> None:
    assert play(instance([1, 1], [0, 0]), ordering(100, 0), "stays").reward == 0.0


def test_a_lost_order_stays_in_transit_under_one_rule_and_is_missing_under_the_other() -> None:
    seen: dict[str, list[Observation]] = {"stays": [], "missing": []}
    for rule in ("stays", "missing"):
        play(instance([1] * 4, [NEVER, 2, 0, 1]), watched(seen[rule], 7, 5, 3, 0), rule)

    assert seen["stays"][-1].in_transit == (0, 7, 12, 12)
    assert seen["missing"][-1].in_transit == (0, 0, 5, 5)
    assert lost(seen["stays"][-1]) == set()
    assert lost(seen["missing"][-1]) == {0}
    assert [a.units for a in seen["missing"][-1].arrivals] == [3]


def test_the_snapshot_holds_what_is_over_and_nothing_else() -> None:
    views: list[Observation] = []
    play(instance([3, 4, 5, 6], [NEVER, 1, 1, 1]), watched(views, 7, 5, 3, 0), "missing")
    made = snapshot_at(views[3])

    assert made.as_of == views[3].starts[-1]
    assert made["sales"]["date"].max() < pd.Timestamp(made.as_of)
    assert made["sales"]["units"].tolist() == [10.0] * 5 + [3.0, 4.0, 5.0]
    assert made["purchase_orders"]["cancelled_units"].tolist() == [7, 0, 0]
    assert made["receipts"]["units"].tolist() == [5]
    assert made["suppliers"]["lead_time_days"].tolist() == [7.0]
    assert config_of(views[3]).holding_rate * 1000 * 7 / 365 == pytest.approx(1.0)


def test_an_observation_with_anything_of_the_future_is_refused() -> None:
    views: list[Observation] = []
    play(instance([3, 4, 5, 6], [1] * 4), watched(views, 7, 5, 3, 0), "stays")

    with pytest.raises(InvalidInput, match="does not see the future"):
        replace(views[1], demand=views[2].demand)
    with pytest.raises(InvalidInput, match="does not see the future"):
        replace(views[1], arrivals=views[3].arrivals)


def test_a_policy_that_was_told_the_future_is_found_out() -> None:
    """It does not take it from the observation, so only its orders betray it."""

    def told(whole: Instance) -> Policy:
        return lambda seen: int(whole.demand[seen.period : seen.period + 4].sum())

    def honest(_whole: Instance) -> Policy:
        return lambda seen: int(seen.demand[-4:].sum())

    whole = instance([3, 4, 5, 6, 7, 8, 9, 10], [1] * 8)
    refuse_foresight(whole, honest, "stays")
    with pytest.raises(InvalidInput, match="the policy sees the future"):
        refuse_foresight(whole, told, "stays")


@pytest.fixture(scope="module")
def few() -> list[Instance]:
    """Short ones, of which one loses an order."""
    random = np.random.default_rng(4)
    leads = ([2, 2, 2], [NEVER, 1, 1])
    return [
        instance(random.poisson(20, 3).astype(float).tolist(), list(lead), promised=2, name=f"i{k}")
        for k, lead in enumerate(leads)
    ]


def test_neither_the_order_of_instances_nor_those_beside_it_change_a_reward(
    few: list[Instance],
) -> None:
    whole = {each.name: scored(each).rewards for each in few}
    turned = {each.name: scored(each).rewards for each in reversed(few)}

    assert whole == turned


@pytest.mark.slow
def test_the_number_of_processes_changes_nothing_but_the_time(few: list[Instance]) -> None:
    one, two = (score(few, workers, lambda _: None) for workers in (1, 2))

    assert one["rule_b"] == two["rule_b"]
    assert one["instances"] == 2


def test_the_engine_orders_what_demand_and_its_ratio_call_for() -> None:
    """Nothing in stock, lead time 1: one period's demand is wanted, more where losing is dear."""
    views: list[Observation] = []
    random = np.random.default_rng(1)
    game = instance(random.poisson(50, 30).astype(float).tolist(), [1] * 30, profit=19.0)
    play(game, watched(views, *[0] * 30), "stays")
    dear, cheap = views[-1], replace(views[-1], profit=1.0)

    assert 40 <= engine_buyer(cheap) <= 56
    assert engine_buyer(cheap) + 5 <= engine_buyer(dear) <= 110


def test_lost_orders_are_made_up_for_and_not_hoarded_against() -> None:
    """A third never comes: a few periods' demand is ordered, whatever the margin."""
    views: list[Observation] = []
    leads = [NEVER, 1, 2] * 6
    game = instance([50.0] * 18, leads, profit=19.0, promised=2)
    play(game, watched(views, *[50] * 18), "missing")

    assert 50 <= engine_buyer(views[-1]) <= 400


def test_means_are_over_instances_and_families() -> None:
    def one(family: str, a: float, b: float) -> Scored:
        return Scored(family=family, name="n", rewards={"rule_a": a, "rule_b": b}, seconds=1.0)

    made = figures([one("real/lead_time_0", 0.2, 0.3), one("real/lead_time_4", 0.6, 0.7),
                    one("synthetic/lead_time_4", 1.0, 0.9)])  # fmt: skip

    assert made["rule_a"]["overall"] == 0.6
    assert made["rule_b"]["real"] == 0.5
    assert made["rule_b"]["families"]["synthetic/lead_time_4"] == 0.9


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str], Path]:
    def write(first: str) -> Path:
        home = tmp_path / "bench" / "real_trajectory" / "lead_time_stochastic" / "123"
        home.mkdir(parents=True)
        past = {"exact_dates_123": ["2019-01-07", "2019-01-14"], "demand_123": [5, 6]}
        pd.DataFrame(past).to_csv(home / "train.csv", index=False)
        test = {
            "exact_dates_123": [first, "2019/1/28"], "demand_123": [7, 8], "description_123": "x",
            "lead_time_123": ["inf", 2], "profit_123": 4, "holding_cost_123": 1,
        }  # fmt: skip
        pd.DataFrame(test).to_csv(home / "test.csv", index=False)
        return tmp_path

    return write


def test_instances_are_read_from_the_folder_or_its_parent(folder: Callable[[str], Path]) -> None:
    found = load_instances(folder("2019/1/21"))

    assert [each.family for each in found] == ["real/lead_time_stochastic"]
    assert found[0].lead.tolist() == [NEVER, 2.0]
    assert found[0].promised == 2
    assert [day.isoformat() for day in found[0].starts][2:] == ["2019-01-21", "2019-01-28"]


def test_periods_without_dates_are_weeks_one_after_the_other(
    folder: Callable[[str], Path],
) -> None:
    starts = load_instances(folder("Period_1"))[0].starts

    assert {(b - a).days for a, b in pairwise(starts)} == {7}


def test_a_sample_does_not_depend_on_the_order_of_the_instances(few: list[Instance]) -> None:
    first, last = sampled(few, 1), sampled(few[::-1], 1)

    assert [each.name for each in first] == [each.name for each in last]


def test_a_folder_without_instances_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"holds no KIND/lead_time"):
        load_instances(tmp_path)
