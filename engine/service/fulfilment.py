"""What the steps after sending have in common: who may, what is kept, who is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.model.canonical import digest
from engine.model.people import Person, Right
from engine.purchase.order import OrderContent
from engine.purchase.progress import LineProgress, paid_units, state_after
from engine.purchase.spending import TOTAL, spending_of_units
from engine.purchase.states import OrderState
from engine.service import conversation
from engine.service.rights import require_right
from engine.service.stores import AuditSeal
from engine.store.fulfilment import order_progress
from engine.store.orders import find_order, move_order, read_revision
from engine.store.spending import settle_spending, spent_by

LONGEST_KEY = 120


@dataclass(frozen=True, kw_only=True)
class Sent:
    """An order that is with its supplier, in one unit of work."""

    work: sa.Connection
    seal: AuditSeal
    order: sa.Row[Any]
    content: OrderContent
    progress: tuple[LineProgress, ...]
    person: Person
    now: datetime

    @property
    def state(self) -> OrderState:
        return OrderState(self.order.state)


def sent_order(
    work: sa.Connection, seal: AuditSeal, number: str, person: Person, now: datetime
) -> Sent:
    """The order, once the person may handle it at all: whoever drafts or approves."""
    require_right(work, person, Right.DRAFT, Right.APPROVE)
    order = find_order(work, number)
    return Sent(
        work=work, seal=seal, order=order,
        content=read_revision(work, order.id, order.revision).content,
        progress=order_progress(work, order), person=person, now=now,
    )  # fmt: skip


def told_digest(told: object) -> str:
    """What a repeat of the same message is recognised by."""
    return digest(told)


def key_of(key: str | None, otherwise: str) -> str:
    """The caller's own key (a delivery note, a message id), else one made from what was told."""
    return (key or "").strip()[:LONGEST_KEY] or otherwise


def progressed(sent: Sent) -> OrderState:
    """Move the order on to what its receipts say, and its spending to what is paid for.

    Only what comes beyond the order, or is sent back for good, changes what it costs before it
    ends; a receipt as ordered changes nothing.
    """
    lines = order_progress(sent.work, sent.order)
    wanted = state_after(sent.state, lines)
    if sent.state not in {wanted, OrderState.CLOSED}:
        move_order(sent.work, sent.order, wanted)
    settle_costs(sent, lines, ended=sent.state == OrderState.CLOSED)
    return wanted


def settle_costs(sent: Sent, lines: Sequence[LineProgress], *, ended: bool) -> int:
    """Take from the budgets what the order costs now; returns what came free, base minor units."""
    units = paid_units(lines, ended=ended)
    wanted = spending_of_units(sent.content, units)
    spent = spent_by(sent.work, sent.order.id).get(TOTAL)
    if spent is None or spent == wanted[TOTAL]:
        return 0
    return settle_spending(sent.work, sent.order.id, wanted, sent.now)


def tell(
    work: sa.Connection,
    order: sa.Row[Any],
    kind: str,
    key: str,
    now: datetime,
    *,
    people: Sequence[str | None],
    more: Mapping[str, object] | None = None,
) -> None:
    """Leave a notice about an order for these people, each once per key."""
    for person in sorted({each for each in people if each}):
        conversation.tell(
            work, key=f"{key}:{person}", person_id=person, kind=kind,
            payload={"order": order.number, **(more or {})}, now=now,
        )  # fmt: skip
