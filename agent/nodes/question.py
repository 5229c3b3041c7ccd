"""What a model is told in a turn, and what its draft is held against, read from what is stored."""

from dataclasses import dataclass
from datetime import date

from agent.grounding.evidence import Evidence
from agent.grounding.violations import Violation
from agent.llm.port import Question, Refused, Step
from agent.memory import Memory
from agent.records import steps_of
from agent.state import TurnContext, TurnState
from engine.service import conversation
from tools.facts import Fact
from tools.show_source import fact_of


@dataclass(frozen=True, kw_only=True)
class SoFar:
    """What a turn has found: its calls with their results, and every fact by its id."""

    steps: tuple[Step, ...]
    facts: dict[str, Fact]
    user_facts: tuple[Fact, ...]


def so_far(state: TurnState, context: TurnContext) -> SoFar:
    calls, stored = conversation.parts_of(context.tools.stores, state["turn_id"])
    return SoFar(
        steps=steps_of(calls, stored),
        facts={fact.id: fact_of(fact) for fact in stored},
        user_facts=tuple(fact_of(f) for f in stored if f.call_ordinal == conversation.USERS_OWN),
    )


def question_of(state: TurnState, context: TurnContext, *, with_refusal: bool = False) -> Question:
    """Everything of the turn so far; after a refusal also what was wrong."""
    found = so_far(state, context)
    return Question(
        text=state["text"],
        today=date.fromisoformat(state["today"]),
        currency=state["currency"],
        memory=Memory.from_json(state["memory"]),
        tools=tuple(context.registry.values()),
        user_facts=found.user_facts,
        steps=found.steps,
        refused=_refused(state) if with_refusal else None,
    )


def _refused(state: TurnState) -> Refused:
    found = tuple(
        Violation(rule=each["rule"], excerpt=each["excerpt"])  # type: ignore[arg-type]  ours, from JSON
        for each in state.get("refused", [])
    )
    return Refused(draft=state.get("draft", ""), violations=found)


def evidence_of(state: TurnState, context: TurnContext, found: SoFar) -> Evidence:
    """The facts and entities that a draft of this turn may lean on."""
    done = [step for step in found.steps if step.result is not None]
    entities = {e.ref: e for step in done if step.result for e in step.result.entities}
    wrote = any(context.registry[step.call.tool].mode == "write" for step in done)
    return Evidence(
        facts=found.facts,
        entities=tuple(entities.values()),
        said_by_user=state["text"],
        did_write=wrote,
    )
