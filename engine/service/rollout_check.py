"""What a rollout is made of: steps with checks that pass, or say what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Check:
    """`told` says what was found, `missing` what to do where it does not pass."""

    name: str
    passes: bool
    told: str
    missing: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """A stretch of the ninety days; `facts` are lists and figures that go with it."""

    name: str
    first_day: int
    last_day: int
    checks: tuple[Check, ...]
    facts: Mapping[str, Any] = field(repr=False)

    @property
    def passes(self) -> bool:
        return all(check.passes for check in self.checks)

    @property
    def passed(self) -> int:
        return sum(check.passes for check in self.checks)


def check(name: str, told: str, missing: str, *, passes: bool) -> Check:
    """What is missing is said only where it does not pass."""
    return Check(name=name, passes=passes, told=told, missing="" if passes else missing)
