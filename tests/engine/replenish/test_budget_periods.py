"""Budgets of a week and a month, of a category and a supplier, in force at once."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from engine.model.decisions import BUDGETS, Decisions
from engine.replenish import Candidates, compose_plan
from engine.replenish.limits import cap_frame
from engine.service.decisions import budget_in_force
from support.replenish import Item, candidates_for

ITEMS = [
    Item(sku="CUP", weekly=3.0, price=21.0, cost=10.0, item={"category": "home/table"}),
    Item(sku="MUG", weekly=4.0, price=18.0, cost=9.0, item={"category": "home/table"}),
    Item(sku="RUG", weekly=2.0, price=60.0, cost=25.0, item={"category": "home/floor"}),
]
CANDIDATES = candidates_for(ITEMS)
SCOPES = ("total", "category:home", "category:home/table", "supplier:ACME")
PERIODS = ("2026-W48", "2026-11", "2026-Q4")
Row = tuple[str, str, int, int]
OPTIONS = 9  # of an item that brute force tries: every so manyth quantity


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(SCOPES), st.sampled_from(PERIODS),
            st.integers(0, 25_000), st.integers(0, 4_000),
        ),
        min_size=2, max_size=7, unique_by=lambda row: row[:2],
    )
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_every_budget_of_every_period_holds_and_nothing_better_keeps_to_all(
    rows: list[Row],
) -> None:
    decisions = Decisions(budgets=pd.DataFrame(rows, columns=list(BUDGETS)))
    few = _few_options(replace(CANDIDATES, caps=cap_frame(decisions)))
    plan = compose_plan(few, budget_in_force(decisions))

    assert all(_spent(plan.lines, scope) <= max(cap - taken, 0) for scope, _, cap, taken in rows)
    assert plan.allocation.value_minor == pytest.approx(_best(few, rows), abs=1.0)


def test_the_week_binds_one_supplier_while_the_month_binds_the_total() -> None:
    rows = [
        ("total", "2026-W48", 60_000, 0),
        ("total", "2026-11", 200_000, 185_000),
        ("supplier:ACME", "2026-W48", 9_000, 0),
        ("supplier:ACME", "2026-11", 100_000, 20_000),
    ]
    items = [*ITEMS, Item(sku="VASE", weekly=4.0, price=40.0, cost=15.0, supplier="OTHER")]
    decisions = Decisions(budgets=pd.DataFrame(rows, columns=list(BUDGETS)))
    plan = compose_plan(candidates_for(items, decisions=decisions), budget_in_force(decisions))

    assert 7_000 < _spent(plan.lines, "supplier:ACME") <= 9_000
    assert 13_000 < _spent(plan.lines, "total") <= 15_000
    assert {"budget", "supplier:ACME"} & set(plan.cuts["cause"])


def _few_options(candidates: Candidates) -> Candidates:
    """So few quantities of each item that all their combinations can be tried."""
    spans = zip(candidates.first[:-1], candidates.first[1:], strict=True)
    kept = [np.unique(np.linspace(a, b - 1, OPTIONS).astype(np.int64)) for a, b in spans]
    rows = np.concatenate(kept)
    return replace(
        candidates,
        first=np.cumsum([0, *(len(each) for each in kept)]).astype(np.int64),
        units=candidates.units[rows],
        cost_minor=candidates.cost_minor[rows],
        value=candidates.value[rows],
    )


def _spent(lines: pd.DataFrame, scope: str) -> int:
    kind, _, name = scope.partition(":")
    if kind == "supplier":
        lines = lines[lines["supplier"] == name]
    if kind == "category":
        path = lines["sku"].map({each.sku: each.item["category"] for each in ITEMS})
        lines = lines[(path == name) | path.str.startswith(f"{name}/")]
    return int(lines["cost_minor"].sum())


def _best(few: Candidates, rows: list[Row]) -> float:
    spans = [range(a, b) for a, b in zip(few.first[:-1], few.first[1:], strict=True)]
    choices = np.asarray(list(itertools.product(*spans)))
    fits = np.ones(len(choices), dtype=np.bool_)
    for scope, _, cap, taken in rows:
        member = np.asarray([_covers(scope, row) for row in few.items.to_dict("records")])
        fits &= few.cost_minor[choices][:, member].sum(axis=1) <= max(cap - taken, 0)
    return float(few.value[choices].sum(axis=1)[fits].max())


def _covers(scope: str, item: dict[str, str]) -> bool:
    kind, _, name = scope.partition(":")
    if kind == "category":
        return item["category"] == name or item["category"].startswith(f"{name}/")
    return kind == "total" or item["supplier"] == name
