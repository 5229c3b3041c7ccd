"""The storefront's picture: every item at every place, and the feed of what moved for customers.

What the feed tells of a place is the window for one unit. It moves only beyond the tolerance, when
its last day is over, or when the place goes in or out of stock; whoever follows the feed hears of
no jitter.
"""

import hashlib
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.promise.book import Book
from engine.promise.offers import Promise, promise_of
from engine.promise.policy import PromisePolicy
from engine.service.offer_text import offer_text
from engine.store.tables.storefront import place_promises, promise_changes

Key = tuple[str, str]


def update_places(
    work: sa.Connection, run: int, book: Book, policy: PromisePolicy, now: datetime
) -> int:
    """Write the places that changed; returns how many the feed tells of."""
    known = _known(work)
    rows: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    for offer in book.offers:
        key = (offer.sku, offer.location)
        text = offer_text(offer)
        digest = hashlib.sha256(text.encode()).hexdigest()
        before = known.pop(key, None)
        fresh = promise_of(offer, 1, policy, book.today)
        told = _told(before, fresh, policy, book.today)
        if before is None or before.digest != digest or before[1:] != told:
            rows.append(_row(key, text, digest, told))
        if before is None or before[1:] != told:
            changes.append(_change(key, before, told, run, now))
    gone = sorted(known)
    changes += [_change(key, known[key], ("none", None, None), run, now) for key in gone]
    _replace(work, [*((row["sku"], row["location"]) for row in rows), *gone], rows)
    if changes:
        work.execute(sa.insert(promise_changes), changes)
    return len(changes)


class _Before(tuple[str, str, date | None, date | None]):
    """Digest, then what was told: basis, first and last day."""

    __slots__ = ()

    @property
    def digest(self) -> str:
        return self[0]


Told = tuple[str, date | None, date | None]


def _known(look: sa.Connection) -> dict[Key, _Before]:
    table = place_promises
    query = sa.select(
        table.c.sku, table.c.location, table.c.digest, table.c.basis, table.c.told_first,
        table.c.told_last,
    )  # fmt: skip
    return {
        (sku, place): _Before((digest, basis, first, last))
        for sku, place, digest, basis, first, last in look.execute(query)
    }


def _told(before: _Before | None, fresh: Promise, policy: PromisePolicy, today: date) -> Told:
    """What the feed says of the place from now on: as before, unless it has moved."""
    if fresh.span is None or fresh.basis == "stock":
        return fresh.basis, None, None
    new: Told = (fresh.basis, fresh.span.first, fresh.span.last)
    if before is None:
        return new
    _, basis, first, last = before
    if basis != fresh.basis or last is None or last < today:
        return new
    moved = abs((fresh.span.last - last).days) > policy.tolerance_days
    return new if moved else (basis, first, last)


def _row(key: Key, text: str, digest: str, told: Told) -> dict[str, Any]:
    return {
        "sku": key[0], "location": key[1], "body": text, "digest": digest, "basis": told[0],
        "told_first": told[1], "told_last": told[2],
    }  # fmt: skip


def _change(
    key: Key, before: _Before | None, told: Told, run: int, now: datetime
) -> dict[str, Any]:
    was = None if before is None else _shown((before[1], before[2], before[3]))
    body = {"before": was, "after": _shown(told)}
    return {"at": now, "run_id": run, "sku": key[0], "location": key[1], "body": body}


def _shown(told: Told) -> dict[str, str | None]:
    basis, first, last = told
    return {
        "basis": basis, "first": first.isoformat() if first else None,
        "last": last.isoformat() if last else None,
    }  # fmt: skip


def _replace(work: sa.Connection, keys: list[Key], rows: list[dict[str, Any]]) -> None:
    table = place_promises
    if keys:
        one = (table.c.sku == sa.bindparam("s")) & (table.c.location == sa.bindparam("l"))
        work.execute(sa.delete(table).where(one), [{"s": sku, "l": place} for sku, place in keys])
    if rows:
        work.execute(sa.insert(table), rows)
