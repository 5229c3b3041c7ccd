"""Room, containers and minimums reach the plan, and its lines and cuts say so."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine.replenish import Candidates, compose_plan
from engine.replenish.allocate.certificate import certified_bound
from engine.replenish.compose import allocate
from engine.replenish.pose import problem_of
from support.replenish import Item, candidates_for

PAIR = [
    Item(sku="A", weekly=20.0, price=30.0, cost=10.0, item={"volume_l": 2.0}),
    Item(sku="B", weekly=20.0, price=14.0, cost=10.0, item={"volume_l": 2.0}),
]


def with_room(candidates: Candidates, litres: float) -> Candidates:
    rooms = pd.DataFrame({"location": ["MAIN"], "free_volume_l": [litres], "free_units": [np.nan]})
    return replace(candidates, rooms=rooms)


def with_group(candidates: Candidates, **asked: float) -> Candidates:
    return replace(candidates, groups=candidates.groups.assign(**asked))


def test_room_goes_to_what_earns_most_and_the_cut_names_it() -> None:
    free = candidates_for(PAIR)
    plan = compose_plan(with_room(free, 40.0), None)

    taken = plan.lines.merge(free.items[["sku", "volume_l"]], on="sku")
    assert (taken["units"] * taken["volume_l"]).sum() <= 40.0
    assert plan.lines["sku"].iloc[0] == "A"
    assert set(plan.cuts["cause"]) == {"room:MAIN"}
    assert plan.cuts["reason"].str.contains("room at its location").all()


def test_limits_that_keep_nothing_out_change_nothing_and_cost_nothing() -> None:
    candidates = with_room(candidates_for(PAIR), 1e6)
    ample = allocate(candidates, 10_000_000)
    free = allocate(candidates_for(PAIR), None)

    assert ample.choice.tolist() == free.choice.tolist()
    assert ample.solution.price.tolist() == [0.0, 0.0]  # of the budget and of the room
    assert ample.allocation.next_thousand_minor == 0
    problem = problem_of(candidates, 10_000_000)
    proved = certified_bound(problem, ample.solution.certificate)
    assert ample.solution.value <= proved == pytest.approx(ample.solution.bound)


def test_a_full_location_gets_nothing() -> None:
    assert compose_plan(with_room(candidates_for(PAIR), 0.0), None).lines.empty


def test_a_containers_freight_is_part_of_what_is_spent() -> None:
    free = compose_plan(candidates_for(PAIR), None)
    boxed = with_group(candidates_for(PAIR), container_volume_l=1_000.0, container_cost_minor=500.0)
    plan = compose_plan(boxed, None)

    assert plan.lines["units"].tolist() == free.lines["units"].tolist()
    assert plan.allocation.spent_minor == int(plan.lines["cost_minor"].sum()) + 500
    assert plan.allocation.value_minor == free.allocation.value_minor - 500


def test_a_budget_that_the_freight_would_break_is_not_exceeded() -> None:
    free = compose_plan(candidates_for(PAIR), None)
    boxed = with_group(candidates_for(PAIR), container_volume_l=1_000.0, container_cost_minor=500.0)
    budget = int(free.lines["cost_minor"].sum())
    plan = compose_plan(boxed, budget)

    assert plan.allocation.spent_minor <= budget
    assert int(plan.lines["cost_minor"].sum()) <= budget - 500


def test_lines_kept_for_the_suppliers_minimum_say_so_when_the_budget_binds() -> None:
    """Cash is scarce: B alone would not be bought at its price, but A needs the minimum."""
    suppliers = [
        {"supplier": name, "lead_time_days": 7.0, "payment_days": 0} for name in ("ACME", "BETA")
    ]
    rival = Item(sku="C", weekly=40.0, price=30.0, cost=10.0, supplier="BETA")
    candidates = candidates_for([*PAIR, rival], suppliers=suppliers)
    spent = compose_plan(candidates, None).lines.set_index("sku")["cost_minor"]
    least = candidates.groups.assign(minimum_minor=[float(spent["A"] + 10_000), 0.0])
    budget = int(spent["A"] + 10_000 + 0.7 * spent["C"])

    plan = compose_plan(replace(candidates, groups=least), budget)

    lines = plan.lines.set_index("sku")
    assert dict(lines.loc["B", "steps"])["supplier minimum"] > 0
    assert "supplier's minimum" in str(lines.loc["B", "reason"])
    for _, line in lines.iterrows():
        assert sum(units for _, units in line["steps"]) == line["units"]
