"""What-ifs on lead time, terms and service weigh the stored run anew, and only what they touch."""

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InvalidInput
from engine.kernels.columns import texts
from engine.model.snapshot import Snapshot
from engine.model.supply import LeadTimes
from engine.model.supposed import Supposed
from engine.replenish import Candidates
from engine.replenish.other_terms import with_terms
from engine.replenish.splice import spliced
from engine.supply import lead_times
from engine.supply.supposed import with_lead_time
from support.replenish import PLAIN, Item, candidates_for, company

ITEMS = [
    Item(sku=sku, location=place, weekly=weekly, level_cv=0.3, on_hand=20)
    for sku, weekly in (("A", 9), ("B", 30), ("C", 4))
    for place in ("MAIN", "NORTH")
]


def lanes(spread: float = 0.3) -> LeadTimes:
    return lead_times(company(ITEMS), replace(PLAIN, lead_time_spread=spread))


def moments(given: LeadTimes) -> tuple[float, float]:
    days, chances = np.arange(given.pmf.shape[1], dtype=np.float64), given.pmf[0]
    mean = float(np.dot(chances, days))
    return mean, float(np.dot(chances, days**2) - mean**2) ** 0.5


def test_a_slower_supplier_moves_the_mean_by_just_so_many_days_and_keeps_the_spread() -> None:
    before, after = lanes(), with_lead_time(lanes(), "ACME", later_days=21)
    assert moments(after)[0] == pytest.approx(moments(before)[0] + 21)
    assert moments(after)[1] == pytest.approx(moments(before)[1])
    assert after.pmf.sum(axis=1) == pytest.approx(np.ones(len(after.pmf)))
    assert after.lanes["mean_days"].iloc[0] == pytest.approx(moments(after)[0])


def test_twice_the_spread_keeps_the_mean() -> None:
    before, after = lanes(0.1), with_lead_time(lanes(0.1), "ACME", spread=2.0)
    assert moments(after)[0] == pytest.approx(moments(before)[0], abs=0.05)
    assert moments(after)[1] == pytest.approx(2 * moments(before)[1], rel=0.1)


def test_a_supplier_that_is_faster_than_possible_delivers_at_once() -> None:
    assert moments(with_lead_time(lanes(), "ACME", later_days=-300))[0] == 0.0


def test_nobody_else_moves() -> None:
    assert np.array_equal(with_lead_time(lanes(), "OTHER", later_days=9).pmf, lanes().pmf)


def of(items: list[Item]) -> Candidates:
    return candidates_for(items)


def test_items_weighed_anew_with_nothing_changed_are_the_same_candidates() -> None:
    base = of(ITEMS)
    part = candidates_for([each for each in ITEMS if each.sku == "B"], rules=base.rules)
    again = spliced(base, part, frozenset({"B"}))
    for name, table in base.to_tables().items():
        assert again.to_tables()[name].equals(table), name


def test_only_the_items_touched_change() -> None:
    base = of(ITEMS)
    part = candidates_for([replace(each, weekly=99) for each in ITEMS if each.sku == "B"],
                          rules=base.rules)  # fmt: skip
    again = spliced(base, part, frozenset({"B"}))
    skus = np.asarray(texts(base.items, "sku"))
    same = base.items["need_units"].to_numpy() == again.items["need_units"].to_numpy()
    assert same.tolist() == (skus != "B").tolist()


def terms(**given: object) -> Snapshot:
    return company([Item(sku="A", terms={"tiers": "48:9.00|144:8.25", **given}), Item(sku="B")])


def test_a_lower_minimum_holds_for_the_item_named_alone() -> None:
    rows = with_terms(terms(minimum_units=100), Supposed(sku="A", minimum_units=50))
    listed = rows["supplier_items"]
    assert dict(zip(listed["sku"], listed["minimum_units"], strict=True))["A"] == 50
    assert dict(zip(listed["sku"], listed["minimum_units"], strict=True))["B"] != 50


def test_a_break_that_is_gone_leaves_the_others() -> None:
    listed = with_terms(terms(), Supposed(sku="A", no_break_at=48))["supplier_items"]
    assert listed["tiers"].iloc[0] == "144:8.25"


def test_a_break_that_is_not_there_is_refused_naming_those_there_are() -> None:
    with pytest.raises(InvalidInput, match="no price break at 50 units; there are: 48, 144"):
        with_terms(terms(), Supposed(sku="A", no_break_at=50))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"service_target": 1.2}, "cannot be aimed at"),
        ({"later_days": 3}, "Name the supplier"),
        ({"minimum_units": 3}, "Name the item or the supplier"),
        ({"supplier": "S", "later_days": 9_999}, "beyond what a plan looks at"),
        ({"supplier": "S", "spread": -1.0}, "not between"),
        ({"sku": "A", "price_micros": 0}, "at least 1"),
    ],
)
def test_what_cannot_be_supposed_is_refused(given: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        Supposed(**given)  # pyright: ignore[reportArgumentType]  one wrong value each
