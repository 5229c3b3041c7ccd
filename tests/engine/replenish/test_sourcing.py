"""Where several suppliers sell an item, it is bought where it earns most; rank decides ties."""

from typing import Any

import pytest

from support.replenish import MICROS, Item, candidates_for, ordered, plan_for


def supplier(code: str, lead: float = 7.0, **other: Any) -> dict[str, Any]:
    return {"supplier": code, "lead_time_days": lead, "payment_days": 0, **other}


def listing(code: str, rank: int, cost: float = 10.0, **other: Any) -> dict[str, Any]:
    return {
        "supplier": code, "sku": "A", "rank": rank, "unit_cost_micros": cost * MICROS, **other
    }  # fmt: skip


def bought(
    suppliers: list[dict[str, Any]], listings: list[dict[str, Any]], item: Item | None = None
) -> tuple[str, str, str]:
    """(supplier, why, the alternative)."""
    plan = plan_for([item or Item(weekly=10)], suppliers=suppliers, supplier_items=listings)
    line = plan.lines.iloc[0]
    return line["supplier"], line["source_why"], line["alternative"]


BOTH = [supplier("FIRST"), supplier("SECOND")]


def test_the_preferred_supplier_is_kept_where_nothing_is_gained() -> None:
    found = bought(BOTH, [listing("SECOND", 2), listing("FIRST", 1)])

    assert found == ("FIRST", "preferred", "SECOND")


def test_a_trifle_is_no_reason_to_leave_the_preferred_supplier() -> None:
    assert bought(BOTH, [listing("FIRST", 1), listing("SECOND", 2, 9.97)])[0] == "FIRST"


def test_a_lower_landed_cost_wins_and_a_lower_price_with_freight_does_not() -> None:
    far = [supplier("FIRST"), supplier("SECOND", incoterm="FOB", freight_percent=20.0)]
    listings = [listing("FIRST", 1), listing("SECOND", 2, 9.0)]

    assert bought(BOTH, listings) == ("SECOND", "cheaper", "FIRST")
    assert bought(far, listings)[:2] == ("FIRST", "preferred")


def test_a_dearer_supplier_that_arrives_before_the_shelf_is_empty_wins() -> None:
    slow = [supplier("FIRST", 30.0), supplier("SECOND", 5.0)]
    listings = [listing("FIRST", 1), listing("SECOND", 2, 12.0)]

    assert bought(slow, listings) == ("SECOND", "sooner", "FIRST")
    covered = Item(weekly=10, on_hand=52)
    assert bought(slow, listings, covered)[0] == "FIRST"


def test_a_minimum_beyond_a_year_of_cover_is_bought_elsewhere() -> None:
    """What would be refused with one supplier has an alternative with two (acid 6)."""
    item = Item(weekly=1, price=40)
    listings = [listing("FIRST", 1, minimum_units=104), listing("SECOND", 2, 11.0)]
    plan = plan_for([item], suppliers=BOTH, supplier_items=listings)

    assert plan.lines["supplier"].tolist() == ["SECOND"]
    assert plan.lines["source_why"].tolist() == ["smaller"]


def test_a_supplier_without_an_exchange_rate_is_passed_over() -> None:
    abroad = [supplier("FIRST", currency="USD"), supplier("SECOND")]

    assert bought(abroad, [listing("FIRST", 1), listing("SECOND", 2)])[0] == "SECOND"


def test_the_choice_of_one_item_does_not_depend_on_the_others() -> None:
    listings = [listing("FIRST", 1), listing("SECOND", 2, 9.0)]
    others = [
        {**listing("FIRST", 1), "sku": f"B{n:03d}"} for n in range(150)
    ]  # more than one chunk
    alone = candidates_for([Item()], suppliers=BOTH, supplier_items=listings)
    among = candidates_for(
        [Item(), *(Item(sku=f"B{n:03d}", weekly=n % 7) for n in range(150))],
        suppliers=BOTH,
        supplier_items=[*listings, *others],
    )

    first = slice(int(among.first[0]), int(among.first[1]))
    assert among.items["supplier"].iloc[0] == alone.items["supplier"].iloc[0] == "SECOND"
    assert among.value[first].tolist() == alone.value.tolist()


def test_a_store_is_supplied_and_its_hub_buys_where_it_earns_most() -> None:
    places = [{"location": "HUB"}, {"location": "SHOP", "supplied_from": "HUB"}]
    plan = plan_for(
        [Item(location="SHOP", weekly=20, price=40)],
        locations=places,
        suppliers=BOTH,
        supplier_items=[listing("FIRST", 1), listing("SECOND", 2, 8.0)],
    )

    assert set(ordered(plan)) == {("A", "HUB")}
    assert plan.lines["supplier"].tolist() == ["SECOND"]


@pytest.mark.parametrize("minimum", [150.0, 250.0])
def test_a_suppliers_minimum_holds_for_each_order_not_for_all_together(minimum: float) -> None:
    """Two locations of 180 each are two orders: 150 is reached by both, 250 is topped up twice."""
    items = [Item(location=name, weekly=10) for name in ("NORTH", "SOUTH")]
    terms = {**supplier("ACME"), "minimum_value_micros": minimum * MICROS}
    cost = plan_for(items, suppliers=[terms]).lines.set_index("location")["cost_minor"]

    assert sorted(cost.index) == ["NORTH", "SOUTH"]
    assert (cost >= minimum * 100).all()
