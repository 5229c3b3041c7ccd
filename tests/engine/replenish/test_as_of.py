"""A plan does not see what is dated on or after its as-of date."""

import pandas as pd
import pytest

from support.replenish import Item, ordered, plan_for
from support.supply import day, order, receipt

ITEM = Item(weekly=10, on_hand=5)


def count(days: int, on_hand: int) -> dict[str, object]:
    return {"date": pd.Timestamp(day(days)), "sku": "A", "location": "MAIN", "on_hand": on_hand}


@pytest.mark.parametrize("days", [0, 3])
def test_stock_counted_later_is_not_seen(days: int) -> None:
    now = plan_for([ITEM], stock=[count(-1, 5)])

    assert ordered(plan_for([ITEM], stock=[count(-1, 5), count(days, 500)])) == ordered(now)
    assert now.lines["on_hand"].tolist() == [5]


@pytest.mark.parametrize("days", [0, 3])
def test_an_order_sent_later_is_no_supply(days: int) -> None:
    assert ordered(plan_for([ITEM], purchase_orders=[order("P1", -days, 500)])) == ordered(
        plan_for([ITEM])
    )


@pytest.mark.parametrize("days", [0, 3])
def test_a_receipt_of_a_later_day_leaves_its_order_open(days: int) -> None:
    out = [order("P1", 5, 12)]

    later = plan_for([ITEM], purchase_orders=out, receipts=[receipt("P1", -days, 12)])

    assert ordered(later) == ordered(plan_for([ITEM], purchase_orders=out))
    assert ordered(later) != ordered(plan_for([ITEM]))
