"""Stock is moved before it is bought, and never taken from where it is needed."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.model.decisions import OPEN_TRANSFERS, Decisions
from engine.replenish.transfers import Giver, Taker, transfers
from support.replenish import PLAIN, Item, ordered, plan_for
from support.supply import day

FULL = Item(location="FULL", weekly=2, on_hand=200, price=40)
EMPTY = Item(location="EMPTY", weekly=20, on_hand=0, price=40)
SLOW = [{"supplier": "ACME", "lead_time_days": 21.0}]


def moved(items: list[Item], **other: Any) -> int:
    plan = plan_for(items, **({"suppliers": SLOW} | other))
    return int(plan.transfers["units"].sum())


def test_a_transfer_is_proposed_before_a_purchase_and_the_purchase_counts_it() -> None:
    with_it = plan_for([FULL, EMPTY], suppliers=SLOW)
    without = plan_for([EMPTY], suppliers=SLOW)
    move = with_it.transfers.iloc[0]

    assert (move["from_location"], move["to_location"]) == ("FULL", "EMPTY")
    assert move["units"] > 60
    assert move["source_left_units"] == 200 - move["units"]
    assert move["cost_minor"] == move["units"] * 50
    assert ordered(with_it).get(("A", "EMPTY"), 0) < ordered(without)["A", "EMPTY"]


def test_a_source_that_gives_twice_shows_what_is_left_after_both() -> None:
    items = [FULL, EMPTY, replace(EMPTY, location="NORTH", weekly=10)]
    moves = plan_for(items, suppliers=SLOW).transfers

    assert moves["from_location"].tolist() == ["FULL", "FULL"]
    assert moves["source_left_units"].tolist() == (200 - moves["units"].cumsum()).tolist()


def test_the_source_stays_above_its_own_need() -> None:
    assert moved([replace(FULL, weekly=50), EMPTY]) == 0
    plan = plan_for([replace(FULL, weekly=10), EMPTY], suppliers=SLOW)

    # Four weeks until the order after the next could arrive.
    assert plan.transfers["source_left_units"].iloc[0] >= 40


def test_freight_above_the_margin_moves_nothing() -> None:
    dear = replace(PLAIN, transfer_cost_micros=31_000_000)

    assert moved([FULL, EMPTY], config=dear) == 0


def test_a_transfer_that_would_arrive_after_the_shortage_is_over_is_not_made() -> None:
    """Ninety arrive on the third day; a transfer of five days would come too late."""
    coming = {
        "po": "P1", "line": 1, "supplier": "ACME", "sku": "A", "location": "EMPTY",
        "ordered_on": day(-18), "units": 400,
    }  # fmt: skip
    slow = replace(PLAIN, transfer_days=5)

    assert moved([FULL, EMPTY], config=slow, purchase_orders=[coming]) == 0
    assert moved([FULL, EMPTY], config=slow) > 0


def test_a_transfer_under_way_is_counted_at_both_ends() -> None:
    way = pd.DataFrame([("A", "FULL", "EMPTY", 90, day(1), True)], columns=list(OPEN_TRANSFERS))
    decided = Decisions(open_transfers=way)

    again = moved([FULL, EMPTY], decisions=decided)

    assert again < moved([FULL, EMPTY]) - 60


@pytest.mark.parametrize(("still_counted", "left"), [(True, 110), (False, 200)])
def test_units_that_left_before_the_last_count_are_not_taken_off_it_again(
    still_counted: bool,  # noqa: FBT001
    left: int,
) -> None:
    columns = list(OPEN_TRANSFERS)
    way = pd.DataFrame([("A", "FULL", "AFAR", 90, day(1), still_counted)], columns=columns)

    plan = plan_for([FULL, EMPTY], suppliers=SLOW, decisions=Decisions(open_transfers=way))

    (move,) = plan.transfers.to_dict("records")
    assert move["source_left_units"] == left - move["units"]


def test_a_store_that_is_supplied_does_not_buy_and_its_need_is_its_sources() -> None:
    store = Item(location="STORE", weekly=20, price=40)
    places = [{"location": "HUB"}, {"location": "STORE", "supplied_from": "HUB"}]
    hub = Item(location="HUB", weekly=1, on_hand=30, price=40)
    plan = plan_for([hub, store], locations=places)
    alone = plan_for([hub], locations=places)

    assert plan.transfers[["from_location", "to_location"]].to_numpy().tolist() == [
        ["HUB", "STORE"]
    ]
    # A week from the second day on, less what the hub's own customers would miss.
    assert 15 <= plan.transfers["units"].iloc[0] <= 30
    assert set(ordered(plan)) == {("A", "HUB")}
    assert ordered(plan)["A", "HUB"] > ordered(alone).get(("A", "HUB"), 0) + 10


def test_a_hub_that_sells_nothing_itself_buys_for_its_stores() -> None:
    stores = [Item(location=name, weekly=10, price=40) for name in ("NORTH", "SOUTH")]
    places = [
        {"location": "HUB"},
        {"location": "NORTH", "supplied_from": "HUB"},
        {"location": "SOUTH", "supplied_from": "HUB"},
    ]
    plan = plan_for(stores, locations=places)

    assert set(ordered(plan)) == {("A", "HUB")}
    assert 20 <= ordered(plan)["A", "HUB"] <= 60


def test_a_journey_that_costs_more_than_all_it_carries_is_not_made() -> None:
    free = plan_for([FULL, EMPTY], suppliers=SLOW).transfers
    worth = int(free["value_minor"].sum())
    paying, dear = (
        plan_for([FULL, EMPTY], suppliers=SLOW, config=replace(PLAIN, transfer_fixed_micros=cost))
        for cost in ((worth - 5_000) * 10_000, (worth + 5_000) * 10_000)
    )

    assert paying.transfers["value_minor"].sum() == 5_000
    assert paying.transfers["units"].tolist() == free["units"].tolist()
    assert dear.transfers.empty
    assert ordered(dear)["A", "EMPTY"] > ordered(paying).get(("A", "EMPTY"), 0)


def test_several_items_share_one_journey() -> None:
    """Neither pays the journey alone; both together do."""
    pairs = [replace(each, sku=sku) for sku in ("A", "B") for each in (FULL, EMPTY)]
    one = int(plan_for([FULL, EMPTY], suppliers=SLOW).transfers["value_minor"].sum())
    config = replace(PLAIN, transfer_fixed_micros=int(1.5 * one) * 10_000)

    assert moved([FULL, EMPTY], config=config) == 0
    both = plan_for(pairs, suppliers=SLOW, config=config).transfers
    assert sorted(both["sku"]) == ["A", "B"]
    assert both["value_minor"].sum() == pytest.approx(0.5 * one, rel=0.05)


def test_what_a_place_gets_it_does_not_give_on() -> None:
    """Both are short in some paths and long in others; stock does not travel both ways."""
    rough = np.repeat([0.0, 6.0], 8)
    givers = [Giver(place=n, available=9, spare=rough, margin=0.0, keeps=0.0) for n in range(2)]
    takers = [Taker(place=n, need=rough[::-1].copy(), margin=9.0) for n in range(2)]

    moves = transfers(givers, takers, unit_cost=0.5)

    assert len({(move.source, move.target) for move in moves}) == 1


def test_the_scarce_unit_goes_where_it_saves_most() -> None:
    giver = Giver(place=0, available=1, spare=np.full(8, 5.0), margin=1.0, keeps=0.9)
    takers = [
        Taker(place=1, need=np.full(8, 3.0), margin=4.0),
        Taker(place=2, need=np.full(8, 3.0), margin=9.0),
    ]

    (move,) = transfers([giver], takers, unit_cost=0.5)

    assert (move.target, move.units) == (2, 1)
    assert move.value == pytest.approx(8.5)


def test_a_move_worth_less_than_the_trouble_is_not_made() -> None:
    giver = Giver(place=0, available=9, spare=np.full(8, 5.0), margin=1.0, keeps=0.9)
    taker = Taker(place=1, need=np.full(8, 1.0), margin=2.0)

    assert transfers([giver], [taker], unit_cost=0.5, least_value=3.0) == []
