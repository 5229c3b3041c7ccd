"""Goods that come in and go back: part deliveries, too much, too little, refused, returned.

Each message has a key (a delivery note, a message id), so that telling it twice books it once.
What comes beyond the order costs more than was approved: taking it needs the right to approve, and
is paid from the order's budgets. What is refused or returned and not replaced costs less.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from engine.errors import InvalidInput
from engine.model.people import Person, Right
from engine.purchase.progress import (
    MovedLine,
    MovementKind,
    require_lines,
    require_receivable,
    require_returnable,
)
from engine.purchase.states import UNDER_WAY, OrderState, require_state
from engine.service import audit, people
from engine.service.company import local_day
from engine.service.fulfilment import Sent, key_of, progressed, sent_order, tell, told_digest
from engine.service.order_steps import record_step
from engine.service.order_view import OrderView, view_order
from engine.service.rights import require_decider, require_right
from engine.service.stores import Stores
from engine.store.fulfilment import add_movement, was_told
from engine.store.orders import order_by_id
from engine.store.tables.fulfilment import po_receipts

RETURNABLE = frozenset({OrderState.PART_RECEIVED, OrderState.RECEIVED, OrderState.CLOSED})
# A received order takes nothing by itself any more, except what a person accepts beyond it.
RECEIVABLE = UNDER_WAY | {OrderState.RECEIVED}


def receive(
    stores: Stores,
    number: str,
    *,
    lines: Sequence[MovedLine],
    on_day: date | None = None,
    person: Person,
    now: datetime,
    key: str | None = None,
    note: str = "",
    accept_over: bool = False,
) -> OrderView:
    """Book a delivery: good units and units refused at the door, line by line.

    Raises IllegalTransition unless the order is with its supplier, and InvalidInput for a
    delivery of nothing, in the future, or of more than is open (unless it is accepted).
    """
    told = _Told(kind="receipt", lines=_sorted(lines), on_day=on_day, key=key, note=note)
    return _book(stores, number, told, person, now, accept_over=accept_over)


def send_back(
    stores: Stores,
    number: str,
    *,
    lines: Sequence[MovedLine],
    on_day: date | None = None,
    person: Person,
    now: datetime,
    key: str | None = None,
    note: str = "",
) -> OrderView:
    """Book goods that go back to the supplier, replaced or for good.

    Raises IllegalTransition before anything came, and InvalidInput for more than is there.
    """
    told = _Told(kind="return", lines=_sorted(lines), on_day=on_day, key=key, note=note)
    return _book(stores, number, told, person, now, accept_over=False)


@dataclass(frozen=True, kw_only=True)
class _Told:
    """A delivery or a parcel back, as somebody told of it."""

    kind: MovementKind
    lines: tuple[MovedLine, ...]
    on_day: date | None  # None: today
    key: str | None
    note: str


def _sorted(lines: Sequence[MovedLine]) -> tuple[MovedLine, ...]:
    return tuple(sorted(lines, key=lambda each: each.line))


def _book(
    stores: Stores, number: str, told: _Told, person: Person, now: datetime, *, accept_over: bool
) -> OrderView:
    with stores.database.write() as work:
        audit.take_turn(work)
        sent = sent_order(work, stores.seal, number, person, now)
        if accept_over:
            require_decider(work, person, require_right(work, person, Right.APPROVE))
        today = local_day(work, now)
        day = told.on_day or today
        # Without a key of its own a delivery is known by its day and lines: two equal ones on one
        # day are one told twice, unless their keys say otherwise.
        what = told_digest([told.kind, day, told.lines])
        key = key_of(told.key, f"{told.kind}:{what[:16]}")
        again = was_told(work, po_receipts, sent.order.id, key, what)
        if not again:
            _require_day(day, today)
            _require_sense(sent, told.kind, told.lines, accept_over=accept_over)
            _store(sent, told, day, key, what)
        row = order_by_id(work, sent.order.id)
        return view_order(work, row, names=people.names(work), already_there=again)


def _require_day(day: date, today: date) -> None:
    if day > today:
        raise InvalidInput(f"{day} is still to come; goods are booked on the day they came.")


def _require_sense(
    sent: Sent, kind: MovementKind, lines: Sequence[MovedLine], *, accept_over: bool
) -> None:
    able, done = (RECEIVABLE, "received") if kind == "receipt" else (RETURNABLE, "returned")
    require_state(sent.order.number, sent.state, able, done)
    require_lines(sent.content, [each.line for each in lines])
    if kind == "receipt":
        require_receivable(sent.progress, lines, accept_over=accept_over)
    else:
        require_returnable(sent.progress, lines)
        if sent.state == OrderState.CLOSED and any(each.replaced for each in lines):
            raise InvalidInput(
                f"{sent.order.number} is closed; what replaces these goods takes a new order."
            )


def _store(sent: Sent, told: _Told, day: date, key: str, what: str) -> None:
    number = add_movement(
        sent.work,
        {
            "po_id": sent.order.id, "key": key, "kind": told.kind, "digest": what, "on_day": day,
            "author": sent.person.id, "at": sent.now, "note": told.note[:2000],
        },
        told.lines,
    )  # fmt: skip
    state = progressed(sent)
    step = "order.returned" if told.kind == "return" else f"order.{state.value}"
    refused = sum(each.rejected_units for each in told.lines)
    record_step(
        sent.work, sent.seal, sent.order.id, sent.person, at=sent.now, kind=step,
        more={
            "receipt": number, "day": day, "refused": refused,
            "good": sum(each.units for each in told.lines),
        },
    )  # fmt: skip
    if told.kind == "return" or refused:
        tell(
            sent.work, sent.order, "rejected", f"receipt:{number}", sent.now,
            people=[sent.order.requested_by, sent.order.drafted_by],
        )  # fmt: skip
