"""What a plan would change: before and after on the run's own data, nothing stored."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import InvalidInput
from engine.model.people_plans import Override, PlannedPromotion
from engine.service import people, reading
from engine.service.demand_whatif import DemandChange, DemandPlan, demand_under
from engine.service.overrides import add_override
from engine.service.planning import run_plan
from engine.service.stores import Stores
from engine.store.tables.demand import demand_decisions
from support.imported import NOW, QUICK, copied, opened

WEEK_50 = {"start": date(2026, 12, 7), "end": date(2026, 12, 13)}


@pytest.fixture(scope="module")
def stores(
    tmp_path_factory: pytest.TempPathFactory, quick_home: Path, company_folder: Path
) -> Iterator[Stores]:
    for stores in opened(copied(quick_home, tmp_path_factory.mktemp("whatif") / "home")):
        people.sync(stores, people.load_policy(company_folder / "people.yaml"), now=NOW)
        yield stores


@pytest.fixture(scope="module")
def sku(stores: Stores) -> str:
    run = reading.latest_run(stores)
    return str(reading.plan_lines(stores, run.id)["sku"].iloc[0])


def under(stores: Stores, plan: DemandPlan) -> DemandChange:
    change = demand_under(stores, reading.latest_run(stores).id, plan, NOW)
    assert change is not None
    return change


def test_an_override_changes_its_own_item_by_what_it_says(stores: Stores, sku: str) -> None:
    change = under(stores, Override(sku=sku, factor=1.25, **WEEK_50))

    assert change.total("after", subject=True) == pytest.approx(
        1.25 * change.total("before", subject=True)
    )
    assert set(change.series.loc[change.series["is_subject"], "sku"]) == {sku}
    assert change.drivers["override"] == pytest.approx(
        change.total("after", subject=True) - change.total("before", subject=True)
    )


def test_days_inside_a_week_are_changed_in_full(stores: Stores, sku: str) -> None:
    """A forecast by the week still says what three days of it gain."""
    days = {"start": date(2026, 12, 8), "end": date(2026, 12, 10)}
    change = under(stores, Override(sku=sku, factor=1.5, **days))
    assert change.total("after", subject=True) == pytest.approx(
        1.5 * change.total("before", subject=True)
    )
    rest = change.total("after_horizon") - change.total("before_horizon")
    assert rest == pytest.approx(change.total("after") - change.total("before"))


def test_units_a_week_are_what_the_period_sells(stores: Stores, sku: str) -> None:
    change = under(stores, Override(sku=sku, units=70.0, per="week", **WEEK_50))
    assert change.total("after", subject=True) == pytest.approx(70.0)


def test_the_forecast_without_the_plan_is_the_run_s_own(stores: Stores, sku: str) -> None:
    from engine.service.artefacts import read_forecast

    run = reading.latest_run(stores)
    change = under(stores, Override(sku=sku, factor=2.0, **WEEK_50))
    own = change.series[change.series["is_subject"]]
    said = [
        float(read_forecast(stores, run.artefacts["series"], sku, place).mean.sum())
        for place in own["location"]
    ]
    assert own["before_horizon"].tolist() == pytest.approx(said)


def test_a_promotion_lifts_and_a_deeper_one_lifts_more(stores: Stores) -> None:
    run = reading.latest_run(stores)
    sku = min(set(reading.plan_lines(stores, run.id)["sku"]))
    gains = []
    for depth in (0.1, 0.6):
        plan = PlannedPromotion(sku=str(sku), depth=depth, **WEEK_50)
        change = under(stores, plan)
        gains.append(change.total("after", subject=True) - change.total("before", subject=True))
    assert gains[1] > gains[0] >= 0


def test_nothing_is_stored_and_nothing_beyond_the_forecast_is_said(
    stores: Stores, sku: str
) -> None:
    far = Override(sku=sku, factor=2.0, start=date(2028, 1, 1), end=date(2028, 1, 7))
    assert demand_under(stores, reading.latest_run(stores).id, far, NOW) is None
    with stores.database.read() as look:
        count = sa.select(sa.func.count()).select_from(demand_decisions)
        assert look.execute(count).scalar_one() == 0


def test_what_could_not_be_added_is_not_computed_either(stores: Stores, sku: str) -> None:
    with pytest.raises(InvalidInput):
        under(stores, replace(Override(sku=sku, factor=2.0, **WEEK_50), factor=90.0))


def test_an_override_makes_another_plan_and_the_same_plan_twice(stores: Stores, sku: str) -> None:
    first = reading.latest_run(stores)
    who = people.person_as_demo(stores, "buyer")
    add_override(stores, Override(sku=sku, factor=1.25, **WEEK_50), person=who, now=NOW)
    second = run_plan(stores, QUICK, now=NOW)
    assert second.id != first.id
    assert run_plan(stores, QUICK, now=NOW).id == second.id
