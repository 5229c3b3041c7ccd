"""What a budget is worth, as figures and as a picture."""

import numpy as np
import pytest

from agent.views.budget_chart import budget_picture, budget_words
from engine.replenish.budget_curve import BudgetCurve, budget_curve
from support.replenish import Item, candidates_for

PNG = b"\x89PNG\r\n\x1a\n"
ITEMS = [
    Item(sku=f"S{n}", weekly=4.0 + n, price=12.0 + 3 * n, cost=6.0 + n, on_hand=n % 5)
    for n in range(12)
]


@pytest.fixture(scope="module")
def curve() -> BudgetCurve:
    return budget_curve(candidates_for(ITEMS), (0.0, 0.2, 0.5, 1.0))


def test_more_budget_never_brings_less_and_no_point_lies_above_its_bound(
    curve: BudgetCurve,
) -> None:
    assert curve.value[0] == 0.0
    assert (np.diff(curve.value) > 0).all()
    assert (curve.bound >= curve.value - 1e-6 * curve.value[-1]).all()
    assert (curve.spent <= curve.budget).all()


def test_cash_is_worth_more_where_it_is_scarcer(curve: BudgetCurve) -> None:
    assert curve.worth_more[1] > curve.worth_more[2] > 0


def test_the_curve_is_drawn_the_same_each_time_and_said_in_words(curve: BudgetCurve) -> None:
    assert budget_picture(curve, 10_000) == budget_picture(curve, 10_000)
    assert budget_picture(curve, None).startswith(PNG)
    assert f"{curve.value[-1] / curve.scale:,.0f}" in budget_words(curve)
