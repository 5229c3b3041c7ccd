"""End a turn: facts into the text, tables from facts, what is remembered, all kept."""

from langgraph.runtime import Runtime

from agent.grounding.render import rendered
from agent.memory import Memory, Pending
from agent.nodes.question import so_far
from agent.nodes.remember import remembered
from agent.state import TurnContext, TurnState, TurnUpdate
from agent.views.answer import answer_view
from engine.service import conversation


def render(state: TurnState, runtime: Runtime[TurnContext]) -> TurnUpdate:
    context = runtime.context
    found = so_far(state, context)
    answer = answer_view(
        turn_id=state["turn_id"],
        paragraphs=rendered(state.get("draft", ""), found.facts, context.locale),
        steps=found.steps,
        facts=found.facts,
        locale=context.locale,
        outcome=state.get("outcome", "template"),
        model=context.model.name,
    )
    pending = state.get("pending")
    memory = remembered(
        Memory.from_json(state["memory"]),
        found.steps,
        None if pending is None else Pending.from_json(pending),
        context.tools.run_id,
    )
    conversation.end_turn(
        context.tools.stores,
        state["turn_id"],
        outcome=state.get("outcome", "template"),
        answer=answer.to_json(),
        complaints=state.get("complaints", []),
        memory=memory.to_json(),
        tokens=(state.get("input_tokens", 0), state.get("output_tokens", 0)),
        now=context.clock.now(),
    )
    return {"answer": answer.to_json()}
