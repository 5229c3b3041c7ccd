"""The replay as facts: three policies in one table, and what the difference is worth."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from agent.compute import InProcess
from engine.errors import InvalidInput
from engine.model.people import Person
from engine.service.replay import replay_weeks
from engine.service.replay_rules import Rivals
from engine.service.replay_storage import keep_replay, latest_replay, replay_and_keep
from engine.service.rule_file import RuleSpec
from engine.simulate.scope import Scope
from engine.store.tables.work import jobs
from support.company import LAST_DAY
from support.imported import NOW, QUICK, copied, opened
from tools.context import ToolContext
from tools.replay_week import TOOL
from tools.result import ToolResult

BEA = Person(id="bea", name="Bea Marsh", rights=frozenset(), source="demo")


@pytest.fixture
def context(quick_home: Path, tmp_path: Path) -> Iterator[ToolContext]:
    for stores in opened(copied(quick_home, tmp_path / "home")):
        yield ToolContext(stores=stores, person=BEA, now=NOW, config=QUICK, compute=InProcess())


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


def asked_for_months(context: ToolContext) -> dict[str, Any]:
    """What the worker is to do once the tool was asked for nine weeks."""
    with context.stores.database.read() as look:
        (job,) = look.execute(sa.select(jobs)).all()
    assert (job.kind, job.payload["weeks"]) == ("replay", 9)
    return job.payload


def assert_told_with_every_rule(told: ToolResult, snapshot_id: str) -> None:
    facts = {fact.id: fact for fact in told.facts}
    names = [facts[row[0]].value for row in told.tables[0].rows]
    assert told.outcome == "stored"
    assert names == ["our plan", "what was done", "min/max", "reorder point", "weeks of cover"]
    assert facts["replay.weeks"].value == 9
    saved = [facts[f"replay.rule1.saved{part}"].value for part in (".least", "", ".most")]
    losses = [facts[f"replay.{name}.loss"].value for name in ("rule1", "ours")]
    assert saved == sorted(saved)
    assert saved[1] == pytest.approx(losses[0] - losses[1], abs=400)  # each line rounded to a penny
    assert all(fact.snapshot_id == snapshot_id for fact in told.facts)


def test_months_are_asked_of_the_worker_once_and_told_from_what_is_stored(
    context: ToolContext,
) -> None:
    """The stored weeks are one that was played, written down as nine: playing nine is slow."""
    outcomes = [TOOL.call({"weeks": 9}, context).outcome for _ in range(2)]
    asked = asked_for_months(context)
    rules = (
        RuleSpec(name="min/max", rule="min_max", reserve_days=14.0, cycle_days=28.0),
        RuleSpec(name="reorder point", rule="reorder_point", cycle_days=28.0, service=0.95),
        RuleSpec(name="weeks of cover", rule="weeks_of_cover", weeks=6.0),
    )
    played = replay_weeks(context.stores, QUICK, weeks=1, rivals=Rivals(rules=rules))
    keep_replay(context.stores, replace(played, weeks=9), is_whole=True, now=NOW)

    assert outcomes == ["asked", "asked"]
    assert_told_with_every_rule(TOOL.call({"weeks": 9}, context), asked["snapshot_id"])


@pytest.mark.slow
def test_the_worker_plays_the_months_it_was_asked_for(context: ToolContext) -> None:
    TOOL.call({"weeks": 9}, context)
    asked = asked_for_months(context)

    replay_and_keep(context.stores, QUICK, asked, NOW)

    assert_told_with_every_rule(TOOL.call({"weeks": 9}, context), asked["snapshot_id"])


def test_the_same_replay_is_kept_once(context: ToolContext) -> None:
    report = replay_weeks(context.stores, QUICK, weeks=1, scope=Scope(sample=3))

    kept = [keep_replay(context.stores, report, is_whole=False, now=NOW) for _ in range(2)]

    assert kept[0] == kept[1]
    # A part of the company is no answer to a question about it.
    assert latest_replay(context.stores, at_least_weeks=1) is None
