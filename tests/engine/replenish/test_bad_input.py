"""Bad input is named, and nothing is ordered rather than something wrong."""

from typing import Any

import pytest

from support.replenish import (
    Item,
    plan_for,
)
from support.supply import day


@pytest.mark.parametrize(
    ("item", "tables", "why"),
    [
        (Item(supplier=None), {"supplier_items": [], "suppliers": []}, "no supplier"),
        (
            Item(),
            {"suppliers": [{"supplier": "ACME", "currency": "USD", "lead_time_days": 7.0}]},
            "no exchange rate for USD",
        ),
    ],
)
def test_what_cannot_be_bought_is_named_and_nothing_is_ordered(
    item: Item, tables: dict[str, Any], why: str
) -> None:
    plan = plan_for([item], **tables)

    assert plan.lines.empty
    assert plan.exceptions.set_index("code").loc["cannot_buy"]["facts"]["why"] == why


def test_nothing_is_bought_of_a_discontinued_item() -> None:
    assert plan_for([Item(item={"status": "discontinued"})]).lines.empty


def test_nothing_is_bought_that_sells_below_cost() -> None:
    assert plan_for([Item(price=9, cost=10)]).lines.empty


def test_a_supplier_that_takes_no_orders_is_no_reason_to_fail() -> None:
    shut = [{"supplier": "ACME", "start_date": day(-1), "end_date": day(1200)}]

    assert plan_for([Item()], closures=shut).lines.empty
