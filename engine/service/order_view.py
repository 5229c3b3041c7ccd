"""A purchase order as people see it: content, state, what changed, which budgets it draws on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.model.money import Money
from engine.purchase.diff import Difference, difference
from engine.purchase.order import OrderContent
from engine.purchase.periods import Periods, periods_of
from engine.purchase.policy import Ceiling, Policy
from engine.purchase.progress import LineProgress
from engine.purchase.spending import BudgetEffect, spending_by_scope
from engine.purchase.states import OrderState
from engine.service import people
from engine.service.company import order_day
from engine.store.fulfilment import newest_amendment, open_question, order_progress
from engine.store.orders import read_revision, relatives
from engine.store.spending import effects, periods_held, spent_by
from engine.store.tables.purchasing import approval_requests

# Once an order has left there is progress to tell.
_HAS_LEFT = frozenset(
    {
        OrderState.SENT, OrderState.CONFIRMED, OrderState.PART_RECEIVED, OrderState.RECEIVED,
        OrderState.CLOSED,
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AmendmentView:
    """The newest amendment of an order; states: engine.service.amendment_steps."""

    revision: int
    base_revision: int
    state: str
    request_id: int


@dataclass(frozen=True, kw_only=True)
class OrderView:
    """An order at its current revision. Amounts: see OrderContent and BudgetEffect."""

    id: int
    number: str
    state: OrderState
    revision: int
    digest: str
    content: OrderContent
    run_id: str
    snapshot_id: str
    drafted_by: str  # person ids; `people` holds what they are called
    requested_by: str | None
    people: Mapping[str, str]
    drafted_at: datetime
    proposed_at: datetime | None
    approved_at: datetime | None
    sent_at: datetime | None
    postponed_until: date | None
    budgets: tuple[BudgetEffect, ...]  # before and after, in the week and month it counts for
    changes: Difference | None  # against the revision before; None for the first
    request_id: int | None  # the newest request for approval; None: never proposed
    progress: tuple[LineProgress, ...] = ()  # by line, once it has left
    amendment: AmendmentView | None = None
    replaces: tuple[str, ...] = ()  # orders whose place it took
    superseded_by: tuple[str, ...] = ()  # orders that took its place
    must_answer: bool = False  # the supplier confirmed something else than was ordered
    already_there: bool = False  # nothing was done: the same thing had been done before

    @property
    def is_over_budget(self) -> bool:
        return any(effect.is_exceeded for effect in self.budgets)


def view_order(
    look: sa.Connection,
    order: sa.Row[Any],
    *,
    names: Mapping[str, str],
    already_there: bool = False,
) -> OrderView:
    """The view of a stored order, read in one unit of work."""
    revision = read_revision(look, order.id, order.revision)
    replaces, superseded_by = relatives(look, order.id)
    return OrderView(
        id=order.id,
        number=order.number,
        state=OrderState(order.state),
        revision=order.revision,
        digest=revision.digest,
        content=revision.content,
        run_id=order.run_id,
        snapshot_id=order.snapshot_id,
        drafted_by=order.drafted_by,
        requested_by=order.requested_by,
        people=names,
        drafted_at=order.drafted_at,
        proposed_at=order.proposed_at,
        approved_at=order.approved_at,
        sent_at=order.sent_at,
        postponed_until=order.postponed_until,
        budgets=budget_effects(look, order, revision.content),
        changes=changes_since(look, order, revision.content),
        request_id=newest_request(look, order.id),
        progress=order_progress(look, order) if order.state in _HAS_LEFT else (),
        amendment=_amendment(look, order) if order.state in _HAS_LEFT else None,
        replaces=replaces,
        superseded_by=superseded_by,
        must_answer=order.state in _HAS_LEFT and open_question(look, order.id) is not None,
        already_there=already_there,
    )


def _amendment(look: sa.Connection, order: sa.Row[Any]) -> AmendmentView | None:
    row = newest_amendment(look, order.id)
    if row is None:
        return None
    return AmendmentView(
        revision=row.revision,
        base_revision=row.base_revision,
        state=row.state,
        request_id=row.request_id,
    )


def changes_since(
    look: sa.Connection, order: sa.Row[Any], content: OrderContent
) -> Difference | None:
    """What the current revision changed; None for the first."""
    if order.revision == 1:
        return None
    amendment = newest_amendment(look, order.id)
    amended = amendment is not None and amendment.revision == order.revision
    before = amendment.base_revision if amendment and amended else order.revision - 1
    return difference(read_revision(look, order.id, before).content, content)


def budget_effects(
    look: sa.Connection,
    order: sa.Row[Any],
    content: OrderContent,
    policy: Policy | None = None,
) -> tuple[BudgetEffect, ...]:
    """What the order takes from each budget of the periods it counts for, by the policy in force.

    `policy` is that policy where it has been read already.
    """
    rules = people.carry_over(look) if policy is None else policy.carry_over
    periods = periods_for(look, order)
    return effects(look, spending_by_scope(content), periods, order.id, rules=rules)


def periods_for(look: sa.Connection, order: sa.Row[Any]) -> Periods:
    """The week and month an order counts for.

    Where it holds or has spent money, those in which it took it; else by the day on which it was
    proposed or, until then, drafted.
    """
    taken = periods_held(look, order.id)
    return taken or periods_of(order_day(look, order.proposed_at or order.drafted_at))


def newest_request(look: sa.Connection, po_id: int) -> int | None:
    query = sa.select(sa.func.max(approval_requests.c.id)).where(approval_requests.c.po_id == po_id)
    return look.execute(query).scalar_one()


def more_than_spent(look: sa.Connection, po_id: int, wanted: Mapping[str, int]) -> dict[str, int]:
    """By scope, what an amendment costs beyond what its order has spent; only what is more."""
    spent = spent_by(look, po_id)
    more = {scope: minor - spent.get(scope, 0) for scope, minor in wanted.items()}
    return {scope: minor for scope, minor in more.items() if minor > 0}


def over_budget(number: str, effect: BudgetEffect, currency: str) -> str:
    """Why an order cannot be asked for as it is, and what can be done."""
    return (
        f"{number} takes {_amount(effect.order_minor, currency)} of the {effect.scope} budget of "
        f"{effect.period}, which has {_amount(effect.left_before_minor, currency)} left. Make it "
        "smaller, or give a reason and let somebody with the right to go over budget approve."
    )


def above_ceiling(number: str, ceiling: Ceiling, currency: str) -> str:
    """Why an order cannot be asked for in this period, whoever would approve it."""
    limit = _amount(ceiling.up_to_minor, currency)
    return (
        f"{number} would break the ceiling {ceiling.name!r}: {limit} a {ceiling.period} for each "
        f"{ceiling.each}. Make it smaller, ask for it in the next {ceiling.period}, or let "
        "somebody change the policy."
    )


def _amount(minor: int, currency: str) -> str:
    return f"{currency} {Money(minor=minor, currency=currency).decimal():,}"
