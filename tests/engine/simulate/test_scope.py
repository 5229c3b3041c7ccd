"""A part of the company replays as the part it is."""

import pytest

from engine.errors import InvalidInput, UnknownName
from engine.kernels.renames import under_current_names
from engine.simulate.scope import Scope, within
from support.company import small_company, snapshot_of


def test_everything_is_the_snapshot_itself() -> None:
    whole = snapshot_of(small_company)

    assert within(whole, Scope()) is whole


def test_a_sample_is_the_same_for_a_seed_and_draws_on_its_sets() -> None:
    whole = snapshot_of(small_company)

    part, again, other = (within(whole, Scope(sample=12, seed=seed)) for seed in (1, 1, 2))

    bundles = whole["bundles"]
    sets = set(bundles.loc[bundles["component_sku"].isin(part["items"]["sku"]), "bundle_sku"])
    skus = set(part["items"]["sku"])
    assert len(skus - sets) <= 12 <= len(skus)
    assert sets <= skus
    assert set(part["sales"]["sku"].astype(str)) <= skus
    assert set(part["receipts"]["po"]) <= set(part["purchase_orders"]["po"])
    assert part.id == again.id != other.id


def test_a_category_holds_all_below_it_and_a_location_its_own_stock() -> None:
    whole = snapshot_of(small_company)
    path = str(whole["items"]["category"].iloc[0]).split("/")[0]

    part = within(whole, Scope(categories=(path,), locations=("LEEDS",)))

    assert set(part["items"]["category"].str.split("/").str[0]) >= {path}
    assert set(part["stock"]["location"].astype(str)) == {"LEEDS"}
    assert set(part["purchase_orders"]["location"]) == {"LEEDS"}


def test_a_part_carries_its_share_of_a_suppliers_minimum() -> None:
    whole = under_current_names(snapshot_of(small_company))
    orders = whole["purchase_orders"]
    supplier = str(orders["supplier"].value_counts().index[0])
    sku = str(orders.loc[orders["supplier"] == supplier, "sku"].iloc[0])

    part = within(whole, Scope(skus=(sku,)))

    theirs = orders[orders["supplier"] == supplier]
    worth = theirs["units"] * theirs["unit_cost_micros"]
    share = worth[theirs["sku"].isin(part["items"]["sku"])].sum() / worth.sum()
    least = [
        each["suppliers"].set_index("supplier")["minimum_value_micros"][supplier]
        for each in (whole, part)
    ]
    assert 0 < share < 1
    assert least[1] == pytest.approx(least[0] * share)


def test_a_name_that_does_not_exist_is_told_with_the_nearest() -> None:
    whole = snapshot_of(small_company)
    sku = str(whole["items"]["sku"].iloc[0])

    with pytest.raises(UnknownName, match=f"Close: .*{sku}"):
        within(whole, Scope(skus=(sku[:-1],)))
    with pytest.raises(UnknownName, match=r"No location 'LEEDZ'\. Close: LEEDS"):
        within(whole, Scope(locations=("LEEDZ",)))
    with pytest.raises(InvalidInput, match="No item is in Nowhere"):
        within(whole, Scope(categories=("Nowhere",)))
