"""One question, one answer: the door through which every surface talks to the agent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from agent.bootstrap import Company
from agent.checkpoints import Checkpoints
from agent.llm.port import ChatModel
from agent.memory import Memory
from agent.views.answer import Answer, plain_answer
from engine.errors import PlanningError
from engine.model.people import Person
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
    ) -> Answer:
        """Answer a message of a thread that `conversation.open_thread` made.

        `on_begin` is given the turn's id before anything is done, so that a caller that may be
        killed can resume it. What a user can fix comes back as an answer that says so; anything
        else is raised.
        """
        company = self.company
        try:
            run = latest_run(company.stores)
        except PlanningError as reason:
            return plain_answer(str(reason), outcome="failed")
        import prompts

        turn_id = conversation.begin_turn(
            company.stores,
            thread_id,
            person=person,
            text=text,
            run_id=run.id,
            model=self.model.name,
            prompt_version=prompts.version_of("system", "repair"),
            now=company.clock.now(),
        )
        on_begin(turn_id)
        memory = self._memory(thread_id, run)
        begin: TurnInput = {
            "turn_id": turn_id,
            "text": text,
            "memory": memory,
            "currency": run.currency,
            "today": run.as_of.isoformat(),
        }
        context = self._context(thread_id, person, run, memory)
        return self._answered(turn_id, begin, context, show_stage)

    def resume(
        self, turn_id: str, thread_id: str, person: Person, show_stage: ShowStage = silent
    ) -> Answer:
        """Go on with a turn that was cut off, from the last node that ended."""
        run = latest_run(self.company.stores)
        memory = self._memory(thread_id, run)
        context = self._context(thread_id, person, run, memory)
        return self._answered(turn_id, None, context, show_stage)

    def _memory(self, thread_id: str, run: RunHeader) -> dict[str, Any]:
        """What the thread remembers, as far as it still holds under the plan of now."""
        stored = conversation.memory_of(self.company.stores, thread_id)
        return Memory.from_json(stored).under(run.id).to_json()

    def _answered(
        self, turn_id: str, begin: "TurnInput | None", context: "TurnContext", show_stage: ShowStage
    ) -> Answer:
        try:
            return self._run(turn_id, begin, context, show_stage)
        except PlanningError as reason:
            return self._failed(turn_id, str(reason), context.tools.thread_id)

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
        self.checkpoints.saver.delete_thread(
            turn_id
        )  # the turn is stored; its checkpoints have served
        return answer

    def _context(
        self, thread_id: str, person: Person, run: RunHeader, memory: Mapping[str, Any]
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
                thread_id=thread_id,
            ),
            registry=self.registry,
            model=self.model,
            clock=company.clock,
            locale=self.locale,
            # What the engine's own statements are in counts always.
            languages=tuple(dict.fromkeys(("en", *company.settings.model.languages))),
        )

    def _failed(self, turn_id: str, reason: str, thread_id: str) -> Answer:
        answer = plain_answer(reason, turn_id=turn_id, outcome="failed")
        memory = conversation.memory_of(self.company.stores, thread_id)
        conversation.end_turn(
            self.company.stores, turn_id, outcome="failed", answer=answer.to_json(),
            complaints=[], memory=memory, tokens=(0, 0), now=self.company.clock.now(),
        )  # fmt: skip
        return answer


def _config(turn_id: str) -> "RunnableConfig":
    """The turn's own checkpoint thread; identity never goes in here, it is stored in clear."""
    from agent.graph import RECURSION_LIMIT

    return {"configurable": {"thread_id": turn_id}, "recursion_limit": RECURSION_LIMIT}
