"""Messages to customers whose window moved: one each, drafted or on its way, never for jitter.

A draft is kept up with the windows until somebody sends it; it vanishes when the window comes back.
A message that has not left is replaced by the newer one. Customers without a contact, and those who
want no messages, are listed for a person instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.model.canonical import digest, plain
from engine.promise.allocate import Place
from engine.promise.book import Book
from engine.promise.lines import LinePromise
from engine.promise.moves import Move, move_of
from engine.promise.offers import Offer
from engine.promise.policy import PromisePolicy
from engine.service.notice_sending import queue_notice, stop_notice
from engine.service.people import SYSTEM
from engine.store.tables.storefront import contact_opt_outs, customer_notices

WAITS = ("draft", "no_contact", "opted_out")  # for a person; kept up with the windows
_WORST = ("open", "later", "dated", "earlier")
_APOLOGIES = ("none", "plain", "sincere")


@dataclass(frozen=True, kw_only=True)
class _Moved:
    promise: LinePromise
    move: Move


@dataclass(frozen=True, kw_only=True)
class _Making:
    """One round of making messages; `standing` are those that wait for a person, by customer."""

    work: sa.Connection
    run: int
    policy: PromisePolicy
    now: datetime
    opted_out: frozenset[str]
    offers: Mapping[Place, Offer] = field(repr=False)
    standing: Mapping[str, sa.RowMapping] = field(repr=False)
    today: date


def make_notices(
    work: sa.Connection,
    run: int,
    book: Book,
    policy: PromisePolicy,
    before: Mapping[str, sa.RowMapping],
    now: datetime,
) -> int:
    """Bring the messages up to date; returns the customers whose window is not what they know."""
    if policy.messages.telling == "off":
        return 0
    moved = _by_customer(book, policy, before)
    making = _Making(
        work=work, run=run, policy=policy, now=now, today=book.today,
        opted_out=frozenset(work.execute(sa.select(contact_opt_outs.c.contact_ref)).scalars()),
        offers={(offer.sku, offer.location): offer for offer in book.offers},
        standing=_standing(work),
    )  # fmt: skip
    for customer in sorted(making.standing.keys() - moved.keys()):
        _close(work, making.standing[customer], "needless", now)
    return sum(_make(making, customer, moved[customer]) for customer in sorted(moved))


def customer_of(contact_ref: str | None, order_line: str) -> str:
    """Lines of one contact are one customer; without a contact each line is one."""
    return f"contact:{contact_ref}" if contact_ref else f"line:{order_line}"


def _by_customer(
    book: Book, policy: PromisePolicy, before: Mapping[str, sa.RowMapping]
) -> dict[str, list[_Moved]]:
    found: dict[str, list[_Moved]] = {}
    for promise in book.lines:
        row = before.get(promise.line.order_line)
        times = row["times_told"] if row else 0
        move = move_of(promise, policy, times_told=times, told_open=times > 0)
        if move is not None:
            name = customer_of(promise.line.contact_ref, promise.line.order_line)
            found.setdefault(name, []).append(_Moved(promise=promise, move=move))
    return found


def _standing(work: sa.Connection) -> dict[str, sa.RowMapping]:
    table = customer_notices
    query = sa.select(table).where(table.c.state.in_(WAITS)).order_by(table.c.id)
    return {
        customer_of(row["contact_ref"], row["lines"][0]["order_line"]): row
        for row in work.execute(query).mappings()
    }


def _make(making: _Making, customer: str, moved: Sequence[_Moved]) -> bool:
    """One customer's message; False when it was dismissed as it reads now."""
    contact = moved[0].promise.line.contact_ref
    lines = [_line(each, making) for each in moved]
    content = {
        "contact_ref": contact, "run_id": making.run, "lines": plain(lines),
        "direction": min((each.move.direction for each in moved), key=_WORST.index),
        "apology": max((each.move.apology for each in moved), key=_APOLOGIES.index),
        "carrier": making.policy.messages.carrier,
        "digest": digest([contact, lines]),
        "state": _state(contact, making),
    }  # fmt: skip
    standing = making.standing.get(customer)
    if standing is not None:
        if (standing["digest"], standing["state"]) != (content["digest"], content["state"]):
            _write(making, standing["id"], content)
        return True
    if _is_dismissed(making, contact, lines):
        return False
    _write(making, None, content)
    return True


def _state(contact: str | None, making: _Making) -> str:
    if contact is None:
        return "no_contact"
    if contact in making.opted_out:
        return "opted_out"
    return "draft" if making.policy.messages.telling == "draft" else "queued"


def _write(making: _Making, number: int | None, content: dict[str, Any]) -> None:
    table = customer_notices
    if number is None:
        values = {**content, "created_at": making.now, "note": ""}
        added = sa.insert(table).values(values).returning(table.c.id)
        number = int(making.work.execute(added).scalar_one())
    else:
        changed = sa.update(table).where(table.c.id == number).values(content)
        making.work.execute(changed)
    if content["state"] == "queued":
        stop_notice(making.work, str(content["contact_ref"]), but=number, now=making.now)
        queue_notice(making.work, number, by=SYSTEM.id, day=making.today, now=making.now)


def _close(work: sa.Connection, row: sa.RowMapping, state: str, now: datetime) -> None:
    table = customer_notices
    values = {"state": state, "decided_at": now, "decided_by": SYSTEM.id}
    work.execute(sa.update(table).where(table.c.id == row["id"]).values(values))


def _is_dismissed(making: _Making, contact: str | None, lines: list[dict[str, Any]]) -> bool:
    """Whether somebody decided against telling this; a window that moved further is another."""
    table = customer_notices
    query = (
        sa.select(table.c.lines)
        .where(table.c.contact_ref == contact, table.c.state == "dismissed")
        .order_by(table.c.id.desc())
        .limit(1)
    )
    kept = making.work.execute(query).scalar_one_or_none()
    known = {each["order_line"]: each["after"] for each in kept or ()}
    return bool(known) and all(_is_near(known, line, making.policy) for line in lines)


def _is_near(known: Mapping[str, Any], line: Mapping[str, Any], policy: PromisePolicy) -> bool:
    if line["order_line"] not in known:
        return False
    then, now = known[line["order_line"]], line["after"]
    if then is None or now is None:
        return then is None and now is None
    return abs((now[1] - date.fromisoformat(then[1])).days) <= policy.tolerance_days


def _line(each: _Moved, making: _Making) -> dict[str, Any]:
    """What the message says of one line; `before` and `after` are first and last day."""
    line, span = each.promise.line, each.promise.span
    offer = making.offers.get((line.sku, line.location))
    told = (line.told_first, line.told_last) if line.told_last else None
    return {
        "order_line": line.order_line, "sku": line.sku, "location": line.location,
        "units": line.units, "direction": each.move.direction, "days": each.move.days,
        "before": told, "after": (span.first, span.last) if span else None,
        "alternatives": [
            {"kind": other.kind, "sku": other.sku, "location": other.location}
            for other in (offer.alternatives if offer else ())
            if other.free >= line.units
        ],
    }  # fmt: skip
