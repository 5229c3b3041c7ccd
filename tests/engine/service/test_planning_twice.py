"""A need that stands in a draft is not ordered again, the same day or the next, with no budget."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.model.config import PlanConfig
from engine.purchase.states import OrderState
from engine.service import people, purchase, reading
from engine.service.drafting import draft_orders
from engine.service.importing import import_folder
from engine.service.planning import run_plan
from engine.service.stores import Stores
from engine.store import migrate
from engine.store.database import open_database
from support.plans import stores_for

EXPORTS = Path(__file__).parents[3] / "examples" / "foreign_exports"
NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """A company whose whole plan stands in drafts."""
    home = tmp_path_factory.mktemp("twice")
    database = open_database(f"sqlite:///{home}/qm.db")
    migrate.upgrade(database)
    stores = stores_for(database, home)
    import_folder(stores, EXPORTS, mapping=None, now=NOW)
    people.sync(stores, people.load_policy(EXPORTS / "people.yaml"), now=NOW)
    run = run_plan(stores, PlanConfig(), now=NOW)
    assert len(reading.plan_lines(stores, run.id)) > 10
    buyer = people.person_as_demo(stores, "bea")
    assert draft_orders(stores, run_id=run.id, person=buyer, now=NOW)
    return stores


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=1)])
def test_a_plan_after_drafting_orders_nothing_twice(drafted: Stores, later: timedelta) -> None:
    again = run_plan(drafted, PlanConfig(), now=NOW + later)
    assert len(reading.plan_lines(drafted, again.id)) == 0


def test_a_plan_after_everything_was_put_off_orders_nothing_either(drafted: Stores) -> None:
    """Acid test 11: twice with a draft open, after postponing it, and the next day."""
    buyer, until = people.person_as_demo(drafted, "bea"), NOW.date() + timedelta(days=2)
    waiting = purchase.list_orders(drafted, states={OrderState.DRAFT})
    assert waiting
    for view in waiting:
        purchase.postpone(drafted, view.number, until=until, person=buyer, now=NOW)
    for later in (timedelta(0), timedelta(days=1)):
        again = run_plan(drafted, PlanConfig(), now=NOW + later)
        assert len(reading.plan_lines(drafted, again.id)) == 0
        assert draft_orders(drafted, run_id=again.id, person=buyer, now=NOW + later) == ()
    assert purchase.list_orders(drafted, states={OrderState.DRAFT, OrderState.SUPERSEDED}) == ()
