"""One question, one answer: the door through which every surface talks to the agent."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import structlog

from agent.allowance import spent_allowance
from agent.bootstrap import Company
from agent.checkpoints import Checkpoints
from agent.clock import monotonic_seconds
from agent.llm.port import ChatModel
from agent.memory import Memory
from agent.stopping import CHANGED_BEFORE, NOTHING_CHANGED, Stop, Stopped
from agent.views.answer import Answer, plain_answer
from engine.errors import PlanningError
from engine.model.money import exponent
from engine.model.people import Person
from engine.model.progress import Progress
from engine.service import conversation
from engine.service.reading import RunHeader, latest_run
from tools.context import ToolContext
from tools.tool import Tool

# LangGraph and the tools take a second to import; a prompt is shown before they are needed.
if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

    from agent.graph import TurnGraph
    from agent.state import TurnContext, TurnInput

ShowStage = Callable[[str], None]
DONE_BEFORE = "What was done before that stays done: look at the orders before asking again."
# The standard library's: silent where nobody has configured it.
log = logging.getLogger("qm.turn")


def every_tool() -> Mapping[str, Tool[Any]]:
    from tools.registry import BY_NAME

    return BY_NAME


def silent(_told: str) -> None:
    """For callers that do not show what is being done, or do not keep what was begun."""


@dataclass(frozen=True, kw_only=True)
class Assistant:
    """A company's agent. Safe to use from several threads; each turn is a graph of its own."""

    company: Company
    model: ChatModel
    checkpoints: Checkpoints
    locale: str
    tools: Mapping[str, Tool[Any]] | None = field(default=None, repr=False)  # None: every tool

    @cached_property
    def registry(self) -> Mapping[str, Tool[Any]]:
        return every_tool() if self.tools is None else self.tools

    @cached_property
    def _graph(self) -> "TurnGraph":
        from agent.graph import build_turn_graph

        return build_turn_graph(self.checkpoints.saver)

    def warm(self) -> None:
        """Import and open what the first question needs."""
        _ = self._graph, self.registry

    def ask(
        self,
        thread_id: str,
        person: Person,
        text: str,
        show_stage: ShowStage = silent,
        on_begin: Callable[[str], None] = silent,
        stop: Stop | None = None,
    ) -> Answer:
        """Answer a message of a thread that `conversation.open_thread` made.

        `on_begin` is given the turn's id before anything is done, so that a caller that may be
        killed can resume it. What a user can fix comes back as an answer that says so; anything
        else is raised. `stop` ends the turn before it is over.
        """
        company = self.company
        try:
            run = latest_run(company.stores)
        except PlanningError as reason:
            return plain_answer(str(reason), outcome="failed")
        now, settings = company.clock.now(), company.settings.model
        spent = spent_allowance(company.stores, settings, person, now)
        if spent is not None:
            return plain_answer(spent, outcome="failed")
        import prompts

        turn_id = conversation.begin_turn(
            company.stores,
            thread_id,
            person=person,
            text=text,
            run_id=run.id,
            model=self.model.name,
            prompt_version=prompts.version_of("system", "repair"),
            now=now,
        )
        on_begin(turn_id)
        memory = self._memory(thread_id, run)
        context = self._context(turn_id, thread_id, person, run, memory, stop or Stop(), show_stage)
        return self._answered(turn_id, _input(turn_id, text, memory, run), context, show_stage)

    def resume(
        self,
        turn_id: str,
        thread_id: str,
        person: Person,
        show_stage: ShowStage = silent,
        stop: Stop | None = None,
    ) -> Answer:
        """Go on with a turn that was cut off, from the last node that ended."""
        run = latest_run(self.company.stores)
        memory = self._memory(thread_id, run)
        context = self._context(turn_id, thread_id, person, run, memory, stop or Stop(), show_stage)
        begin = None
        if self.checkpoints.saver.get_tuple(_config(turn_id)) is None:  # cut off before any ended
            said = conversation.turn(self.company.stores, turn_id).text
            begin = _input(turn_id, said, memory, run)
        return self._answered(turn_id, begin, context, show_stage)

    def _memory(self, thread_id: str, run: RunHeader) -> dict[str, Any]:
        """What the thread remembers, as far as it still holds under the plan of now."""
        stored = conversation.memory_of(self.company.stores, thread_id)
        return Memory.from_json(stored).under(run.id).to_json()

    def _answered(
        self, turn_id: str, begin: "TurnInput | None", context: "TurnContext", show_stage: ShowStage
    ) -> Answer:
        """Whatever happens, the turn ends with an answer, and its log lines carry its id."""
        began, tools = monotonic_seconds(), context.tools
        with structlog.contextvars.bound_contextvars(turn=turn_id, run=tools.run_id):
            try:
                answer = self._run(turn_id, begin, context, show_stage)
            except PlanningError as reason:
                answer = self._failed(turn_id, reason, tools.thread_id)
            except KeyboardInterrupt:
                self._failed(turn_id, Stopped(NOTHING_CHANGED), tools.thread_id)
                raise
            self._log_end(turn_id, tools.person.id, answer, monotonic_seconds() - began)
        return answer

    def _log_end(self, turn_id: str, person_id: str, answer: Answer, seconds: float) -> None:
        kept = conversation.turn(self.company.stores, turn_id)
        told: dict[str, object] = {
            "person": person_id, "model": kept.model, "outcome": answer.outcome,
            "refused": [each["rule"] for each in kept.complaints],
            "tokens_in": kept.tokens[0], "tokens_out": kept.tokens[1],
            "milliseconds": round(1_000 * seconds),
        }  # fmt: skip
        log.info("turn answered", extra=told)

    def _run(
        self, turn_id: str, begin: "TurnInput | None", context: "TurnContext", show_stage: ShowStage
    ) -> Answer:
        """`begin` is None for a turn that goes on from its checkpoints."""
        answer: Answer | None = None
        # "sync": what a node did is kept before the next one begins.
        for mode, part in self._graph.stream(
            cast("Any", begin),
            _config(turn_id),
            context=context,
            stream_mode=["custom", "updates"],
            durability="sync",
        ):
            update = cast("dict[str, Any]", part)
            if mode == "custom":
                show_stage(update["stage"])
            elif "render" in update:
                answer = Answer.from_json(update["render"]["answer"])
        assert answer is not None, turn_id  # noqa: S101  render is the only way out of the graph
        # The turn is stored; its checkpoints have served.
        self.checkpoints.saver.delete_thread(turn_id)
        return answer

    def _context(
        self,
        turn_id: str,
        thread_id: str,
        person: Person,
        run: RunHeader,
        memory: Mapping[str, Any],
        stop: Stop,
        show_stage: ShowStage,
    ) -> "TurnContext":
        from agent.state import TurnContext

        company = self.company
        return TurnContext(
            tools=ToolContext(
                stores=company.stores,
                person=person,
                now=company.clock.now(),
                config=company.plan_config,
                compute=company.compute,
                run_id=run.id,
                shown_run_id=memory.get("shown_run_id"),
                drafted_per_day_minor=_minor(company.settings.turn.drafted_per_day, run.currency),
                turn_id=turn_id,
                thread_id=thread_id,
                progress=_staged(show_stage),
            ),
            registry=self.registry,
            model=self.model,
            clock=company.clock,
            locale=self.locale,
            tool_seconds=company.settings.turn.tool_seconds,
            stop=stop,
            # What the engine's own statements are in counts always.
            languages=tuple(dict.fromkeys(("en", *company.settings.model.languages))),
        )

    def _failed(self, turn_id: str, reason: PlanningError, thread_id: str) -> Answer:
        """An answer that says why, and what the turn had done by then."""
        stores = self.company.stores
        wrote = any(
            call.mode == "write" and call.state != "failed"
            for call in conversation.calls_of(stores, turn_id)
        )
        is_stopped = isinstance(reason, Stopped)
        sentence = CHANGED_BEFORE if is_stopped and wrote else str(reason)
        if wrote and not is_stopped:
            sentence = f"{sentence} {DONE_BEFORE}"
        answer = plain_answer(sentence, turn_id=turn_id, outcome="failed")
        conversation.end_turn(
            stores, turn_id, outcome="failed", answer=answer.to_json(), complaints=[],
            memory=conversation.memory_of(stores, thread_id), tokens=self._tokens(turn_id),
            now=self.company.clock.now(),
        )  # fmt: skip
        self.checkpoints.saver.delete_thread(turn_id)
        return answer

    def _tokens(self, turn_id: str) -> tuple[int, int]:
        """What a turn that failed had used by then; it counts as much as any other."""
        values = self._graph.get_state(_config(turn_id)).values
        return values.get("input_tokens", 0), values.get("output_tokens", 0)


def _staged(show_stage: ShowStage) -> Progress:
    """Work that says how far it is shows its stage where the turn shows its own."""

    def progress(stage: str, done: int, total: int | None) -> None:
        del done, total
        show_stage(stage)

    return progress


def _input(turn_id: str, text: str, memory: dict[str, Any], run: RunHeader) -> "TurnInput":
    return {
        "turn_id": turn_id,
        "text": text,
        "memory": memory,
        "currency": run.currency,
        "today": run.as_of.isoformat(),
    }


def _minor(amount: Decimal | None, currency: str) -> int | None:
    return None if amount is None else int(amount.scaleb(exponent(currency)))


def _config(turn_id: str) -> "RunnableConfig":
    """The turn's own checkpoint thread; identity never goes in here, it is stored in clear."""
    from agent.graph import RECURSION_LIMIT

    return {"configurable": {"thread_id": turn_id}, "recursion_limit": RECURSION_LIMIT}
