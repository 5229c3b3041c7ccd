"""Make the calls a model asked for: validated, with provenance, each recorded before it begins."""

from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from langgraph.runtime import Runtime

from agent.grounding.provenance import (
    Provenance,
    arguments_of,
    echoes_nothing_unsaid,
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
# What a person is told where the reason would repeat words of the model's own.
NO_TOOL = "I have no tool for that."
NOT_TAKEN = (
    "I could not put that to the planner: it would need a name or a figure that neither you nor "
    "the plan has given. Say it with its code or amount."
)


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
    outcome = _attempted(asked, tool, ordinal, state, context)
    conversation.end_call(
        stores, turn_id, ordinal,
        result=None if outcome.result is None else result_to_json(outcome.result),
        error=outcome.detail,
        found=_found(outcome.result, outcome.shown, ordinal),
        now=context.clock.now(),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    """`detail` is for the model and the record, `shown` what a reply may say of it."""

    result: ToolResult | None = None
    detail: str | None = None
    shown: str | None = None


def _attempted(
    asked: AskedCall, tool: Tool[Any] | None, ordinal: int, state: TurnState, context: TurnContext
) -> _Outcome:
    if tool is None:
        known = ", ".join(sorted(context.registry))
        return _Outcome(
            detail=f"There is no tool {asked['tool']!r}. Tools: {known}.", shown=NO_TOOL
        )
    source = _provenance(state, context)
    try:
        tool.validated(asked["arguments"])
        check = require_provenance if tool.mode == "write" else require_own_figures
        check(asked["arguments"], source)
    except InvalidInput as refusal:
        return _Outcome(detail=str(refusal), shown=NOT_TAKEN)
    try:
        found = tool.call(asked["arguments"], context.tools)
    except PlanningError as refusal:
        may_be_shown = echoes_nothing_unsaid(str(refusal), asked["arguments"], source)
        return _Outcome(detail=str(refusal), shown=str(refusal) if may_be_shown else NOT_TAKEN)
    return _Outcome(result=with_prefix(found, prefix_of(ordinal)))


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
        known=frozenset(chain(seen, *remembered, asked_before)),
        earlier=arguments_of(memory.asked_with),
        waiting=arguments_of([memory.pending.call.arguments] if memory.pending else []),
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
