"""What a model is told in a turn, read from what is stored of it."""

from datetime import date

from agent.grounding.evidence import Evidence
from agent.grounding.violations import Violation
from agent.llm.port import Question, Refused, Step
from agent.memory import Memory
from agent.records import steps_of
from agent.state import TurnContext, TurnState
from engine.service import conversation
from tools.show_source import fact_of


def steps_so_far(state: TurnState, context: TurnContext) -> tuple[Step, ...]:
    stores = context.tools.stores
    return steps_of(
        conversation.calls_of(stores, state["turn_id"]),
        conversation.facts_of(stores, state["turn_id"]),
    )


def question_of(state: TurnState, context: TurnContext, *, with_refusal: bool = False) -> Question:
    """Everything of the turn so far; after a refusal also what was wrong."""
    stored = conversation.facts_of(context.tools.stores, state["turn_id"])
    return Question(
        text=state["text"],
        today=date.fromisoformat(state["today"]),
        currency=state["currency"],
        memory=Memory.from_json(state["memory"]),
        tools=tuple(context.registry.values()),
        user_facts=tuple(fact_of(f) for f in stored if f.call_ordinal == conversation.USERS_OWN),
        steps=steps_so_far(state, context),
        refused=_refused(state) if with_refusal else None,
    )


def _refused(state: TurnState) -> Refused:
    found = tuple(
        Violation(rule=each["rule"], excerpt=each["excerpt"])  # type: ignore[arg-type]  ours, from JSON
        for each in state.get("refused", [])
    )
    return Refused(draft=state.get("draft", ""), violations=found)


def evidence_of(state: TurnState, context: TurnContext) -> Evidence:
    """The facts and entities that a draft of this turn may lean on."""
    steps = steps_so_far(state, context)
    stored = conversation.facts_of(context.tools.stores, state["turn_id"])
    facts = {fact.id: fact_of(fact) for fact in stored}
    entities = {
        entity.ref: entity
        for step in steps
        if step.result is not None
        for entity in step.result.entities
    }
    wrote = any(
        step.result is not None and context.registry[step.call.tool].mode == "write"
        for step in steps
        if step.call.tool in context.registry
    )
    return Evidence(
        facts=facts,
        entities=tuple(entities.values()),
        said_by_user=state["text"],
        did_write=wrote,
    )
