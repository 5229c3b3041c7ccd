"""Change an order that its supplier has: a new revision with its own approval and document."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from engine.errors import IllegalTransition, InvalidInput, NotAllowed
from engine.model.canonical import digest
from engine.model.people import Person, Right
from engine.purchase.periods import Periods, periods_of
from engine.purchase.policy import Policy
from engine.purchase.progress import LineProgress
from engine.purchase.revise import (
    Change,
    ChangeUnits,
    RemoveLine,
    as_confirmed,
    require_days_to_come,
    revised,
)
from engine.purchase.spending import spending_by_scope
from engine.purchase.states import UNDER_WAY, require_state
from engine.service import audit, people
from engine.service.amendment_steps import end_amendment
from engine.service.company import local_day, order_day
from engine.service.fulfilment import Sent, sent_order
from engine.service.order_changes import require_revision
from engine.service.order_steps import record_step, require_reason
from engine.service.order_view import OrderView, more_than_spent, over_budget, view_order
from engine.service.rights import require_right
from engine.service.stores import Stores
from engine.store.fulfilment import ON_ITS_WAY, PENDING, newest_amendment, newest_words
from engine.store.orders import Revision, order_by_id, store_revision
from engine.store.spending import commit_spending, effects
from engine.store.tables.fulfilment import po_amendments
from engine.store.tables.purchasing import approval_requests


def amend(
    stores: Stores,
    number: str,
    *,
    changes: Sequence[Change] | None,
    person: Person,
    now: datetime,
    why: str,
    expected_revision: int | None = None,
    over_budget_reason: str | None = None,
) -> OrderView:
    """Ask for a change of an order that was sent; the order is as it was until it is approved.

    `changes` None: what makes the order what its supplier confirmed last. What it costs more is
    held from the budgets of today. Whoever amends an order cannot approve it. Raises
    IllegalTransition unless the order is under way, or while another amendment of it waits or is
    on its way out, and InvalidInput for less than has come already.
    """
    require_reason(why, f"{number} is changed")
    with stores.database.write() as work:
        audit.take_turn(work)
        policy = require_right(work, person, Right.DRAFT)
        sent = sent_order(work, stores.seal, number, person, now)
        require_revision(work, sent.order, expected_revision)
        require_state(sent.order.number, sent.state, UNDER_WAY, "amended")
        _require_no_other(sent)
        today = local_day(work, now)
        if changes is None:
            changes = as_confirmed(sent.content, newest_words(work, sent.order.id), today)
        require_days_to_come(changes, today)
        after = revised(sent.content, changes)
        _require_not_come(sent.progress, changes)
        same = after == sent.content
        if not same:
            made = store_revision(work, sent.order, after, author=person.id, at=now, why=why)
            _ask(sent, policy, made, over_budget_reason)
        row = order_by_id(work, sent.order.id)
        return view_order(work, row, names=people.names(work), already_there=same)


def withdraw_amendment(
    stores: Stores, number: str, *, person: Person, now: datetime, reason: str
) -> OrderView:
    """Take back an amendment that nobody has decided on; the order stays as it was."""
    with stores.database.write() as work:
        audit.take_turn(work)
        sent = sent_order(work, stores.seal, number, person, now)
        amendment = newest_amendment(work, sent.order.id)
        if amendment is None or amendment.state not in PENDING:
            state = "not there" if amendment is None else amendment.state
            raise IllegalTransition(f"The amendment of {sent.order.number}", state, "withdrawn", [])
        end_amendment(work, amendment, "withdrawn", now)
        record_step(
            work, stores.seal, sent.order.id, person, at=now, kind="order.amendment_withdrawn",
            more={"amendment": amendment.revision, "reason": digest(reason)},
        )  # fmt: skip
        row = order_by_id(work, sent.order.id)
        return view_order(work, row, names=people.names(work))


def _ask(sent: Sent, policy: Policy, made: Revision, over_budget_reason: str | None) -> None:
    """Open the request, hold what the amendment costs more, and seal it."""
    work, order = sent.work, sent.order
    more = more_than_spent(work, order.id, spending_by_scope(made.content))
    periods = periods_of(order_day(work, sent.now))
    taken = effects(work, more, periods, None, rules=policy.carry_over)
    exceeded = [effect for effect in taken if effect.is_exceeded]
    if exceeded and not (over_budget_reason or "").strip():
        base = sent.content.base_currency
        raise NotAllowed(over_budget(order.number, exceeded[0], base))
    request_id = _open_request(
        sent, policy, made, more, periods, over_budget_reason if exceeded else None
    )
    work.execute(
        sa.insert(po_amendments).values(
            po_id=order.id, revision=made.number, base_revision=order.revision,
            request_id=request_id, state="proposed",
        )
    )  # fmt: skip
    record_step(
        work, sent.seal, order.id, sent.person, at=sent.now, kind="order.amendment_proposed",
        more={
            "request": request_id, "amendment": made.number, "amended_digest": made.digest,
            "why": digest(made.why), "policy": policy.version,
            "over_budget": digest(over_budget_reason) if exceeded else None,
        },
    )  # fmt: skip


def _open_request(
    sent: Sent,
    policy: Policy,
    made: Revision,
    more: Mapping[str, int],
    periods: Periods,
    over_budget_reason: str | None,
) -> int:
    inserted = sa.insert(approval_requests).values(
        po_id=sent.order.id,
        revision=made.number,
        digest=made.digest,
        state="pending",
        step=1,
        requested_by=sent.person.id,
        requested_at=sent.now,
        expires_at=sent.now + timedelta(hours=policy.expires_after_hours),
        own_minor=made.content.base_total_minor,
        over_budget_reason=over_budget_reason,
    )
    request_id: int = sent.work.execute(inserted.returning(approval_requests.c.id)).scalar_one()
    if more:
        commit_spending(
            sent.work, request_id=request_id, po_id=sent.order.id, spending=more,
            periods=periods, now=sent.now,
        )  # fmt: skip
    return request_id


def _require_no_other(sent: Sent) -> None:
    other = newest_amendment(sent.work, sent.order.id)
    if other is not None and other.state in (*PENDING, *ON_ITS_WAY):
        raise IllegalTransition(
            f"Amendment {other.revision} of {sent.order.number}", other.state, "amended again",
            ["sent", "withdrawn"],
        )  # fmt: skip


def _require_not_come(progress: Sequence[LineProgress], changes: Sequence[Change]) -> None:
    """What has come cannot be ordered away; it can be returned."""
    known = {line.line: line for line in progress}
    for change in changes:
        came = known[change.line].settled if change.line in known else 0
        wanted = 0 if isinstance(change, RemoveLine) else came
        if isinstance(change, ChangeUnits):
            wanted = change.units
        if wanted < came:
            raise InvalidInput(
                f"{came} units of line {change.line} have come already; it cannot become {wanted}. "
                "Send goods back with qm po return."
            )
