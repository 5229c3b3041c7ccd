"""Messages to customers on their way out: through the outbox, at most once each."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.errors import IllegalTransition
from engine.service import outbox
from engine.store.promises import tell_windows
from engine.store.tables.promises import backorder_promises
from engine.store.tables.storefront import customer_notices

NOTICE = "customer.notice"  # kind of message in the outbox
DELAYS = ("later", "open")


def notice_key(number: int) -> str:
    """Under which a notice leaves the house, once; receivers recognise a repeat by it."""
    return f"notice:{number}"


def queue_notice(work: sa.Connection, number: int, *, by: str, day: date, now: datetime) -> None:
    """Put a message in the outbox; from now on its windows are what the customer knows."""
    table = customer_notices
    row = work.execute(sa.select(table).where(table.c.id == number)).mappings().one()
    decided = {"state": "queued", "decided_by": by, "decided_at": now}
    work.execute(sa.update(table).where(table.c.id == number).values(decided))
    outbox.enqueue(work, kind=NOTICE, key=notice_key(number), payload={"notice": number}, now=now)
    known: list[dict[str, Any]] = []
    for line in row["lines"]:
        first, last = _days(line["after"])
        pictures = backorder_promises
        values: dict[str, Any] = {"told_first": first, "told_last": last}
        if line["direction"] in DELAYS:
            values["times_told"] = pictures.c.times_told + 1
        mine = pictures.c.order_line == line["order_line"]
        work.execute(sa.update(pictures).where(mine).values(values))
        if first and last:
            known.append(
                {
                    "order_line": line["order_line"], "first_on": first, "last_on": last,
                    "told_on": day, "origin": "message",
                }
            )  # fmt: skip
    tell_windows(work, known)


def take_back(work: sa.Connection, lines: Sequence[Mapping[str, Any]]) -> None:
    """The customer was not told: the window they know is the one before the message."""
    pictures = backorder_promises
    for line in lines:
        first, last = _days(line["before"])
        mine = pictures.c.order_line == line["order_line"]
        work.execute(sa.update(pictures).where(mine).values(told_first=first, told_last=last))


def stop_notice(work: sa.Connection, contact: str, *, but: int, now: datetime) -> None:
    """Withdraw what is still waiting to leave for this customer: a newer message says it all."""
    table = customer_notices
    query = sa.select(table.c.id).where(
        table.c.contact_ref == contact, table.c.state == "queued", table.c.id != but
    )
    for number in work.execute(query).scalars().all():
        try:
            stopped = outbox.withdraw(
                work, key=notice_key(number), reason=f"replaced by notice {but}", now=now
            )
        except IllegalTransition:  # on its way at this moment: the customer gets both
            continue
        if stopped:
            work.execute(sa.update(table).where(table.c.id == number).values(state="replaced"))


def _days(window: list[str] | None) -> tuple[date | None, date | None]:
    if window is None:
        return None, None
    return date.fromisoformat(window[0]), date.fromisoformat(window[1])
