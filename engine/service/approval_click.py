"""A decision being made, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

import sqlalchemy as sa

from engine.model.people import Person
from engine.purchase.diff import Difference
from engine.purchase.rules import Cause, who_may
from engine.service import people
from engine.service.approval_card import Question
from engine.service.stores import AuditSeal

Decision = Literal["approve", "reject"]
Result = Literal[
    "approved", "rejected", "second_approver_needed", "already_decided", "refused", "stale",
    "expired",
]  # fmt: skip
Refused = (
    Cause
    | Literal[
        "identity", "over_budget", "above_ceiling", "no_emergency", "already_decided", "stale",
        "expired",
    ]
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a click led to. Only the first three results changed anything."""

    result: Result
    cause: Refused | None  # why nothing was done
    sentence: str  # for the person who clicked; holds no amounts
    number: str
    request_id: int
    decided_by: str | None = None  # whose decision stands, if one does
    decided_at: datetime | None = None
    who_may: tuple[str, ...] = ()  # ids of those who may approve now
    difference: Difference | None = None  # what changed since the card was shown

    @property
    def took_effect(self) -> bool:
        return self.result in ("approved", "rejected", "second_approver_needed")


@dataclass(frozen=True, kw_only=True)
class Click:
    """A decision inside its unit of work, with what it is decided on and by whom."""

    work: sa.Connection
    seal: AuditSeal
    question: Question
    person: Person
    decision: Decision
    reason: str | None
    now: datetime
    breaks_glass: bool = False  # beyond the person's own limits, in an emergency

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What people are called; asked for only where a sentence needs it."""
        return people.names(self.work)

    def called(self, person: str) -> str:
        """A person's name, for sentences."""
        return self.names.get(person, person)

    def refused(
        self,
        cause: Refused,
        sentence: str,
        *,
        result: Result = "refused",
        changed: Difference | None = None,
    ) -> Outcome:
        """An outcome that changed nothing."""
        question = self.question
        made = question.decisions[-1] if question.decisions else None
        return Outcome(
            result=result,
            cause=cause,
            sentence=sentence,
            number=question.order.number,
            request_id=question.request.id,
            decided_by=made.approver if made else None,
            decided_at=made.at if made else None,
            who_may=self.who_may(),
            difference=changed,
        )

    def who_may(self) -> tuple[str, ...]:
        """Ids of those who may approve as things stand; nobody once it is decided."""
        question = self.question
        if question.request.state != "pending":
            return ()
        return who_may(question.policy, question.case, question.approved_by)

    def who_may_sentence(self) -> str:
        able = ", ".join(self.called(person) for person in self.who_may())
        return f"Who may: {able}." if able else "At present nobody may; ask for another approver."
