"""What an approver is shown: everything that decides, and the digest that binds the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from engine.errors import UnknownName
from engine.purchase.diff import Difference, difference
from engine.purchase.order import OrderContent, shown_digest
from engine.purchase.policy import Policy, Step
from engine.purchase.rules import Case, Ruling, explain, needed_steps
from engine.purchase.spending import BudgetEffect, spending_by_scope
from engine.service import people
from engine.service.cases import case_of
from engine.service.delegation import stand_ins
from engine.service.order_view import (
    budget_effects,
    changes_since,
    more_than_spent,
    newest_request,
)
from engine.store.fulfilment import amendment_of_request
from engine.store.orders import find_order, order_by_id, read_revision
from engine.store.spending import effects, request_periods
from engine.store.tables.purchasing import approval_decisions, approval_requests

RequestState = Literal["pending", "approved", "rejected", "expired", "void"]


@dataclass(frozen=True, kw_only=True)
class DecisionMade:
    """A decision that took effect."""

    step: int
    approver: str
    decision: Literal["approve", "reject"]
    reason: str | None
    at: datetime
    on_behalf_of: str | None = None  # who lent the authority; None: it was the approver's own


@dataclass(frozen=True, kw_only=True)
class ApprovalCard:
    """One request.

    Amounts are minor units: totals of `content` in the order's currency, the rest in base
    currency at the recorded rate. People are ids; `people` holds what they are called.
    """

    request_id: int
    state: RequestState
    number: str
    revision: int
    digest: str  # of the revision and the policy it is judged by; a decision must name both
    content: OrderContent
    why: str  # why this revision was made; each line of `content` has its own reason
    run_id: str
    snapshot_id: str
    requester: str
    requested_at: datetime
    expires_at: datetime
    budgets: tuple[BudgetEffect, ...]  # before and after
    over_budget_reason: str | None  # the requester's, where it exceeded a budget
    changes: Difference | None  # against the revision before
    judged_minor: int  # with the requester's other orders to this supplier
    steps: tuple[Step, ...]  # the approvals it needs, each by another person
    rulings: tuple[Ruling, ...]  # on everyone: who may approve now, and why not
    decisions: tuple[DecisionMade, ...]
    people: Mapping[str, str]
    is_amendment: bool = False  # of an order that its supplier has

    @property
    def who_may(self) -> tuple[str, ...]:
        """Ids of those who may approve now; nobody once it is decided."""
        return tuple(ruling.person for ruling in self.rulings if ruling.allowed)

    def ruling_on(self, person: str) -> Ruling | None:
        return next((ruling for ruling in self.rulings if ruling.person == person), None)


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Who may approve an order, and why; amounts in minor units of the base currency.

    For an order that nobody has asked for yet: as if its drafter asked now.
    """

    number: str
    currency: str
    own_minor: int
    judged_minor: int
    steps: tuple[Step, ...]
    rulings: tuple[Ruling, ...]
    people: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Question:
    """A request with all that a decision on it depends on, read in one unit of work."""

    request: sa.Row[Any]
    order: sa.Row[Any]
    content: OrderContent  # of the requested revision
    why: str
    policy: Policy
    case: Case
    decisions: tuple[DecisionMade, ...]
    amendment: sa.Row[Any] | None = None  # the request is about a change of a sent order

    @property
    def base_revision(self) -> int:
        """The revision that the order must still be at for a decision to make sense."""
        revision: int = self.amendment.base_revision if self.amendment else self.request.revision
        return revision

    @property
    def digest(self) -> str:
        return shown_digest(self.request.digest, self.policy.version)

    @property
    def approved_by(self) -> tuple[str, ...]:
        """By whose authority it has been approved."""
        return authorities(self.decisions)


def authorities(decisions: Sequence[DecisionMade]) -> tuple[str, ...]:
    return tuple(m.on_behalf_of or m.approver for m in decisions if m.decision == "approve")


def request_state(look: sa.Connection, request_id: int) -> RequestState:
    """Where a request stands; raises UnknownName."""
    state: RequestState = _request(look, request_id).state
    return state


