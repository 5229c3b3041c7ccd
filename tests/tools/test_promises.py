"""What customers can be promised and who waits, as facts and in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.compute import InProcess
from agent.llm.port import Call, Step
from agent.statements.catalogue import statement
from engine.model.people import Person
from engine.promise.policy import PromisePolicy
from engine.service.promising import promise_anew
from support.imported import NOW, QUICK, copied, opened
from tools import backorder_status, eta_promise
from tools.context import ToolContext
from tools.result import ToolResult

BEA = Person(id="bea", name="Bea Marsh", rights=frozenset(), source="demo")


@pytest.fixture(scope="module")
def bare(quick_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToolContext]:
    for stores in opened(copied(quick_home, tmp_path_factory.mktemp("bare") / "home")):
        yield ToolContext(stores=stores, person=BEA, now=NOW, config=QUICK, compute=InProcess())


@pytest.fixture(scope="module")
def context(quick_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToolContext]:
    for stores in opened(copied(quick_home, tmp_path_factory.mktemp("promised") / "home")):
        promise_anew(stores, QUICK, PromisePolicy(), now=NOW)
        yield ToolContext(stores=stores, person=BEA, now=NOW, config=QUICK, compute=InProcess())


def words(tool: str, result: ToolResult) -> str:
    return statement(Step(call=Call(tool=tool, arguments={}), result=result))


def test_who_waits_is_counted_and_listed_with_windows(context: ToolContext) -> None:
    result = backorder_status.TOOL.call({}, context)
    facts = {fact.id: fact for fact in result.facts}

    assert result.outcome == "listed"
    assert facts["wait.count"].value == 10
    assert len(result.tables[0].rows) == 10
    assert facts["wait.1.window"].kind == "date_range"
    assert "{{wait.count}} order lines wait" in words("backorder_status", result)
    # A message of a moved window is drafted for some of them, and the reply says for how many.
    assert "to be told of a moved window" in words("backorder_status", result)


def test_those_at_risk_are_a_part_of_them(context: ToolContext) -> None:
    risky = backorder_status.TOOL.call({"at_risk": True}, context)
    facts = {fact.id: fact for fact in risky.facts}

    assert 0 < int(str(facts["wait.count"].value)) < 10
    assert all(facts[row[-1]].value == "at risk" for row in risky.tables[0].rows)


def test_of_an_item_a_new_customers_window_is_told_place_by_place(context: ToolContext) -> None:
    result = eta_promise.TOOL.call({"sku": "RUG-JUTE-01"}, context)
    facts = {fact.id: fact for fact in result.facts}
    table = next(table for table in result.tables if table.name == "promises")

    assert facts["promise.1.basis"].value == "in stock"
    assert {facts[row[1]].value for row in table.rows} > {"in stock"}
    assert "A new customer can have it from stock at" in words("eta_promise", result)
    many = eta_promise.TOOL.call({"sku": "RUG-JUTE-01", "quantity": 900_000}, context)
    more = {fact.id: fact for fact in many.facts}
    assert more["promise.1.basis"].value in ("not ordered yet", "no date")


def test_before_anything_was_promised_nothing_is_made_up(bare: ToolContext) -> None:
    assert backorder_status.TOOL.call({}, bare).outcome == "never"
    result = eta_promise.TOOL.call({"sku": "RUG-JUTE-01"}, bare)
    assert not [fact for fact in result.facts if fact.id.startswith("promise.")]
