"""What a tool may see: stores, a verified identity, the time, and a place to compute."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from engine.model.config import PlanConfig
from engine.model.people import Person
from engine.model.progress import Progress, silent
from engine.service.stores import Stores

R = TypeVar("R")


class Compute(Protocol):
    """Runs what computes (plan, what-if, chart) away from the process that answers people."""

    def call(self, function: Callable[..., R], /, *arguments: object) -> R:
        """Run an importable function with picklable arguments and wait for its result."""
        ...

    def watched(self, function: Callable[..., R], /, *arguments: object, progress: Progress) -> R:
        """The same for a function that takes `progress`: it is called here as the work goes on."""
        ...


@dataclass(frozen=True, kw_only=True)
class ToolContext:
    """Identity comes from the verified request, never from a tool's argument."""

    stores: Stores
    person: Person
    now: datetime
    config: PlanConfig
    compute: Compute
    run_id: str | None = None  # the plan of record when the turn began; None: the latest
    shown_run_id: str | None = None  # the run last shown in this thread, such as a what-if
    drafted_per_day_minor: int | None = None  # by talking, of one person in 24 hours; None: any
    turn_id: str = ""  # the turn under way, for what derives from its facts
    progress: Progress = silent  # where work that takes a while says how far it is
    thread_id: str = ""  # the conversation, for what looks back at its earlier answers
