"""Our plan, what was done and doing nothing meet the same customers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.connect.write_folder import write_folder
from engine.errors import InvalidInput
from engine.model.config import PlanConfig
from engine.service.importing import import_folder
from engine.service.replay import HISTORY, NOTHING, OURS, replay_weeks
from engine.service.stores import Stores
from engine.store.database import Database
from support.company import LAST_DAY, small_company
from support.plans import stores_for

NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
QUICK = PlanConfig(paths=64, horizon=8)


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    company = small_company()
    write_folder(tmp_path / "data", company.profile, company.tables)
    stores = stores_for(database, tmp_path)
    import_folder(stores, tmp_path / "data", mapping=None, now=NOW)
    return stores


def test_a_week_is_replayed_under_our_plan_beside_history(stores: Stores) -> None:
    report = replay_weeks(stores, QUICK, weeks=1, budget_minor=800_000)

    ours, done, nothing = report.of(OURS), report.of(HISTORY), report.of(NOTHING)
    assert (report.first_day, report.last_day) == (LAST_DAY - timedelta(days=6), LAST_DAY)
    assert ours.wanted_units == done.wanted_units == nothing.wanted_units > 100
    assert ours.sold_units >= nothing.sold_units
    assert 0 < ours.ordered_minor <= 800_000
    assert done.ordered_minor > nothing.ordered_minor == 0
    assert report.currency == "GBP"


def test_a_replay_longer_than_the_history_is_refused(stores: Stores) -> None:
    with pytest.raises(InvalidInput, match=r"364\. Choose fewer"):
        replay_weeks(stores, QUICK, weeks=60)
