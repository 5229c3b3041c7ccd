"""A renamed item keeps its history."""

from engine.kernels.renames import current_names, under_current_names
from support.demand import snapshot, table


def test_names_are_followed_to_the_present_one() -> None:
    items = table(
        "items",
        [
            {"sku": "C", "renamed_from": "B"},
            {"sku": "B", "renamed_from": "A"},
            {"sku": "D"},
            {"sku": "E", "renamed_from": "E"},
        ],
    )

    assert current_names(items) == {"A": "C", "B": "C"}


def test_a_circle_of_renames_is_left_alone() -> None:
    items = table("items", [{"sku": "A", "renamed_from": "B"}, {"sku": "B", "renamed_from": "A"}])

    assert current_names(items) == {}


def test_history_stands_under_todays_name_in_every_table() -> None:
    before = snapshot(
        items=[{"sku": "NEW", "renamed_from": "OLD"}, {"sku": "MUG"}],
        sales=[
            {"date": "2026-11-01", "sku": "OLD", "units": 1},
            {"date": "2026-11-02", "sku": "MUG", "units": 2},
            {"date": "2026-11-03", "sku": "NEW", "units": 4},
        ],
        purchase_orders=[{"po": "P", "line": 1, "supplier": "S", "sku": "OLD", "units": 9}],
    )

    after = under_current_names(before)

    assert after["sales"]["sku"].astype(str).tolist() == ["NEW", "MUG", "NEW"]
    assert after["purchase_orders"]["sku"].tolist() == ["NEW"]
    assert before["sales"]["sku"].astype(str).tolist() == ["OLD", "MUG", "NEW"]


def test_without_renames_the_snapshot_is_the_same_object() -> None:
    untouched = snapshot(sales=[{"date": "2026-11-01", "sku": "MUG", "units": 1}])

    assert under_current_names(untouched) is untouched
