"""That a supplier has a document: what its system acknowledges, or a person was told.

An acknowledgement says that a document was read, not that the order is confirmed. A refused one
needs a person: the supplier has nothing it can work with, so that nothing will come.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.connect.x12_ack import Verdict, read_997
from engine.errors import UnknownName
from engine.model.canonical import digest
from engine.model.people import Person
from engine.purchase.states import OrderState, require_state
from engine.service import audit, people
from engine.service.fulfilment import sent_order, tell
from engine.service.order_steps import record_step
from engine.service.order_view import OrderView, view_order
from engine.service.stores import Stores
from engine.store.claims import insert_once
from engine.store.orders import find_order, order_by_id
from engine.store.tables.fulfilment import po_acknowledgements
from engine.store.tables.work import outbox

HAS_LEFT = frozenset(
    {
        OrderState.SENT, OrderState.CONFIRMED, OrderState.PART_RECEIVED, OrderState.RECEIVED,
        OrderState.CLOSED,
    }
)  # fmt: skip


def acknowledge_997(
    stores: Stores, content: bytes, *, person: Person, now: datetime
) -> tuple[OrderView, ...]:
    """Record every acknowledgement of an X12 file; one that was read before changes nothing.

    Raises BadSource for another file, and UnknownName for a message that was never sent.
    """
    answers = read_997(content)
    views: list[OrderView] = []
    for answer in answers:
        with stores.database.read() as look:
            sent = _message(look, answer.control_number)
        views.append(
            _record(
                stores, str(sent["order"]), int(sent["revision"]), answer.verdict, answer.key, "",
                person, now,
            )
        )  # fmt: skip
    return tuple(views)


def acknowledge(
    stores: Stores, number: str, verdict: Verdict, *, note: str, person: Person, now: datetime
) -> OrderView:
    """A person's word that the supplier has read the current revision, or cannot."""
    with stores.database.read() as look:
        order = find_order(look, number)
    key = f"{order.number}:r{order.revision}:{verdict}:{digest(note)[:16]}"
    return _record(stores, order.number, order.revision, verdict, key, note, person, now)


def _message(look: sa.Connection, control_number: int) -> Mapping[str, Any]:
    payload: Mapping[str, Any] | None = look.execute(
        sa.select(outbox.c.payload).where(outbox.c.id == control_number)
    ).scalar_one_or_none()
    if payload is None or "order" not in payload:
        raise UnknownName("sent message", str(control_number))
    return payload


def _record(
    stores: Stores,
    number: str,
    revision: int,
    verdict: Verdict,
    key: str,
    note: str,
    person: Person,
    now: datetime,
) -> OrderView:
    with stores.database.write() as work:
        audit.take_turn(work)
        sent = sent_order(work, stores.seal, number, person, now)
        require_state(sent.order.number, sent.state, HAS_LEFT, "acknowledged")
        values = {
            "po_id": sent.order.id, "revision": revision, "key": key, "verdict": verdict,
            "note": note[:2000], "author": person.id, "at": now,
        }  # fmt: skip
        fresh = insert_once(work, po_acknowledgements, values)
        if fresh:
            record_step(
                work, stores.seal, sent.order.id, person, at=now, kind="order.acknowledged",
                more={"verdict": verdict, "of_revision": revision, "key": digest(key)},
            )  # fmt: skip
        if fresh and verdict != "accepted":
            tell(
                work, sent.order, "refused_document", f"ack:{key}", now,
                people=[sent.order.requested_by, sent.order.drafted_by],
            )  # fmt: skip
        row = order_by_id(work, sent.order.id)
        return view_order(work, row, names=people.names(work), already_there=not fresh)
