"""What may be promised, read from the stored state; only the choice of a rung is computed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from rapidfuzz import fuzz, process

from engine.errors import InvalidInput, StoreError, UnknownName
from engine.promise.offers import Promise, Span, promise_of
from engine.promise.policy import MessagePolicy, PromisePolicy
from engine.service.offer_text import offer_from
from engine.store.promises import newest_promises
from engine.store.tables.storefront import place_promises

MOST_UNITS = 1_000_000
BASES = ("stock", "inbound", "lead_time", "none")  # the sooner, the better


@dataclass(frozen=True, kw_only=True)
class Told:
    """The run that promises come from. `day` is the first on which anything ships."""

    run_id: int
    at: datetime
    day: date
    snapshot_id: str
    policy: PromisePolicy


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question: so many units of an item, at a place or wherever is best, in a channel."""

    sku: str
    quantity: int = 1
    location: str | None = None
    channel: str = ""


def newest_told(look: sa.Connection, today: date) -> Told:
    """The newest run; raises StoreError where nothing has been promised yet."""
    row = newest_promises(look)
    if row is None:
        raise StoreError("Nothing is promised yet. Run: qm backorders allocate")
    return Told(
        run_id=row.id, at=row.at, day=max(row.day, today), snapshot_id=row.snapshot_id,
        policy=policy_from(row.policy),
    )  # fmt: skip


def policy_from(stored: Mapping[str, Any]) -> PromisePolicy:
    """The policy that a run was made by."""
    values: dict[str, Any] = dict(stored)
    values["classes"] = tuple(stored["classes"])
    values["messages"] = MessagePolicy(**stored["messages"])
    return PromisePolicy(**values)


def look_up(look: sa.Connection, told: Told, asked: Asked) -> tuple[Promise, ...]:
    """The promises of each place that was asked for, the best first.

    Raises UnknownName for an item or place that nobody knows, with the nearest, and InvalidInput
    for a quantity that makes no sense.
    """
    if not 1 <= asked.quantity <= MOST_UNITS:
        raise InvalidInput(f"quantity is {asked.quantity}; it should be 1 to {MOST_UNITS}.")
    table = place_promises
    query = sa.select(table).where(table.c.sku == asked.sku)
    rows = look.execute(query).mappings().all() if _can_be_stored(asked.sku) else ()
    if not rows:
        raise unknown_sku(look, told, asked.sku)
    wanted = [row for row in rows if asked.location in (None, row["location"])]
    if not wanted:
        raise UnknownName("location", str(asked.location), sorted(row["location"] for row in rows))
    found = [_promise(row, told, asked) for row in wanted]
    return tuple(sorted(found, key=_best))


def _can_be_stored(text: str) -> bool:
    """Databases take neither NUL nor half a character; no item is called so."""
    return "\x00" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def unknown_sku(look: sa.Connection, told: Told, sku: str) -> UnknownName:
    """With the nearest names; whoever asks for many of them waits for nobody's full comparison."""
    names = _names_of(look, told.run_id)
    near = process.extract(repr(sku[:80])[1:-1], names, scorer=fuzz.ratio, limit=3, score_cutoff=60)
    return UnknownName("SKU", sku, [name for name, _, _ in near])


@dataclass
class _Names:
    """Every name of the newest run of one database, read once."""

    of: tuple[str, int] = ("", 0)
    names: tuple[str, ...] = ()


_LAST = _Names()


def _names_of(look: sa.Connection, run_id: int) -> tuple[str, ...]:
    wanted = (str(look.engine.url), run_id)
    if _LAST.of != wanted:
        names = look.execute(sa.select(place_promises.c.sku).distinct()).scalars()
        _LAST.of, _LAST.names = wanted, tuple(sorted(names))
    return _LAST.names


def _promise(row: sa.RowMapping, told: Told, asked: Asked) -> Promise:
    """As computed, but within the tolerance as it was told before: windows do not jitter."""
    offer = offer_from(row["sku"], row["location"], row["body"])
    fresh = promise_of(offer, asked.quantity, told.policy, told.day, asked.channel)
    first, last = row["told_first"], row["told_last"]
    if fresh.span is None or first is None or last < told.day or fresh.basis != row["basis"]:
        return fresh
    one = promise_of(offer, 1, told.policy, told.day)
    if one.span != fresh.span:
        return fresh
    return replace(fresh, span=_within(fresh.span, max(first, told.day), last))


def _within(span: Span, first: date, last: date) -> Span:
    likeliest = min(max(span.likeliest, first), last)
    return replace(span, first=first, last=last, likeliest=likeliest)


def _best(promise: Promise) -> tuple[int, date, str]:
    last = promise.span.last if promise.span else date.max
    return BASES.index(promise.basis), last, promise.location
