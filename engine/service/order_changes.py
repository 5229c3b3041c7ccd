"""Changes to an order: revise it, put it off, take it up again, cancel it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.errors import IllegalTransition, InvalidInput, Stale
from engine.model.canonical import digest
from engine.model.people import Person, Right
from engine.purchase.diff import difference
from engine.purchase.revise import (
    Change,
    require_days_to_come,
    require_list_prices,
    revised,
)
from engine.purchase.states import EDITABLE, NEXT, WITH_SUPPLIER, OrderState, require_step
from engine.service import audit, outbox, people
from engine.service.amendment_steps import void_amendment
from engine.service.company import local_day
from engine.service.order_steps import (
    record_step,
    require_reason,
    send_key,
    withdraw_request,
)
from engine.service.order_view import OrderView, view_order
from engine.service.rights import require_decider, require_right
from engine.service.stores import Stores
from engine.store.fulfilment import answer_all
from engine.store.orders import (
    add_revision,
    find_order,
    move_order,
    order_by_id,
    read_revision,
)
from engine.store.spending import release


def revise(
    stores: Stores,
    number: str,
    *,
    changes: Sequence[Change],
    person: Person,
    now: datetime,
    why: str,
    expected_revision: int | None = None,
) -> OrderView:
    """Change quantities or remove lines: a new revision, which a pending request does not survive.

    `expected_revision` is the one the person looked at; Stale carries what has changed since.
    Changes that change nothing make no revision. Whoever revises an order cannot approve it.
    """
    require_reason(why, f"{number} is changed")
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.DRAFT, Right.APPROVE)
        order = find_order(work, number)
        require_revision(work, order, expected_revision)
        _require_editable(order)
        require_list_prices(changes)
        require_days_to_come(changes, local_day(work, now))
        before = read_revision(work, order.id, order.revision)
        after = revised(before.content, changes)
        if after != before.content:
            if order.state == OrderState.PROPOSED:
                withdraw_request(work, order, outcome="void", now=now)
            made = add_revision(work, order, after, author=person.id, at=now, why=why)
            record_step(
                work,
                stores.seal,
                order.id,
                person,
                at=now,
                kind="order.revised",
                more={"from_digest": before.digest, "digest": made.digest, "why": digest(why)},
            )
        return view_order(
            work,
            order_by_id(work, order.id),
            names=people.names(work),
            already_there=after == before.content,
        )


def postpone(
    stores: Stores, number: str, *, until: date, person: Person, now: datetime
) -> OrderView:
    """Put a draft off to a day. It still counts as supply: planning does not order it again."""
    return _put(stores, number, OrderState.POSTPONED, until, person=person, now=now)


def resume(stores: Stores, number: str, *, person: Person, now: datetime) -> OrderView:
    """A postponed order is a draft again."""
    return _put(stores, number, OrderState.DRAFT, None, person=person, now=now)


def cancel(
    stores: Stores,
    number: str,
    *,
    person: Person,
    now: datetime,
    reason: str,
    supplier_agreed: bool = False,
) -> OrderView:
    """End an order; its budget is free again and what was to be sent is not.

    A draft or a proposal may be cancelled by whoever drafts; from approval on it takes the right
    to approve, and an identity that may decide. Once the supplier has it, only with the person's
    word that the supplier agreed (InvalidInput without). Raises IllegalTransition when the goods
    have come, or while it is being sent.
    """
    require_reason(reason, f"{number} is cancelled")
    with stores.database.write() as work:
        audit.take_turn(work)
        order = find_order(work, number)
        is_early = OrderState(order.state) in EDITABLE
        wanted = (Right.DRAFT, Right.APPROVE) if is_early else (Right.APPROVE,)
        policy = require_right(work, person, *wanted)
        if not is_early:
            require_decider(work, person, policy)
        require_step(order.number, OrderState(order.state), OrderState.CANCELLED)
        with_supplier = OrderState(order.state) in WITH_SUPPLIER
        if with_supplier:
            _require_agreement(order, agreed=supplier_agreed)
        if order.state == OrderState.PROPOSED:
            withdraw_request(work, order, outcome="void", now=now)
        void_amendment(work, order, now)
        answer_all(work, order.id, "not_needed", person.id, now)
        release(work, order.id, now)
        outbox.withdraw(work, key=send_key(order.number, order.revision), reason=reason, now=now)
        move_order(work, order_by_id(work, order.id), OrderState.CANCELLED, ended_at=now)
        record_step(
            work,
            stores.seal,
            order.id,
            person,
            at=now,
            kind="order.cancelled",
            more={"reason": digest(reason), "supplier_agreed": with_supplier},
        )
        return view_order(work, order_by_id(work, order.id), names=people.names(work))


def require_revision(work: sa.Connection, order: sa.Row[Any], expected: int | None) -> None:
    """Raise Stale, with the difference, unless the order is at the revision that was looked at."""
    if expected is None or expected == order.revision:
        return
    seen = read_revision(work, order.id, min(max(expected, 1), order.revision))
    changed = difference(seen.content, read_revision(work, order.id, order.revision).content)
    raise Stale(
        f"{order.number} is at revision {order.revision}, you looked at revision {expected}. "
        "Look at what changed, then decide anew.",
        changed,
    )


def _put(
    stores: Stores,
    number: str,
    wanted: OrderState,
    until: date | None,
    *,
    person: Person,
    now: datetime,
) -> OrderView:
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.DRAFT)
        if until is not None and until <= local_day(work, now):
            raise InvalidInput(f"{until} is not later than today; name a day to come.")
        order = find_order(work, number)
        if order.state == OrderState.PROPOSED:
            raise _must_be_draft(order)
        move_order(work, order, wanted, postponed_until=until)
        record_step(
            work,
            stores.seal,
            order.id,
            person,
            at=now,
            kind="order.resumed" if until is None else "order.postponed",
            more={"until": until},
        )
        return view_order(work, order_by_id(work, order.id), names=people.names(work))


def _require_agreement(order: sa.Row[Any], *, agreed: bool) -> None:
    """Nothing here tells a supplier that an order is off, so a person must have done it."""
    if not agreed:
        raise InvalidInput(
            f"{order.number} is {order.state!r}: the supplier has it and will deliver. Agree with "
            "the supplier first, then cancel it with --supplier-agreed and who agreed as --reason."
        )


def _require_editable(order: sa.Row[Any]) -> None:
    if OrderState(order.state) not in EDITABLE:
        raise _must_be_draft(order, "revised")


def _must_be_draft(order: sa.Row[Any], wanted: str = "put off") -> IllegalTransition:
    allowed = [state.value for state in NEXT[OrderState(order.state)]]
    return IllegalTransition(order.number, order.state, wanted, allowed)
