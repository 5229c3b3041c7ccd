"""Messages to customers as people handle them: look, send, dismiss, settle, opt out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from engine.errors import IllegalTransition, UnknownName
from engine.model.canonical import digest
from engine.model.people import Person, Right
from engine.service import audit, outbox
from engine.service.company import local_day
from engine.service.notice_sending import notice_key, queue_notice
from engine.service.rights import require_right
from engine.service.stores import Stores
from engine.store.claims import insert_once
from engine.store.tables.storefront import contact_opt_outs, customer_notices

OPEN = ("draft", "no_contact", "opted_out", "queued", "unconfirmed", "failed")
AGAIN = ("unconfirmed", "failed")  # were in the outbox; a person may have them sent once more


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One customer's message; `lines` are as engine.service.notice_making writes them."""

    id: int
    contact_ref: str | None
    direction: str
    apology: str
    carrier: str
    lines: Sequence[dict[str, Any]]
    state: str
    created_at: datetime
    decided_by: str | None


def notices(stores: Stores, *, states: Collection[str] = OPEN) -> tuple[Notice, ...]:
    """Messages in these states, oldest first."""
    table = customer_notices
    names = tuple(Notice.__dataclass_fields__)
    query = (
        sa.select(*(table.c[name] for name in names))
        .where(table.c.state.in_(sorted(states)))
        .order_by(table.c.id)
    )
    with stores.database.read() as look:
        return tuple(Notice(**row) for row in look.execute(query).mappings())


def notice_row(stores: Stores, number: int) -> sa.Row[Any]:
    """One message as it is stored, whatever its state."""
    with stores.database.read() as look:
        return _found(look, number)


def send_notice(stores: Stores, number: int, *, person: Person, now: datetime) -> None:
    """Have a draft sent, or one that failed or is in doubt sent once more.

    Raises IllegalTransition for any other, such as one without a contact.
    """
    with stores.database.write() as work:
        row = _taken(work, number, person)
        if row.state in AGAIN:
            outbox.resolve(work, key=notice_key(number), outcome="again", note="", now=now)
            _set(work, number, "queued", person, now)
        elif row.state == "draft":
            queue_notice(work, number, by=person.id, day=local_day(work, now), now=now)
        else:
            raise IllegalTransition(f"Message {number}", row.state, "queued", ["draft", *AGAIN],
                                    possible_in=True)  # fmt: skip
        _seal(work, stores, person, row, "notice.sent", now)


def dismiss_notice(
    stores: Stores, number: int, *, person: Person, now: datetime, reason: str
) -> None:
    """Nobody is told; said again only once the window has moved further than the tolerance."""
    with stores.database.write() as work:
        row = _taken(work, number, person)
        if row.state not in ("draft", "no_contact", "opted_out"):
            raise IllegalTransition(f"Message {number}", row.state, "dismissed", ["draft"],
                                    possible_in=True)  # fmt: skip
        _set(work, number, "dismissed", person, now, note=reason)
        _seal(work, stores, person, row, "notice.dismissed", now)


def notice_arrived(
    stores: Stores, number: int, *, person: Person, now: datetime, note: str
) -> None:
    """A person knows that a message in doubt arrived."""
    with stores.database.write() as work:
        row = _taken(work, number, person)
        if row.state not in AGAIN:
            raise IllegalTransition(f"Message {number}", row.state, "sent", list(AGAIN),
                                    possible_in=True)  # fmt: skip
        outbox.resolve(work, key=notice_key(number), outcome="delivered", note=note, now=now)
        _set(work, number, "sent", person, now, note=note)
        _seal(work, stores, person, row, "notice.arrived", now)


def opt_out(
    stores: Stores, contact_ref: str, *, person: Person, now: datetime, wanted: bool = True
) -> bool:
    """The customer wants no such messages (or, not `wanted`, wants them again); False: no news."""
    table = contact_opt_outs
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.DRAFT, Right.APPROVE)
        if wanted:
            row = {"contact_ref": contact_ref, "author": person.id, "at": now}
            changed = insert_once(work, table, row)
        else:
            mine = sa.delete(table).where(table.c.contact_ref == contact_ref)
            changed = work.execute(mine).rowcount > 0
        if changed:
            kind = "contact.opted_out" if wanted else "contact.opted_in"
            audit.record(work, stores.seal, person, at=now, kind=kind,
                         subject=digest(contact_ref)[:16], body={})  # fmt: skip
        return changed


def _taken(work: sa.Connection, number: int, person: Person) -> sa.Row[Any]:
    audit.take_turn(work)
    require_right(work, person, Right.DRAFT, Right.APPROVE)
    return _found(work, number)


def _found(look: sa.Connection, number: int) -> sa.Row[Any]:
    table = customer_notices
    row = look.execute(sa.select(table).where(table.c.id == number)).one_or_none()
    if row is None:
        raise UnknownName("message", str(number))
    return row


def _set(
    work: sa.Connection, number: int, state: str, person: Person, now: datetime, note: str = ""
) -> None:
    table = customer_notices
    values = {"state": state, "decided_by": person.id, "decided_at": now, "note": note[:300]}
    work.execute(sa.update(table).where(table.c.id == number).values(values))


def _seal(
    work: sa.Connection,
    stores: Stores,
    person: Person,
    row: sa.Row[Any],
    kind: Literal["notice.sent", "notice.dismissed", "notice.arrived"],
    now: datetime,
) -> None:
    body = {"digest": row.digest, "lines": len(row.lines)}
    audit.record(work, stores.seal, person, at=now, kind=kind, subject=f"notice {row.id}",
                 body=body)  # fmt: skip
