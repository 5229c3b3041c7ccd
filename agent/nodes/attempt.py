"""One call of a tool: validated, with provenance, answered with facts or with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from agent.grounding.intent import require_asked
from agent.grounding.provenance import (
    Provenance,
    arguments_of,
    echoes_nothing_unsaid,
    require_own_figures,
    require_provenance,
)
from agent.memory import Memory
from agent.nodes.question import question_of
from agent.state import AskedCall, TurnContext, TurnState
from engine.errors import InvalidInput, PlanningError
from tools.names import names_of
from tools.result import ToolResult
from tools.runs import current_run
from tools.tool import Tool

# What a person is told where the reason would repeat words of the model's own.
NO_TOOL = "I have no tool for that."
NOT_TAKEN = (
    "I could not put that to the planner: it would need a name or a figure that neither you nor "
    "the plan has given. Say it with its code or amount."
)
NOT_ASKED = "I changed nothing: your message did not ask for a change. Say what is to be done."


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """`detail` is for the model and the record, `shown` what a reply may say of it."""

    result: ToolResult | None = None
    detail: str | None = None
    shown: str | None = None


def out_of_time(tool: str, seconds: float) -> Attempt:
    """A read that was given up."""
    sentence = (
        f"{tool.replace('_', ' ')} did not end within {seconds:g} s and was given up. Nothing was "
        "changed; ask for less, or again later."
    )
    return Attempt(detail=sentence, shown="That took too long and was given up. Ask for less.")


def attempted(
    asked: AskedCall, tool: Tool[Any] | None, source: Provenance, context: TurnContext
) -> Attempt:
    """Make the call, or say why it is not made."""
    if tool is None:
        known = ", ".join(sorted(context.registry))
        return Attempt(detail=f"There is no tool {asked['tool']!r}. Tools: {known}.", shown=NO_TOOL)
    if tool.mode == "write" and not context.model.heeds_the_person_only:
        try:
            require_asked(tool.name, source)
        except InvalidInput as refusal:
            return Attempt(detail=str(refusal), shown=NOT_ASKED)
    try:
        tool.validated(asked["arguments"])
        check = require_provenance if tool.mode == "write" else require_own_figures
        check(asked["arguments"], source)
    except InvalidInput as refusal:
        return Attempt(detail=str(refusal), shown=NOT_TAKEN)
    try:
        return Attempt(result=tool.call(asked["arguments"], context.tools))
    except PlanningError as refusal:
        may_be_shown = echoes_nothing_unsaid(str(refusal), asked["arguments"], source)
        return Attempt(detail=str(refusal), shown=str(refusal) if may_be_shown else NOT_TAKEN)


def provenance(state: TurnState, context: TurnContext) -> Provenance:
    """What the arguments of a call may draw on, as of now in the turn."""
    question = question_of(state, context)
    memory = Memory.from_json(state["memory"])
    names = names_of(context.tools.stores, current_run(context.tools))
    seen = (e.code for step in question.steps if step.result for e in step.result.entities)
    remembered = (memory.items, memory.orders, memory.suppliers, memory.listed)
    preferred = context.tools.person.preferences.values()
    asked_before = _texts(call.arguments for call in memory.calls)
    return Provenance(
        text=state["text"],
        currency=state["currency"],
        today=date.fromisoformat(state["today"]),
        known=frozenset(chain(seen, *remembered, asked_before, preferred)),
        earlier=arguments_of(memory.asked_with),
        waiting=arguments_of([memory.pending.call.arguments] if memory.pending else []),
        names={**names.items, **names.locations, **names.suppliers},
    )


def _texts(arguments: Iterable[Any]) -> list[str]:
    return [v for given in arguments for v in given.values() if isinstance(v, str)]
