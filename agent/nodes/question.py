"""What a model is told in a turn, and what its draft is held against, read from what is stored."""

from dataclasses import dataclass, replace
from datetime import date

from agent.grounding.asked import citable
from agent.grounding.evidence import Evidence
from agent.grounding.provenance import Provenance, arguments_of
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
    """What a turn has found. `facts` are all, for tables; `citable` those that prose may cite."""

    steps: tuple[Step, ...]
    facts: dict[str, Fact]
    citable: dict[str, Fact]
    user_facts: tuple[Fact, ...]

    @property
    def citable_steps(self) -> tuple[Step, ...]:
        """The steps as whoever words the answer is told of them."""
        return tuple(_only_citable(step, self.citable) for step in self.steps)


def _only_citable(step: Step, citable: dict[str, Fact]) -> Step:
    if step.result is None:
        return step
    kept = tuple(fact for fact in step.result.facts if fact.id in citable)
    return replace(step, result=replace(step.result, facts=kept))


def so_far(state: TurnState, context: TurnContext) -> SoFar:
    calls, stored = conversation.parts_of(context.tools.stores, state["turn_id"])
    facts = {fact.id: fact_of(fact) for fact in stored}
    user_facts = tuple(facts[f.id] for f in stored if f.call_ordinal == conversation.USERS_OWN)
    source = Provenance(
        text=state["text"],
        currency=state["currency"],
        today=date.fromisoformat(state["today"]),
        earlier=arguments_of(Memory.from_json(state["memory"]).asked_with),
    )
    return SoFar(
        steps=steps_of(calls, stored),
        facts=facts,
        citable=citable(facts.values(), source),
        user_facts=user_facts,
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
        preferences=context.tools.person.preferences,
        user_facts=found.user_facts,
        steps=found.citable_steps,
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
        facts=found.citable,
        entities=tuple(entities.values()),
        said_by_user=state["text"],
        did_write=wrote,
        languages=context.languages,
    )
