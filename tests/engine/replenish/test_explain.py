"""A quantity's sentence names what really moved it."""

from dataclasses import replace

import pytest

from engine.kernels.ladder import Ladder, reason_of, steps_of

# Sixty are needed, packs of a dozen hold; a price break at 120 is worth its money, budget aside.
BREAK = Ladder(
    demand=50, lost_before=0, on_hand=10, reserved=0, waiting=0, inbound=0, drafted=0, transfers=0,
    need=58, pack=60, minimum=60, tier=120, free=120, ordered=120, stockout_days=5.0,
    protection_days=20.0, cause="",
)  # fmt: skip


def test_a_price_break_is_named_where_the_order_reaches_it() -> None:
    assert reason_of(BREAK) == "About to run out; a larger quantity earns a price break."


def test_a_price_break_that_the_budget_does_not_reach_earns_nothing() -> None:
    cut = replace(BREAK, ordered=84, cause="budget")
    assert "price break" not in reason_of(cut)
    assert "budget" in reason_of(cut)
    assert sum(units for _, units in steps_of(cut)) == 84


@pytest.mark.parametrize(
    ("stockout_days", "says"),
    [
        (0.0, "There is none left to sell"),
        (5.0, "About to run out"),
        (15.0, "Runs out before the order after this one can arrive"),
        (40.0, "Might run out before the order after this one can arrive"),
    ],
)
def test_how_urgent_it_is_comes_first(stockout_days: float, says: str) -> None:
    assert reason_of(replace(BREAK, stockout_days=stockout_days)).startswith(says)
