"""The same inputs give the same plan, and a little more stock no bigger order (acid 22)."""

import itertools
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.model.canonical import digest
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.replenish import Candidates, build_candidates, compose_plan
from engine.supply import lead_times
from support.replenish import (
    PLAIN,
    SEVERAL,
    Item,
    candidates_for,
    company,
    forecast_of,
    ordered,
    plan_for,
)

SEVERAL_CANDIDATES = candidates_for(SEVERAL)


def test_stored_candidates_decide_as_the_originals_do() -> None:
    stored = Candidates.from_tables(SEVERAL_CANDIDATES.to_tables())

    for budget in (None, 50_000):
        first, again = compose_plan(SEVERAL_CANDIDATES, budget), compose_plan(stored, budget)
        assert digest(first) == digest(again)
    assert np.array_equal(stored.value, SEVERAL_CANDIDATES.value)
    pd.testing.assert_frame_equal(stored.items, SEVERAL_CANDIDATES.items)


def test_workers_and_company_change_no_figure() -> None:
    """A SKU's options are the same alone, among others, and on several workers."""
    many = [
        Item(sku=f"S{n:03d}", weekly=1 + n % 17, on_hand=n % 13, size=2.0, level_cv=0.2)
        for n in range(300)
    ]
    world, forecast = company(many), forecast_of(many)
    times = lead_times(world, PLAIN)
    alone = candidates_for([many[7]])
    with ThreadPoolExecutor(3) as pool:
        spread = build_candidates(world, forecast, times, Decisions(), PLAIN, mapped=pool.map)
    together = build_candidates(world, forecast, times, Decisions(), PLAIN)

    assert digest(compose_plan(spread, 90_000)) == digest(compose_plan(together, 90_000))
    span = slice(int(together.first[7]), int(together.first[8]))
    assert np.array_equal(together.value[span], alone.value)


def test_a_plan_is_byte_identical_in_another_process_with_another_hash_seed() -> None:
    here = digest(plan_for(SEVERAL, 70_000))
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from engine.model.canonical import digest\n"
        "from support.replenish import SEVERAL, plan_for\n"
        "print(digest(plan_for(SEVERAL, 70_000)))"
    )
    folder = Path(__file__).parent
    run = subprocess.run(
        [sys.executable, "-c", code, str(folder.parents[1])],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "4242", "PYTHONPATH": str(folder.parents[2])},
    )

    assert run.stdout.strip() == here


@pytest.mark.parametrize(
    "terms", [{}, {"case_pack": 6}, {"minimum_units": 24}, {"tiers": "60:9.2"}]
)
def test_one_more_unit_of_stock_never_raises_a_line_by_more_than_a_pack_or_break(
    terms: dict[str, Any],
) -> None:
    item = Item(weekly=12, size=1.0, level_cv=0.3, terms=terms)
    step = max(terms.get("case_pack", 0), terms.get("minimum_units", 0), 1)
    if "tiers" in terms:
        step = 60
    orders = [
        ordered(plan_for([replace(item, on_hand=stock)])).get(("A", "MAIN"), 0)
        for stock in range(0, 56, 7)
    ]

    for less, more in itertools.pairwise(orders):
        assert more <= less + (0 if not terms else step)


def test_config_that_changes_nothing_else_changes_the_objective_only() -> None:
    """Backorders: who waits costs little, so less is held than when sales are lost."""
    item = Item(weekly=10, size=2.0)
    lost = ordered(plan_for([item]))["A", "MAIN"]
    config = PlanConfig(lead_time_spread=0.0, shortage="backorders", waiting_cost=0.02)
    waited = ordered(plan_for([replace(item, on_hand=10)], config=config)).get(("A", "MAIN"), 0)

    assert waited < lost + 10


def test_more_budget_is_never_worth_less_than_the_certified_gap_allows() -> None:
    values = [compose_plan(SEVERAL_CANDIDATES, cap).allocation for cap in range(0, 90_000, 3_700)]

    for less, more in itertools.pairwise(values):
        assert more.value_minor >= less.value_minor - more.gap * more.bound_minor - 1
