"""The replay as facts: three policies in one table, and what the difference is worth."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent.compute import InProcess
from engine.connect.write_folder import write_folder
from engine.errors import InvalidInput
from engine.model.config import PlanConfig
from engine.model.people import Person
from engine.service.importing import import_folder
from engine.service.planning import run_plan
from engine.service.replay import replay_weeks
from engine.service.replay_storage import keep_replay, latest_replay, replay_and_keep
from engine.simulate.scope import Scope
from engine.store import migrate
from engine.store.database import open_database
from engine.store.tables.work import jobs
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


def test_more_than_two_years_are_refused() -> None:
    with pytest.raises(InvalidInput, match="weeks"):
        TOOL.validated({"weeks": 105})


def test_months_are_asked_of_the_worker_and_then_told_with_every_rule(context: ToolContext) -> None:
    asked = TOOL.call({"weeks": 12}, context)
    again = TOOL.call({"weeks": 12}, context)

    assert (asked.outcome, again.outcome) == ("asked", "asked")
    with context.stores.database.read() as look:
        (job,) = look.execute(sa.select(jobs)).all()
    assert (job.kind, job.payload["weeks"]) == ("replay", 12)

    replay_and_keep(context.stores, QUICK, job.payload, NOW)
    told = TOOL.call({"weeks": 12}, context)

    facts = {fact.id: fact for fact in told.facts}
    names = [facts[row[0]].value for row in told.tables[0].rows]
    assert told.outcome == "stored"
    assert names == ["our plan", "what was done", "min/max", "reorder point", "weeks of cover"]
    assert facts["replay.weeks"].value == 12
    saved = [facts[f"replay.rule1.saved{part}"].value for part in (".least", "", ".most")]
    losses = [facts[f"replay.{name}.loss"].value for name in ("rule1", "ours")]
    assert saved == sorted(saved)
    assert saved[1] == pytest.approx(losses[0] - losses[1], abs=400)  # each line rounded to a penny
    assert all(fact.snapshot_id == job.payload["snapshot_id"] for fact in told.facts)


def test_the_same_replay_is_kept_once(context: ToolContext) -> None:
    report = replay_weeks(context.stores, QUICK, weeks=1, scope=Scope(sample=3))

    kept = [keep_replay(context.stores, report, is_whole=False, now=NOW) for _ in range(2)]

    assert kept[0] == kept[1]
    # A part of the company is no answer to a question about it.
    assert latest_replay(context.stores, at_least_weeks=1) is None
