"""Tool results and facts as the database keeps them, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, cast

from agent.llm.port import Call, Step
from engine.service.conversation import StoredCall, StoredFact
from tools.facts import Entity, Fact
from tools.result import ChartRequest, FactTable, OfferedAction, ToolResult
from tools.show_source import fact_of


def prefix_of(ordinal: int) -> str:
    """What the fact ids of a turn's nth call begin with."""
    return f"c{ordinal}."


def stored_fact(fact: Fact, call_ordinal: int) -> StoredFact:
    value = fact.value.isoformat() if isinstance(fact.value, date) else fact.value
    return StoredFact(
        id=fact.id,
        call_ordinal=call_ordinal,
        kind=fact.kind,
        value=value,
        label=fact.label,
        detail={
            "about": list(fact.about),
            "currency": fact.currency,
            "inputs": list(fact.inputs),
            "is_estimate": fact.is_estimate,
            "is_asked": fact.is_asked,
        },
        run_id=fact.run_id,
        snapshot_id=fact.snapshot_id,
        formula=fact.formula,
    )


def result_to_json(result: ToolResult) -> dict[str, Any]:
    """Everything but the facts, which have their own table."""
    whole = asdict(result)
    del whole["facts"]
    return whole


def steps_of(calls: Sequence[StoredCall], facts: Sequence[StoredFact]) -> tuple[Step, ...]:
    """The calls of a turn with their results, as a model is told of them."""
    return tuple(_step(call, facts) for call in calls)


def _step(call: StoredCall, facts: Sequence[StoredFact]) -> Step:
    own = tuple(fact_of(fact) for fact in facts if fact.call_ordinal == call.ordinal)
    asked = Call(tool=call.tool, arguments=dict(call.arguments))
    prefix = prefix_of(call.ordinal)
    if call.result is None:
        return Step(call=asked, prefix=prefix, error=call.error, error_facts=own)
    return Step(call=asked, prefix=prefix, result=_result(call.result, own))


def _result(stored: Mapping[str, Any], facts: tuple[Fact, ...]) -> ToolResult:
    return ToolResult(
        outcome=stored["outcome"],
        facts=facts,
        tables=tuple(_table(table) for table in stored["tables"]),
        entities=tuple(Entity(**entity) for entity in stored["entities"]),
        actions=tuple(OfferedAction(**action) for action in stored["actions"]),
        charts=tuple(ChartRequest(**chart) for chart in stored["charts"]),
        waits=tuple(stored["waits"]),
        run_id=stored["run_id"],
    )


def _table(stored: Mapping[str, Any]) -> FactTable:
    rows = cast("Sequence[Sequence[str]]", stored["rows"])
    return FactTable(
        name=stored["name"],
        title=stored["title"],
        columns=tuple(stored["columns"]),
        rows=tuple(tuple(row) for row in rows),
        rest=stored["rest"],
    )
