"""The replay as facts: three policies in one table, and what the difference is worth."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.compute import InProcess
from engine.connect.write_folder import write_folder
from engine.errors import InvalidInput
from engine.model.config import PlanConfig
from engine.model.people import Person
from engine.service.importing import import_folder
from engine.service.planning import run_plan
from engine.store import migrate
from engine.store.database import open_database
from support.company import LAST_DAY, small_company
from support.plans import stores_for
from tools.context import ToolContext
from tools.replay_week import TOOL

NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
QUICK = PlanConfig(paths=64, horizon=8)
BEA = Person(id="bea", name="Bea Marsh", rights=frozenset(), source="demo")


@pytest.fixture
def context(tmp_path: Path) -> ToolContext:
    database = open_database(f"sqlite:///{tmp_path}/qm.db")
    migrate.upgrade(database)
    stores = stores_for(database, tmp_path)
    company = small_company()
    write_folder(tmp_path / "data", company.profile, company.tables)
    import_folder(stores, tmp_path / "data", mapping=None, now=NOW)
    run_plan(stores, QUICK, now=NOW)
    return ToolContext(stores=stores, person=BEA, now=NOW, config=QUICK, compute=InProcess())


def test_the_last_week_under_three_policies(context: ToolContext) -> None:
    result = TOOL.call({}, context)

    facts = {fact.id: fact for fact in result.facts}
    assert result.outcome == "replayed"
    assert facts["replay.last"].value == LAST_DAY
    assert [facts[row[0]].value for row in result.tables[0].rows] == [
        "our plan", "what was done", "ordering nothing",
    ]  # fmt: skip
    losses = [facts[f"replay.{name}.loss"].value for name in ("history", "ours")]
    assert facts["replay.saved"].value == losses[0] - losses[1]
    assert facts["replay.saved"].is_estimate
    assert all(fact.run_id == result.run_id for fact in result.facts)


def test_more_weeks_than_eight_are_refused() -> None:
    with pytest.raises(InvalidInput, match="weeks"):
        TOOL.validated({"weeks": 9})
