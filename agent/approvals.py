"""One graph thread per approval request: it waits for people and then tells who asked.

The database decides (engine.service.approve); this graph only waits and announces. Whatever wakes
it carries no authority: after the wake the node reads the database. The effect, a notice, lies
after the interrupt and has a unique key, so two wakes at once tell it once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypedDict, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt

from engine.service import approve, conversation
from engine.service.stores import Stores

Now = Callable[[], datetime]


class WaitState(TypedDict):
    request_id: int


@dataclass(frozen=True, kw_only=True)
class WaitContext:
    stores: Stores
    now: Now


WaitGraph = CompiledStateGraph[WaitState, WaitContext, WaitState, WaitState]
Next = Literal["await_decision", "announce"]


def build_wait_graph(checkpointer: BaseCheckpointSaver[Any]) -> WaitGraph:
    # "await_decision" is written in stored checkpoints: renaming it strands who waits there.
    graph = StateGraph(WaitState, context_schema=WaitContext)
    graph.add_node("await_decision", await_decision)
    graph.add_node("announce", announce)
    graph.add_edge(START, "await_decision")
    graph.add_edge("announce", END)
    return graph.compile(checkpointer=checkpointer)


def await_decision(state: WaitState, runtime: Runtime[WaitContext]) -> Command[Next]:
    """Pause until people decided. LangGraph runs this again from its first line on resume."""
    stores, request_id = runtime.context.stores, state["request_id"]
    if approve.status(stores, request_id) == "pending":
        interrupt({"request_id": request_id})
    decided = approve.status(stores, request_id) != "pending"  # the database says, not the wake
    return Command(goto="announce" if decided else "await_decision")


def announce(state: WaitState, runtime: Runtime[WaitContext]) -> dict[str, object]:
    """Leave the one who asked a notice of what became of it; once, however often this runs."""
    context, request_id = runtime.context, state["request_id"]
    card = approve.card(context.stores, request_id, now=context.now())
    with context.stores.database.write() as work:
        conversation.tell(
            work,
            key=conversation.decision_key(request_id),
            person_id=card.requester,
            kind="decision",
            payload={"request_id": request_id, "order": card.number},
            now=context.now(),
        )
    return {}


@dataclass(frozen=True, kw_only=True)
class Approvals:
    """Starts, wakes and reconciles the threads that wait."""

    stores: Stores
    checkpoints: BaseCheckpointSaver[Any]
    now: Now

    def open(self, request_id: int) -> None:
        """Wait for the decision on a request; one that has its thread already is left alone."""
        graph = build_wait_graph(self.checkpoints)
        if not graph.get_state(_thread(request_id)).values:
            self._go(graph, request_id, {"request_id": request_id})

    def wake(self, request_id: int) -> None:
        """Let a thread look at the database again. Without one, a new thread does the telling."""
        graph = build_wait_graph(self.checkpoints)
        waits = bool(graph.get_state(_thread(request_id)).next)
        self._go(graph, request_id, Command(resume=True) if waits else {"request_id": request_id})

    def wake_decided(self) -> tuple[int, ...]:
        """Wake what was decided while nobody listened: at start, and from time to time."""
        untold = conversation.untold_decisions(self.stores)
        for request_id in untold:
            self.wake(request_id)
        return untold

    def _go(self, graph: WaitGraph, request_id: int, begin: object) -> None:
        context = WaitContext(stores=self.stores, now=self.now)
        graph.invoke(cast("Any", begin), _thread(request_id), context=context, durability="sync")
        if not graph.get_state(_thread(request_id)).next:
            self.checkpoints.delete_thread(_name(request_id))


def wake_decided(
    stores: Stores, checkpoints: BaseCheckpointSaver[Any], now: Now
) -> tuple[int, ...]:
    """The reconciler's step: requests whose decision was told now."""
    return Approvals(stores=stores, checkpoints=checkpoints, now=now).wake_decided()


def _thread(request_id: int) -> RunnableConfig:
    return {"configurable": {"thread_id": _name(request_id)}}


def _name(request_id: int) -> str:
    return f"po:{request_id}"
