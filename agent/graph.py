"""The graph of a turn.

    understand ─▶ call_tools ─▶ compose ─▶ verify ─▶ render
        │             ▲───────────┘  ▲       │  │
        └────────────────────────────┼───────┘  ├─▶ repair ─▶ verify   (once)
                  (no tool needed)   │          └─▶ template ─▶ render

Each turn is a LangGraph thread of its own, named by its id: a new message cannot disturb one that
is under way, and what a finished turn left in the checkpoints is deleted. Renaming a node strands
turns that are under way; nothing here is interruptible.
"""

from typing import Any, Literal

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agent.nodes.call_tools import MOST_CALLS, call_tools
from agent.nodes.compose import compose
from agent.nodes.render import render
from agent.nodes.understand import understand
from agent.nodes.verify import repair, template, verify
from agent.state import TurnContext, TurnState

MOST_ROUNDS = 4  # times a model may ask for calls in one turn
MOST_REPAIRS = 1
# Nodes of the longest turn, with room to spare: a loop is a bug, not a long answer.
RECURSION_LIMIT = 25

TurnGraph = CompiledStateGraph[TurnState, TurnContext, TurnState, TurnState]


def build_turn_graph(checkpointer: BaseCheckpointSaver[Any]) -> TurnGraph:
    graph = StateGraph(TurnState, context_schema=TurnContext)
    graph.add_node("understand", understand)
    graph.add_node("call_tools", call_tools)
    graph.add_node("compose", compose)
    graph.add_node("verify", verify)
    graph.add_node("repair", repair)
    graph.add_node("template", template)
    graph.add_node("render", render)
    graph.add_edge(START, "understand")
    graph.add_conditional_edges("understand", next_after_model, ["call_tools", "verify"])
    graph.add_edge("call_tools", "compose")
    graph.add_conditional_edges("compose", next_after_model, ["call_tools", "verify"])
    graph.add_conditional_edges("verify", next_after_verify, ["render", "repair", "template"])
    graph.add_edge("repair", "verify")
    graph.add_edge("template", "render")
    graph.add_edge("render", END)
    return graph.compile(checkpointer=checkpointer)


def next_after_model(state: TurnState) -> Literal["call_tools", "verify"]:
    """Calls are made while rounds and calls are left; then whatever draft there is counts."""
    may_call = state.get("rounds", 0) <= MOST_ROUNDS and state.get("made", 0) < MOST_CALLS
    return "call_tools" if state.get("calls") and may_call else "verify"


def next_after_verify(state: TurnState) -> Literal["render", "repair", "template"]:
    if not state.get("refused"):
        return "render"
    return "repair" if state.get("repairs", 0) < MOST_REPAIRS else "template"
