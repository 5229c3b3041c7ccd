"""An order costs what its plan said, to the minor unit, in any currency and at any price break."""

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from engine.kernels.price_list import stated_tiers
from engine.model.money import MICROS
from engine.purchase.compose import compose_orders
from engine.purchase.spending import spending_by_scope
from engine.purchase.terms import terms_on
from engine.replenish import compose_plan
from support.demand import AS_OF
from support.replenish import Item, candidates_for, company

CURRENCIES = {"ACME": "GBP", "BRAUN": "EUR", "CITO": "JPY"}
prices = st.integers(min_value=1, max_value=2_000_000).map(lambda each: Decimal(each) / 10_000)
tiers = st.lists(st.tuples(st.integers(2, 60), prices), max_size=3)


@st.composite
def sold(draw: st.DrawFn, sku: str) -> Item:
    """An item whose price breaks may fall, rise, be incremental, unreadable or all there is."""
    breaks = "|".join(f"{units}:{price}" for units, price in draw(tiers))
    cost = draw(st.one_of(st.none(), prices))
    supplier = draw(st.sampled_from(sorted(CURRENCIES)))
    terms: dict[str, Any] = {
        "unit_cost_micros": None if cost is None else int(cost * MICROS),
        "tiers": draw(st.sampled_from([breaks or None, breaks or None, "12 for 3"])),
        "tier_kind": draw(st.sampled_from(["all_units", "incremental"])),
        "case_pack": draw(st.sampled_from([1, 6])),
        "minimum_units": draw(st.sampled_from([1, 7, 24])),
    }
    weekly = draw(st.floats(1.0, 30.0))
    return Item(sku=sku, supplier=supplier, weekly=weekly, price=400.0, cost=7.77, terms=terms)


items_sold = st.integers(1, 6).flatmap(
    lambda count: st.tuples(*(sold(f"SKU-{number}") for number in range(count)))
)


@settings(max_examples=25, deadline=None)
@given(items=items_sold, euro=st.integers(5_000, 20_000), cap=st.integers(0, 3_000_000))
def test_what_is_drafted_from_a_plan_sums_to_what_the_plan_spends(
    items: tuple[Item, ...], euro: int, cap: int
) -> None:
    tables: dict[str, Any] = {
        "suppliers": [
            {"supplier": code, "currency": currency, "lead_time_days": 7.0}
            for code, currency in CURRENCIES.items()
        ],
        "fx_rates": [
            {"date": pd.Timestamp(AS_OF), "currency": "EUR", "rate": euro / 10_000},
            {"date": pd.Timestamp(AS_OF), "currency": "JPY", "rate": 0.00531},
        ],
    }
    plan = compose_plan(candidates_for(list(items), **tables), cap)
    world = company(list(items), **tables)
    terms = terms_on(world.tables, day=AS_OF, base_currency="GBP")
    orders = compose_orders(plan.lines, terms, on=AS_OF)
    assert sum(order.base_total_minor for order in orders) == plan.allocation.spent_minor <= cap
    drafted = {(line.sku, order.base_line_minor(line)) for order in orders for line in order.lines}
    assert drafted == set(zip(plan.lines["sku"], plan.lines["cost_minor"], strict=True))
    for order in orders:
        spent = spending_by_scope(order)
        parts = sum(minor for scope, minor in spent.items() if scope.startswith("category:"))
        assert spent["total"] == parts == order.base_total_minor


@pytest.mark.parametrize(
    ("text", "cost", "breaks", "stated"),
    [
        ("12:9|24:8", 10.0, (0, 12, 24), (10, 9, 8)),
        ("12:11", 10.0, (0, 12), (10, 11)),  # rises: so it is stated, so it is paid
        ("12 for 9", 10.0, (0,), (10,)),
        ("12:0", 10.0, (0,), (10,)),
        ("12:9", 0.0, (0, 12), (9, 9)),
        ("12:9", None, (0, 12), (9, 9)),
    ],
)
def test_plan_and_order_read_prices_by_one_rule(
    text: str, cost: float | None, breaks: tuple[int, ...], stated: tuple[int, ...]
) -> None:
    found = stated_tiers(text, None if cost is None else cost * MICROS, None)
    assert found is not None
    assert (found.breaks, found.prices_micros) == (breaks, tuple(p * MICROS for p in stated))


@pytest.mark.parametrize(("text", "cost"), [(None, None), (None, 0.0), ("soon", None), ("", -1.0)])
def test_where_no_price_is_stated_there_is_none(text: str | None, cost: float | None) -> None:
    assert stated_tiers(text, cost, "all_units") is None