def _request(look: sa.Connection, request_id: int) -> sa.Row[Any]:
    query = sa.select(approval_requests).where(approval_requests.c.id == request_id)
    request = look.execute(query).one_or_none()
    if request is None:
        raise UnknownName("approval request", str(request_id))
    return request


def read_question(look: sa.Connection, request_id: int, now: datetime) -> Question:
    """The request as it stands; raises UnknownName."""
    request = _request(look, request_id)
    decisions = _decisions(look, request_id)
    order = order_by_id(look, request.po_id)
    revision = read_revision(look, request.po_id, request.revision)
    policy = people.policy_in_force(look)
    return Question(
        request=request,
        order=order,
        content=revision.content,
        why=revision.why,
        policy=policy,
        case=replace(
            case_of(
                look,
                policy,
                order,
                revision.content,
                requester=request.requested_by,
                at=request.requested_at,
            ),
            stand_ins=stand_ins(look, now),
            hands=tuple(made.approver for made in decisions if made.decision == "approve"),
        ),
        decisions=decisions,
        amendment=amendment_of_request(look, request_id) if order.sent_at else None,
    )


def budgets_of(look: sa.Connection, question: Question) -> tuple[BudgetEffect, ...]:
    """What the order, or the amendment beyond what its order has spent, takes of budgets."""
    if question.amendment is None:
        return budget_effects(look, question.order, question.content, question.policy)
    held = request_periods(look, question.request.id)
    more = more_than_spent(look, question.order.id, spending_by_scope(question.content))
    if held is None or question.request.state != "pending":
        return ()
    rules = question.policy.carry_over
    return effects(look, more, held, None, rules=rules, except_request=question.request.id)


def changes_of(look: sa.Connection, question: Question) -> Difference | None:
    """What the requested revision changes."""
    if question.amendment is None:
        return changes_since(look, question.order, question.content)
    base = read_revision(look, question.order.id, question.base_revision)
    return difference(base.content, question.content)


def card_of(look: sa.Connection, question: Question) -> ApprovalCard:
    """The card that shows a request."""
    request, order = question.request, question.order
    return ApprovalCard(
        request_id=request.id,
        state=request.state,
        number=order.number,
        revision=request.revision,
        digest=question.digest,
        content=question.content,
        why=question.why,
        run_id=order.run_id,
        snapshot_id=order.snapshot_id,
        requester=request.requested_by,
        requested_at=request.requested_at,
        expires_at=request.expires_at,
        budgets=budgets_of(look, question),
        over_budget_reason=request.over_budget_reason,
        changes=changes_of(look, question),
        judged_minor=question.case.judged_minor,
        steps=needed_steps(question.policy, question.case.judged_minor),
        rulings=explain(question.policy, question.case, question.approved_by)
        if request.state == "pending"
        else (),
        decisions=question.decisions,
        people=people.names(look),
        is_amendment=question.amendment is not None,
    )


def explanation_of(look: sa.Connection, number: str, now: datetime) -> Explanation:
    """The rules applied to an order at its current revision; raises UnknownName."""
    order = find_order(look, number)
    content = read_revision(look, order.id, order.revision).content
    policy = people.policy_in_force(look)
    request = newest_request(look, order.id)
    if request is not None and request_state(look, request) == "pending":
        question = read_question(look, request, now)
        case, approved_by = question.case, question.approved_by
    else:
        asked = case_of(
            look, policy, order, content, requester=order.requested_by or order.drafted_by,
            at=order.proposed_at or now,
        )  # fmt: skip
        case, approved_by = replace(asked, stand_ins=stand_ins(look, now)), ()
    return Explanation(
        number=order.number,
        currency=content.base_currency,
        own_minor=case.own_minor,
        judged_minor=case.judged_minor,
        steps=needed_steps(policy, case.judged_minor),
        rulings=explain(policy, case, approved_by),
        people=people.names(look),
    )


def _decisions(look: sa.Connection, request_id: int) -> tuple[DecisionMade, ...]:
    table = approval_decisions
    query = sa.select(table).where(table.c.request_id == request_id).order_by(table.c.step)
    return tuple(
        DecisionMade(
            step=row.step,
            approver=row.approver,
            decision=row.decision,
            reason=row.reason,
            at=row.at,
            on_behalf_of=row.on_behalf_of,
        )
        for row in look.execute(query)
    )
