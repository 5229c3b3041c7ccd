"""A stored run under a supposition: what it touches is weighed anew, the rest stays to the byte."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from engine.errors import InvalidInput, PlanningError
from engine.model.supposed import Supposed
from engine.replenish import compose_plan
from engine.service import reading
from engine.service.explaining import explain
from engine.service.reading import RunHeader
from engine.service.stores import Stores
from engine.service.weighed import stored_candidates, weighed
from engine.service.whatif import _touched, plan_supposing
from engine.store.tables.plans import plan_runs
from support.imported import NOW, copied, opened
from support.replenish import Item, company


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory, quick_home: Path) -> Iterator[Stores]:
    yield from opened(copied(quick_home, tmp_path_factory.mktemp("supposed") / "home"))


@pytest.fixture(scope="module")
def run(stores: Stores) -> RunHeader:
    return reading.latest_run(stores)


def under(stores: Stores, run: RunHeader, supposed: Supposed) -> RunHeader:
    return plan_supposing(stores, run.id, supposed, now=NOW)


def items(stores: Stores, run: RunHeader) -> pd.DataFrame:
    return stored_candidates(stores, run).items.set_index(["sku", "location"])


def test_a_supplier_no_slower_than_it_is_leaves_every_line(stores: Stores, run: RunHeader) -> None:
    supplier = str(reading.plan_lines(stores, run.id)["supplier"].mode().iloc[0])
    same = under(stores, run, Supposed(supplier=supplier, later_days=0))
    assert same.id != run.id
    pd.testing.assert_frame_equal(
        reading.plan_lines(stores, same.id), reading.plan_lines(stores, run.id)
    )
    assert same.allocation == run.allocation


def test_a_slower_supplier_moves_its_own_items_alone(stores: Stores, run: RunHeader) -> None:
    supplier = str(reading.plan_lines(stores, run.id)["supplier"].mode().iloc[0])
    other = under(stores, run, Supposed(supplier=supplier, later_days=21))
    before, after = items(stores, run), items(stores, other)
    moved = after["protection_days"] > before["protection_days"] + 10
    assert moved.any()
    assert set(before["supplier"][moved]) == {supplier}
    lost = [each["lost_before_units"][moved].sum() for each in (before, after)]
    assert lost[1] > lost[0]  # of one place it may fall: transfers are others
    assert reading.latest_run(stores).id == run.id


def test_a_supplier_that_sells_nothing_changes_nothing_and_that_is_said(
    stores: Stores, run: RunHeader
) -> None:
    with pytest.raises(InvalidInput, match="No item is listed with supplier NOBODY"):
        under(stores, run, Supposed(supplier="NOBODY", later_days=7))


def test_where_nobody_lists_items_one_supplier_sells_all_and_all_are_weighed_anew() -> None:
    unlisted = company([Item()], supplier_items=[])
    listed = company([Item(), Item(sku="B", supplier=None)])

    assert _touched(unlisted, Supposed(supplier="ACME", later_days=7)) is None
    assert _touched(listed, Supposed(supplier="ACME", later_days=7)) == {"A"}


def test_a_higher_service_is_weighed_for_every_item(stores: Stores, run: RunHeader) -> None:
    usual = under(stores, run, Supposed(objective="cycle_service", service_target=0.8))
    high = under(stores, run, Supposed(service_target=0.98))
    needs = [items(stores, each)["need_units"].sum() for each in (usual, high)]
    assert needs[0] < needs[1]
    assert high.inputs["supposed"] == {"service_target": 0.98}


def test_another_minimum_is_explained_with_the_supposed_run(stores: Stores, run: RunHeader) -> None:
    line = reading.plan_lines(stores, run.id).iloc[0]
    sku, location, least = str(line["sku"]), str(line["location"]), 2 * int(line["units"])
    other = under(stores, run, Supposed(sku=sku, minimum_units=least))
    why = explain(stores, other, sku, location)
    assert why is not None
    assert why.row["minimum_units"] == least
    assert why.units == 0 or why.units >= least
    assert sum(units for _, units in why.steps) == why.units


def test_every_item_of_the_demo_plan_is_explained_to_the_unit(
    stores: Stores, run: RunHeader
) -> None:
    half = under(stores, run, Supposed(budget_minor=run.allocation.spent_minor // 2))
    bought = {
        (str(row["sku"]), str(row["location"])): int(row["units"])
        for row in reading.plan_lines(stores, half.id).to_dict("records")
    }
    assert len(reading.cuts(stores, half.id)) > 0
    for sku, location in items(stores, half).index:
        why = explain(stores, half, str(sku), str(location))
        assert why is not None
        assert (
            sum(units for _, units in why.steps)
            == why.units
            == bought.get((str(sku), str(location)), 0)
        )


def test_the_same_supposition_is_computed_once(stores: Stores, run: RunHeader) -> None:
    supposed = Supposed(service_target=0.98)
    assert under(stores, run, supposed) == under(stores, run, supposed)


def test_a_plan_of_another_version_is_not_mixed_with_this_one(
    stores: Stores, run: RunHeader
) -> None:
    import sqlalchemy as sa

    with stores.database.write() as work:
        old = {**run.inputs, "engine": "older"}
        work.execute(sa.update(plan_runs).where(plan_runs.c.id == run.id).values(inputs=old))
    try:
        with pytest.raises(PlanningError, match="Run `qm plan`"):
            under(stores, run, Supposed(service_target=0.97))
    finally:
        with stores.database.write() as work:
            back = sa.update(plan_runs).where(plan_runs.c.id == run.id).values(inputs=run.inputs)
            work.execute(back)


def test_a_budget_from_what_is_kept_decides_as_one_worked_out_anew(
    stores: Stores, run: RunHeader
) -> None:
    kept = weighed(stores, run)
    assert weighed(stores, run) is kept
    for budget in (None, 0, run.allocation.spent_minor // 2):
        anew = compose_plan(stored_candidates(stores, run), budget)
        again = compose_plan(kept.candidates, budget, kept.unlimited)
        pd.testing.assert_frame_equal(anew.lines, again.lines)
        pd.testing.assert_frame_equal(anew.cuts, again.cuts)
        assert anew.allocation == again.allocation
