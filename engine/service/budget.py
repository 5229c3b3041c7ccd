"""Budgets: what is left of each, and how a cap is proposed, decided and recorded.

Caps are minor units of the company's base currency. A cap that a person decided stays until
another decision; one that came with the data follows the data.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import pandas as pd
import sqlalchemy as sa

from engine.errors import IllegalTransition, InvalidInput, Stale, UnknownName
from engine.model import decisions
from engine.model.canonical import digest
from engine.model.people import Person, Right
from engine.purchase.periods import Periods, periods_of
from engine.purchase.spending import require_scope_and_period
from engine.service import audit, people
from engine.service.budget_caps import CapAuthor, budget_subject, find_budget, set_cap
from engine.service.company import order_day
from engine.service.rights import require_decider, require_right
from engine.service.stores import AuditSeal, Stores
from engine.store.spending import budget_caps
from engine.store.tables.budgets import budget_proposals

ProposalState = Literal["pending", "approved", "rejected", "expired"]
HIGHEST_CAP_MINOR = 10**15  # more is a slip of the keyboard


@dataclass(frozen=True, kw_only=True)
class BudgetStatus:
    """One budget and what has been taken from it."""

    scope: str
    period: str
    cap_minor: int
    committed_minor: int  # proposed, waiting for approval
    consumed_minor: int  # approved
    origin: str  # "import" or "person"
    revision: int
    carried_minor: int = 0  # what earlier periods handed on, by the policy's rules

    @property
    def left_minor(self) -> int:
        return self.cap_minor + self.carried_minor - self.committed_minor - self.consumed_minor


@dataclass(frozen=True, kw_only=True)
class BudgetProposal:
    """A cap that somebody asks for, with what the planner says it would change."""

    id: int
    scope: str
    period: str
    cap_minor: int
    cap_before_minor: int | None  # None: there was no such budget
    consequence: Mapping[str, Any]
    digest: str  # what a decision must name
    state: ProposalState
    requested_by: str
    expires_at: datetime
    decided_by: str | None = None


def current(stores: Stores, on: date) -> tuple[BudgetStatus, ...]:
    """Every budget of the week, month, quarter and year that contain a day."""
    with stores.database.read() as look:
        caps = budget_caps(look, periods_of(on), people.carry_over(look))
    return tuple(BudgetStatus(**asdict(cap)) for cap in caps)


def day_that_counts(stores: Stores, now: datetime) -> date:
    """The day whose periods hold for what is planned and ordered now; see order_day."""
    with stores.database.read() as look:
        return order_day(look, now)


def in_force(look: sa.Connection, periods: Periods) -> pd.DataFrame:
    """The budgets of these periods, columns engine.model.decisions.BUDGETS.

    The cap includes what earlier periods handed on, committed what is spent.
    """
    rows = [
        {
            "scope": cap.scope,
            "period": cap.period,
            "cap_minor": cap.cap_minor + cap.carried_minor,
            "committed_minor": cap.committed_minor + cap.consumed_minor,
        }
        for cap in budget_caps(look, periods, people.carry_over(look))
    ]
    return pd.DataFrame(rows, columns=list(decisions.BUDGETS))


def propose_budget(
    stores: Stores,
    *,
    scope: str,
    period: str,
    cap_minor: int,
    consequence: Mapping[str, Any],
    person: Person,
    now: datetime,
) -> BudgetProposal:
    """Ask for a cap. Nothing changes until somebody entitled decides.

    `consequence` is what the planner computed for it (JSON values): stored and shown as it is,
    and part of the digest that the decision names.
    """
    require_scope_and_period(scope, period)
    if not 0 <= cap_minor <= HIGHEST_CAP_MINOR:
        raise InvalidInput(f"A cap of {cap_minor} minor units is not possible; write 0 or more.")
    with stores.database.write() as work:
        audit.take_turn(work)
        policy = require_right(work, person, Right.DRAFT, Right.SET_BUDGET)
        before = find_budget(work, scope, period)
        shown = {
            "scope": scope,
            "period": period,
            "cap_minor": cap_minor,
            "cap_before_minor": before.cap_minor if before else None,
            "revision_before": before.revision if before else 0,
            "consequence": dict(consequence),
        }
        values = {
            **shown,
            "digest": digest(shown),
            "state": "pending",
            "requested_by": person.id,
            "requested_at": now,
            "expires_at": now + timedelta(hours=policy.expires_after_hours),
        }
        inserted = sa.insert(budget_proposals).values(values).returning(budget_proposals.c.id)
        proposal_id: int = work.execute(inserted).scalar_one()
        audit.record(
            work,
            stores.seal,
            person,
            at=now,
            kind="budget.proposed",
            subject=budget_subject(scope, period),
            body={"proposal": proposal_id, "cap_minor": cap_minor, "digest": values["digest"]},
        )
    return proposal(stores, proposal_id)


def proposal(stores: Stores, proposal_id: int) -> BudgetProposal:
    """A proposal by its id; raises UnknownName."""
    with stores.database.read() as look:
        return _proposal(_proposal_row(look, proposal_id))


def pending(stores: Stores, now: datetime) -> tuple[BudgetProposal, ...]:
    """Proposals that wait for a decision, oldest first."""
    query = (
        sa.select(budget_proposals)
        .where(budget_proposals.c.state == "pending", budget_proposals.c.expires_at > now)
        .order_by(budget_proposals.c.id)
    )
    with stores.database.read() as look:
        return tuple(_proposal(row) for row in look.execute(query))


def decide_budget(
    stores: Stores,
    *,
    proposal_id: int,
    shown_digest: str,
    approve: bool,
    person: Person,
    now: datetime,
    reason: str | None = None,
) -> BudgetProposal:
    """Decide on a proposal as it was shown. Whoever may set budgets may confirm their own.

    Raises NotAllowed, IllegalTransition when it was decided or expired, and Stale when what was
    shown, or the budget it was to replace, has changed since.
    """
    with stores.database.write() as work:
        audit.take_turn(work)
        require_decider(work, person, require_right(work, person, Right.SET_BUDGET))
        row = _proposal_row(work, proposal_id)
        before = find_budget(work, row.scope, row.period)
        _require_open(row, shown_digest, before, now)
        wanted: ProposalState = "approved" if approve else "rejected"
        work.execute(
            sa.update(budget_proposals)
            .where(budget_proposals.c.id == proposal_id, budget_proposals.c.state == "pending")
            .values(state=wanted, decided_by=person.id, decided_at=now, reason=reason)
        )
        _record_decision(work, stores.seal, row, person, wanted, reason, now)
        if approve:
            author = CapAuthor(id=person.id, source=person.source, at=now, proposal_id=proposal_id)
            set_cap(work, stores.seal, row.scope, row.period, row.cap_minor, before, author)
    return proposal(stores, proposal_id)


def _record_decision(
    work: sa.Connection,
    seal: AuditSeal,
    row: sa.Row[Any],
    person: Person,
    wanted: str,
    reason: str | None,
    now: datetime,
) -> None:
    audit.record(
        work,
        seal,
        person,
        at=now,
        kind=f"budget.{wanted}",
        subject=budget_subject(row.scope, row.period),
        body={"proposal": row.id, "digest": row.digest, "reason": reason and digest(reason)},
    )


def _require_open(
    row: sa.Row[Any], shown_digest: str, before: sa.Row[Any] | None, now: datetime
) -> None:
    what = f"The budget proposal {row.id}"
    if row.state != "pending":
        raise IllegalTransition(what, row.state, "decided", [])
    if row.expires_at <= now:
        raise IllegalTransition(what, "expired", "decided", [])
    if row.digest != shown_digest:
        raise Stale(f"{what} is not the one that was shown. Open it again.")
    if row.revision_before != (before.revision if before else 0):
        raise Stale(
            f"The budget {row.scope} of {row.period} was changed since {what.lower()} was made. "
            "Propose it anew to see its consequence."
        )


def _proposal_row(look: sa.Connection, proposal_id: int) -> sa.Row[Any]:
    query = sa.select(budget_proposals).where(budget_proposals.c.id == proposal_id)
    row = look.execute(query).one_or_none()
    if row is None:
        raise UnknownName("budget proposal", str(proposal_id))
    return row


def _proposal(row: sa.Row[Any]) -> BudgetProposal:
    return BudgetProposal(
        id=row.id,
        scope=row.scope,
        period=row.period,
        cap_minor=row.cap_minor,
        cap_before_minor=row.cap_before_minor,
        consequence=row.consequence,
        digest=row.digest,
        state=row.state,
        requested_by=row.requested_by,
        expires_at=row.expires_at,
        decided_by=row.decided_by,
    )
