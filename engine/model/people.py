"""Who acts, and what they may do."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

IdentitySource = Literal["demo", "os-user", "slack", "api-key", "system"]


class Right(StrEnum):
    """What a role may allow. Approving is bounded by limits as well."""

    READ = "read"
    DRAFT = "draft"  # draft and propose purchase orders
    APPROVE = "approve"  # decide on a proposed purchase order
    SET_BUDGET = "set_budget"  # decide on a proposed budget
    OVER_BUDGET = "over_budget"  # approve above the remaining budget, with a reason
    BREAK_GLASS = "break_glass"  # approve beyond one's limits in an emergency; everybody is told
    OVERRIDE = "override"  # change forecasts, promotions, snoozes
    ADMINISTER = "administer"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A verified actor. `source` says how the identity was verified; it goes into the audit."""

    id: str
    name: str
    rights: frozenset[Right]
    source: IdentitySource
    approval_limit_minor: int | None = None  # base currency; None: no approvals
    email: str | None = None
    preferences: dict[str, str] = field(default_factory=dict)

    def may(self, right: Right) -> bool:
        return right in self.rights
