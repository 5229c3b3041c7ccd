"""What a turn's graph carries between its nodes: ids and plain JSON, never facts or objects.

Facts, results and texts are in the database under the turn's id, so a checkpoint stays small and
a turn that was cut off goes on from what is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

from agent.clock import Clock
from agent.llm.port import ChatModel
from agent.stopping import Stop
from tools.context import ToolContext
from tools.tool import Tool

Outcome = Literal["clean", "repaired", "template", "failed"]


class AskedCall(TypedDict):
    tool: str
    arguments: dict[str, Any]


class TurnInput(TypedDict):
    """What a turn begins with."""

    turn_id: str
    text: str
    memory: dict[str, Any]
    currency: str
    today: str  # ISO date: the plan's as-of date


class TurnUpdate(TypedDict, total=False):
    """What nodes set. `answer` comes from the last one; until then the turn is under way."""

    calls: list[AskedCall]  # to be made next
    made: int  # calls made so far
    rounds: int  # times a model asked for calls
    draft: str
    pending: dict[str, Any] | None  # what our question waits for
    refused: list[dict[str, str]]  # violations of the draft, as rule and excerpt
    complaints: list[dict[str, str]]  # all of the turn
    repairs: int
    outcome: Outcome
    input_tokens: int
    output_tokens: int
    answer: dict[str, Any]


class TurnState(TurnInput, TurnUpdate):
    """The whole of it, as nodes read it."""


@dataclass(frozen=True, kw_only=True)
class TurnContext:
    """What nodes may use. Given at run time and never checkpointed."""

    tools: ToolContext
    registry: Mapping[str, Tool[Any]]
    model: ChatModel
    clock: Clock
    locale: str
    languages: tuple[str, ...] = ("en",)  # that a draft may be in
    tool_seconds: float = 60.0  # a reading tool that takes longer is given up
    stop: Stop = field(default_factory=Stop)
