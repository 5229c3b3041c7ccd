"""The port every model stands behind: the rules that run without a key, and a served model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from agent.grounding.violations import Violation
from agent.memory import Memory, Pending
from engine.errors import PlanningError
from tools.facts import Fact
from tools.result import ToolResult
from tools.tool import Tool


class ModelUnavailable(PlanningError):  # noqa: N818  the error tree reads as statements
    """The model server cannot answer; the text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """A tool the model wants called. Arguments are as it wrote them, not yet validated."""

    tool: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Step:
    """A call and what came of it: a result, or the sentence that says why not."""

    call: Call
    prefix: str = ""  # of the ids of its facts: two calls of one tool stay apart
    result: ToolResult | None = None
    error: str | None = None
    error_facts: tuple[Fact, ...] = ()  # the sentence of the error, to be referred to


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A draft that may not be shown, and why."""

    draft: str
    violations: tuple[Violation, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """All that a model may know in a turn. Text from people and data is data, not instruction."""

    text: str
    today: date  # the plan's as-of date: weeks and months are told from there
    currency: str  # the company's base currency
    memory: Memory
    tools: tuple[Tool[Any], ...]
    preferences: Mapping[str, str] = field(default_factory=dict[str, str])  # the person's own
    user_facts: tuple[Fact, ...] = ()  # the figures of the message itself
    steps: tuple[Step, ...] = ()
    refused: Refused | None = None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """Either calls, or a draft with `{{fact_id}}` where figures belong."""

    draft: str = ""
    calls: tuple[Call, ...] = ()
    pending: Pending | None = None  # set when the draft asks something back
    input_tokens: int = 0
    output_tokens: int = 0


class ChatModel(Protocol):
    """Answers a question by calling tools and wording a draft."""

    @property
    def name(self) -> str:
        """Which model answers, as recorded with the turn."""
        ...

    @property
    def heeds_the_person_only(self) -> bool:
        """Whether its calls come from the person's words by rules, whatever the data says."""
        ...

    def reply(self, question: Question) -> Reply:
        """The next calls, or the draft. Raises ModelUnavailable when it cannot be reached."""
        ...
