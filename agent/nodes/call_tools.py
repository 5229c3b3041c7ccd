"""Make the calls a model asked for: validated, with provenance, each recorded before it begins."""

from datetime import date
from itertools import chain
from typing import Any

from langgraph.runtime import Runtime

from agent.grounding.provenance import (
    Provenance,
    arguments_of,
    require_own_figures,
    require_provenance,
)
from agent.memory import Memory
from agent.nodes.question import question_of
from agent.records import prefix_of, result_to_json, stored_fact
from agent.state import AskedCall, TurnContext, TurnState, TurnUpdate
from agent.statements.catalogue import ERROR
from engine.errors import InvalidInput, PlanningError
from engine.service import conversation
from engine.service.conversation import StoredFact
from tools.facts import Fact
from tools.names import names_of
from tools.result import ToolResult, with_prefix
from tools.runs import current_run
from tools.tool import Tool

MOST_CALLS = 8  # in one turn


def call_tools(state: TurnState, runtime: Runtime[TurnContext]) -> TurnUpdate:
    made = state.get("made", 0)
    for asked in state.get("calls", [])[: MOST_CALLS - made]:
        made += 1
        runtime.stream_writer({"stage": asked["tool"].replace("_", " ")})
        _call(asked, made, state, runtime.context)
    return {"made": made, "calls": []}


def _call(asked: AskedCall, ordinal: int, state: TurnState, context: TurnContext) -> None:
    """One call, once: what an interrupted turn has recorded is not done again."""
    stores, turn_id, now = context.tools.stores, state["turn_id"], context.tools.now
    tool = context.registry.get(asked["tool"])
    is_new = conversation.start_call(
        stores, turn_id, ordinal, tool=asked["tool"], mode=tool.mode if tool else "read",
        arguments=asked["arguments"], now=now,
    )  # fmt: skip
    if not is_new and not _may_repeat(turn_id, ordinal, context):
        return
    result: ToolResult | None = None
    error: str | None = None
    try:
        result = with_prefix(_run(asked, tool, state, context), prefix_of(ordinal))
    except PlanningError as refusal:
        error = str(refusal)
    conversation.end_call(
        stores, turn_id, ordinal,
        result=None if result is None else result_to_json(result),
        error=error,
        found=_found(result, error, ordinal),
        now=context.clock.now(),
    )  # fmt: skip


def _may_repeat(turn_id: str, ordinal: int, context: TurnContext) -> bool:
    """After an interruption: a read that did not end may run again, a write may have happened."""
    earlier = conversation.calls_of(context.tools.stores, turn_id)[ordinal - 1]
    if earlier.state != "started":
        return False
    if earlier.mode == "read":
        return True
    error = (
        f"{earlier.tool} was begun before an interruption, and whether it took effect is not "
        "known. Look at the orders and budgets before asking again."
    )
    conversation.end_call(
        context.tools.stores, turn_id, ordinal, result=None, error=error,
        found=_found(None, error, ordinal), now=context.clock.now(),
    )  # fmt: skip
    return False


def _run(
    asked: AskedCall, tool: Tool[Any] | None, state: TurnState, context: TurnContext
) -> ToolResult:
    if tool is None:
        raise InvalidInput(
            f"There is no tool {asked['tool']!r}. Tools: {', '.join(sorted(context.registry))}."
        )
    tool.validated(asked["arguments"])
    check = require_provenance if tool.mode == "write" else require_own_figures
    check(asked["arguments"], _provenance(state, context))
    return tool.call(asked["arguments"], context.tools)


def _provenance(state: TurnState, context: TurnContext) -> Provenance:
    question = question_of(state, context)
    memory = Memory.from_json(state["memory"])
    names = names_of(context.tools.stores, current_run(context.tools))
    seen = (e.code for step in question.steps if step.result for e in step.result.entities)
    remembered = (memory.items, memory.orders, memory.suppliers, memory.listed)
    asked_before = _texts(call.arguments for call in memory.calls)
    return Provenance(
        text=state["text"],
        currency=state["currency"],
        today=date.fromisoformat(state["today"]),
        said=question.user_facts,
        known=frozenset(chain(seen, *remembered, asked_before)),
        earlier=arguments_of(memory.asked_with),
        names={**names.items, **names.locations, **names.suppliers},
    )


def _texts(arguments: Any) -> list[str]:  # noqa: ANN401  JSON objects
    return [v for given in arguments for v in given.values() if isinstance(v, str)]


def _found(result: ToolResult | None, error: str | None, ordinal: int) -> list[StoredFact]:
    if result is not None:
        return [stored_fact(fact, ordinal) for fact in result.facts]
    sentence = Fact(
        id=f"{prefix_of(ordinal)}{ERROR}",
        value=(error or "")[:500],
        kind="sentence",
        label="why it was not done",
    )
    return [stored_fact(sentence, ordinal)]
