"""Every quantity of a whole plan is explained to the unit, bought or not."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from engine.kernels.alternatives import Quantities
from engine.kernels.columns import texts, whole
from engine.model.plan import Plan
from engine.replenish import Candidates, allocate, compose_plan, explain_line
from support.replenish import Item, candidates_for

ITEMS = st.lists(
    st.builds(
        Item,
        weekly=st.floats(0.0, 60.0),
        price=st.floats(5.0, 60.0),
        cost=st.floats(1.0, 40.0),
        on_hand=st.integers(0, 300),
        reserved=st.integers(0, 20),
        level_cv=st.floats(0.0, 0.8),
        terms=st.fixed_dictionaries(
            {
                "case_pack": st.sampled_from([1, 6, 12]),
                "minimum_units": st.sampled_from([1, 24, 200]),
                "tiers": st.sampled_from([None, "48:4.00|144:3.50"]),
            }
        ),
    ),
    min_size=1,
    max_size=5,
)


def named(items: list[Item]) -> list[Item]:
    return [replace(each, sku=f"S{n}") for n, each in enumerate(items)]


def world(items: list[Item], supplier_minimum: float) -> Candidates:
    supplier: dict[str, Any] = {"supplier": "ACME", "lead_time_days": 7.0, "payment_days": 0}
    if supplier_minimum:
        supplier["minimum_value_micros"] = supplier_minimum * 1_000_000
    return candidates_for(named(items), suppliers=[supplier])


def units_of(plan: Plan) -> dict[tuple[str, str], int]:
    lines = plan.lines
    keys = zip(texts(lines, "sku"), texts(lines, "location"), strict=True)
    return dict(zip(keys, whole(lines, "units").tolist(), strict=True))


# Shrinking a world of items would take minutes; the first failing one is small enough to read.
WORLDS = settings(
    max_examples=25, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip


@WORLDS
@given(
    items=ITEMS,
    budget=st.none() | st.integers(0, 500_000),
    supplier_minimum=st.sampled_from([0.0, 400.0, 5_000.0]),
)
def test_the_steps_of_every_item_add_up_to_its_quantity_in_any_world(
    items: list[Item], budget: int | None, supplier_minimum: float
) -> None:
    candidates = world(items, supplier_minimum)
    decision = allocate(candidates, budget)
    bought = units_of(compose_plan(candidates, budget))
    for row, key in enumerate(
        zip(candidates.items["sku"], candidates.items["location"], strict=True)
    ):
        steps = explain_line(candidates, row, decision.choice, decision.free, decision.causes)
        assert sum(units for _, units in steps) == bought.get(key, 0)


@WORLDS
@given(items=ITEMS)
def test_no_pack_more_or_less_earns_more_where_no_budget_binds(items: list[Item]) -> None:
    candidates = world(items, 0.0)
    bought = units_of(compose_plan(candidates, None))
    for row, key in enumerate(
        zip(candidates.items["sku"], candidates.items["location"], strict=True)
    ):
        if key not in bought:
            continue
        more = quantities(candidates, row).more(bought[key])
        less = quantities(candidates, row).less(bought[key])
        if more is not None:
            assert more.value_minor <= 1e-6
        assert less is not None
        assert less.value_minor <= 1e-6


@pytest.mark.parametrize("pack", [1, 12])
def test_what_is_bought_has_a_pack_more_to_compare_with(pack: int) -> None:
    items = [Item(weekly=weekly, terms={"case_pack": pack}) for weekly in (2, 5, 9, 14, 30, 44)]
    candidates = world(items, 0.0)
    bought = units_of(compose_plan(candidates, None))
    for row in range(len(items)):
        units = bought[f"S{row}", "MAIN"]
        more = quantities(candidates, row).more(units)
        assert more is not None
        assert more.by_units >= pack
        assert more.value_minor < 0


def quantities(candidates: Candidates, row: int) -> Quantities:
    span = slice(int(candidates.first[row]), int(candidates.first[row + 1]))
    return Quantities(
        units=candidates.units[span],
        cost_minor=candidates.cost_minor[span],
        value=candidates.value[span],
    )


WEIGHED = Quantities(
    units=np.asarray([0, 12, 24, 36]),
    cost_minor=np.asarray([0, 1_200, 2_400, 3_600]),
    value=np.asarray([0.0, 900.0, 1_100.0, 1_050.0]),
)


def test_a_pack_more_is_told_in_profit_and_cash() -> None:
    more = WEIGHED.more(24)
    assert more is not None
    assert (more.units, more.by_units, more.value_minor, more.cost_minor) == (36, 12, -50.0, 1_200)
    assert more.rate == pytest.approx(-50 / 1_200)


def test_a_pack_less_frees_cash_and_loses_profit() -> None:
    less = WEIGHED.less(24)
    assert less is not None
    assert (less.units, less.value_minor, less.cost_minor) == (12, -200.0, -1_200)
    assert WEIGHED.less(0) is None


def test_a_quantity_that_was_not_weighed_has_no_value_of_its_own() -> None:
    assert WEIGHED.instead(24, 20) is None
    assert WEIGHED.more(36) is None
    named_one = WEIGHED.instead(24, 12)
    assert named_one is not None
    assert named_one.by_units == -12
