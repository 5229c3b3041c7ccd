"""One question about the installation, answered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.errors import PlanningError

Area = Literal["settings", "connections", "people", "data", "work", "slack"]
Verdict = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """`fail` stops the work, `warn` will matter later; both say what to do about it."""

    area: Area
    name: str
    verdict: Verdict
    finding: str
    next_step: str | None = None


def worst(checks: Sequence[Check]) -> Verdict:
    """The verdict on all of them."""
    verdicts = {check.verdict for check in checks}
    return "fail" if "fail" in verdicts else "warn" if "warn" in verdicts else "ok"


def ask(area: Area, name: str, question: Callable[[], Check]) -> Check:
    """Answer a question; what a user can fix is a failed check with its own words."""
    try:
        return question()
    except PlanningError as error:
        return Check(area=area, name=name, verdict="fail", finding=str(error))
