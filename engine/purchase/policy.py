"""The approval policy as data: who may do what, up to which amount, with how many approvers.

Amounts are minor units of the company's base currency. Nothing here names a person by more than
an id: names and addresses live in the people table, so a policy version can go into the audit.
"""

import hashlib
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Literal

from engine.model.canonical import canonical_json
from engine.model.people import Right
from engine.purchase.carry_over import CarryOver

_LATER = frozenset({"auto_approve", "ceilings", "carry_over"})


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How large an order a role may approve; an empty scope covers everything."""

    up_to_minor: int
    suppliers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()  # a path covers every path below it
    locations: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Role:
    name: str
    rights: frozenset[Right]
    limits: tuple[Limit, ...] = ()  # none: the role approves nothing


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person as the policy knows them."""

    id: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One approval that an order needs when its judged amount is larger than `above_minor`.

    Each step of an order needs another person; `roles` narrows who, empty leaves it open.
    """

    name: str
    above_minor: int
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """How much may be asked for in a calendar period, whoever approves it.

    `each` says whose orders are added up: those of one requester, those to one supplier, or all.
    `roles` narrows it to requesters who hold one of them, `suppliers` to orders to these.
    """

    name: str
    each: Literal["requester", "supplier", "company"]
    period: Literal["day", "week", "month"]
    up_to_minor: int
    roles: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What is in force. Nothing allowed is the default: without limits nobody approves."""

    currency: str  # ISO 4217, of every amount here
    roles: tuple[Role, ...]
    members: tuple[Member, ...]
    steps: tuple[Step, ...]  # by rising `above_minor`; the first applies to every order
    cumulative_days: int = 7  # orders of one requester to one supplier are judged together
    expires_after_hours: int = 72
    auto_approve_up_to_minor: int | None = None  # None: every order waits for a person
    terminal_may_approve: bool = False  # outside a demo company
    auto_approve: tuple[Limit, ...] = ()  # larger ceilings for it in narrower fields
    ceilings: tuple[Ceiling, ...] = ()
    carry_over: tuple[CarryOver, ...] = ()  # of what is left of budgets; none: it is gone

    @cached_property
    def text(self) -> str:
        """The canonical text, as it is stored and sealed.

        What came after the first version of this format stands in it only where it is used: a
        policy that does not use it keeps its version, and cards that wait stay valid.
        """
        content = {each.name: getattr(self, each.name) for each in fields(self)}
        return canonical_json({k: v for k, v in content.items() if v or k not in _LATER})

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits of the content: equal policies have one version."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def role(self, name: str) -> Role | None:
        return next((role for role in self.roles if role.name == name), None)

    def roles_of(self, person_id: str) -> tuple[Role, ...]:
        """The roles a person holds; none for whom the policy does not know."""
        member = next((member for member in self.members if member.id == person_id), None)
        names = member.roles if member else ()
        return tuple(role for role in self.roles if role.name in names)

    def rights_of(self, person_id: str) -> frozenset[Right]:
        return frozenset(right for role in self.roles_of(person_id) for right in role.rights)

    def highest_limit(self, person_id: str) -> int | None:
        """The most a person may approve anywhere; None: nothing."""
        if Right.APPROVE not in self.rights_of(person_id):
            return None
        limits = [limit.up_to_minor for role in self.roles_of(person_id) for limit in role.limits]
        return max(limits, default=None)
