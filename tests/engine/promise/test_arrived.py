"""Who was served by which arrival: the first to come goes to the first in the queue."""

from datetime import date

from engine.promise.allocate import Allocation, allocate
from engine.promise.arrived import Arrived, arrived_since, served_by
from engine.promise.policy import PromisePolicy
from support.promises import out, shop, waiting
from support.supply import day

HERE = ("A", "MAIN")
EARLY = Arrived(po="P1", on=date(2026, 11, 3), units=4)
LATE = Arrived(po="P2", on=date(2026, 11, 6), units=6)


def given(units: int) -> Allocation:
    lines = [waiting("W1", 3), waiting("W2", 3, paid=1), waiting("W3", 5, paid=2)]
    return allocate({HERE: units}, lines, PromisePolicy())


def test_what_came_first_goes_to_the_first_in_the_queue() -> None:
    found = served_by(given(10), {}, {HERE: (EARLY, LATE)})

    assert {key[0]: by.po for key, by in found.items()} == {"W1": "P1", "W2": "P2", "W3": "P2"}


def test_who_held_it_before_was_served_by_none_of_it_and_takes_none_of_it() -> None:
    held = {("W1", *HERE): 3}

    found = served_by(given(10), held, {HERE: (EARLY, LATE)})

    assert {key[0]: by.po for key, by in found.items()} == {"W2": "P1", "W3": "P2"}


def test_units_beyond_all_that_came_stand_with_the_last_arrival() -> None:
    assert served_by(given(11), {}, {HERE: (EARLY,)})[("W3", *HERE)] == EARLY
    assert served_by(given(11), {}, {}) == {}


def test_arrivals_are_in_the_order_in_which_they_came_and_booked_ones_last() -> None:
    snapshot = shop(
        purchase_orders=[out("P1", 20, 5), out("P2", 20, 5)],
        receipts=[
            {"po": "P2", "line": 1, "received_on": day(-1), "units": 5},
            {"po": "P1", "line": 1, "received_on": day(-3), "units": 5},
        ],
    )  # fmt: skip
    moved = [(HERE, Arrived(po="transfer from SHOP", on=day(-2), units=2))]

    found = arrived_since(snapshot, day(-3), {("P9", 1, "A", "MAIN"): 4}, moved)

    assert [each.po for each in found[HERE]] == ["P1", "transfer from SHOP", "P2", "P9"]
    assert found[HERE][-1].on is None
