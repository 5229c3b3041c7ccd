"""Systems that are told of the feed: each change posted, signed, in order, until it is taken.

A subscription remembers the change that was delivered last. A receiver that is away loses nothing,
however long: it gets everything in order once it is back. It may get a page twice (an answer can be
lost); the page's key says so. The signing secret is derived from the audit's key and kept nowhere.
"""

import base64
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import sqlalchemy as sa

from engine.connect.webhook import Webhook
from engine.errors import InvalidInput, PlanningError, UnknownName
from engine.model.canonical import canonical_json
from engine.model.people import Person, Right
from engine.service import audit
from engine.service.outbox import retry_seconds
from engine.service.promise_feed import Page, changes_after
from engine.service.rights import require_right
from engine.service.stores import AuditSeal, Stores
from engine.store.tables.storefront import promise_changes, webhook_subscriptions

PAGE = 200
ROUNDS = 20  # pages to one receiver before the next one's turn
LONGEST_ERROR = 300
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """`behind` counts changes that it has not got yet."""

    id: int
    url: str
    after_seq: int
    behind: int
    failures: int
    last_error: str | None
    created_by: str


def subscribe(stores: Stores, url: str, *, person: Person, now: datetime) -> tuple[int, str]:
    """A new receiver of what changes from now on, and its secret, which is shown only now.

    Takes the right to administer. Raises InvalidInput for an address that is not https.
    """
    _require_address(url)
    table = webhook_subscriptions
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.ADMINISTER)
        newest = work.execute(sa.select(sa.func.max(promise_changes.c.seq))).scalar() or 0
        values = {
            "url": url, "after_seq": newest, "failures": 0, "next_at": now,
            "created_by": person.id, "created_at": now,
        }  # fmt: skip
        number = int(
            work.execute(sa.insert(table).values(values).returning(table.c.id)).scalar_one()
        )
        audit.record(work, stores.seal, person, at=now, kind="feed.subscribed",
                     subject=f"webhook {number}", body={"after": newest})  # fmt: skip
    return number, secret_of(stores.seal, number)


def unsubscribe(stores: Stores, number: int, *, person: Person, now: datetime) -> None:
    table = webhook_subscriptions
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.ADMINISTER)
        mine = (table.c.id == number) & table.c.ended_at.is_(None)
        if not work.execute(sa.update(table).where(mine).values(ended_at=now)).rowcount:
            raise UnknownName("webhook", str(number))
        audit.record(work, stores.seal, person, at=now, kind="feed.unsubscribed",
                     subject=f"webhook {number}", body={})  # fmt: skip


def subscriptions(stores: Stores) -> tuple[Subscription, ...]:
    """Those that are told, and how far behind each is."""
    table = webhook_subscriptions
    behind = (
        sa.select(sa.func.count())
        .select_from(promise_changes)
        .where(promise_changes.c.seq > table.c.after_seq)
        .scalar_subquery()
    )
    query = sa.select(table, behind.label("behind")).where(table.c.ended_at.is_(None))
    names = tuple(Subscription.__dataclass_fields__)
    with stores.database.read() as look:
        rows = look.execute(query.order_by(table.c.id)).mappings().all()
    return tuple(Subscription(**{name: row[name] for name in names}) for row in rows)


def secret_of(seal: AuditSeal, number: int) -> str:
    """Derived, so that no table holds a secret that signs for us."""
    mac = hmac.new(seal.key, f"feed webhook {number}".encode(), "sha256").digest()
    return "whsec_" + base64.b64encode(mac).decode()


def deliver_feed(stores: Stores, clock: Callable[[], datetime]) -> int:
    """Post to every receiver whose turn it is what it has not got; returns the pages taken."""
    table = webhook_subscriptions
    due = table.c.ended_at.is_(None) & (table.c.next_at <= clock())
    with stores.database.read() as look:
        rows = look.execute(sa.select(table).where(due).order_by(table.c.id)).mappings().all()
    return sum(_deliver(stores, row, clock) for row in rows)


def _deliver(stores: Stores, row: sa.RowMapping, clock: Callable[[], datetime]) -> int:
    after, taken = int(row["after_seq"]), 0
    for _ in range(ROUNDS):
        try:
            with stores.database.read() as look:
                page = changes_after(look, after, PAGE)
            if not page.changes:
                return taken
            _post(stores, row, page, clock())
        except (PlanningError, httpx.HTTPError) as error:
            _failed(stores, row, str(error), clock())
            return taken
        after, taken = page.next, taken + 1
        _advance(stores, int(row["id"]), after)
    return taken


def _post(stores: Stores, row: sa.RowMapping, page: Page, now: datetime) -> None:
    changes = [
        {"seq": c.seq, "at": c.at, "sku": c.sku, "location": c.location, **c.body}
        for c in page.changes
    ]
    body = canonical_json({"type": "promise.changes", "changes": changes, "next": page.next})
    key = f"feed-{row['id']}-{page.changes[0].seq}-{page.next}"
    hook = Webhook(url=row["url"], secret=secret_of(stores.seal, int(row["id"])))
    hook.post(body.encode(), key=key, now=now)


def _advance(stores: Stores, number: int, after: int) -> None:
    table = webhook_subscriptions
    values = {"after_seq": after, "failures": 0, "last_error": None}
    forward = (table.c.id == number) & (table.c.after_seq < after)
    with stores.database.write() as work:
        work.execute(sa.update(table).where(forward).values(values))


def _failed(stores: Stores, row: sa.RowMapping, error: str, now: datetime) -> None:
    table, failures = webhook_subscriptions, int(row["failures"]) + 1
    later = now + timedelta(seconds=retry_seconds(failures))
    values = {"failures": failures, "next_at": later, "last_error": error[:LONGEST_ERROR]}
    with stores.database.write() as work:
        work.execute(sa.update(table).where(table.c.id == row["id"]).values(values))


def _require_address(url: str) -> None:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError) as error:
        raise InvalidInput(f"{url!r} is no address: {error}.") from None
    safe = parsed.scheme == "https" or (parsed.scheme == "http" and parsed.host in _HERE)
    if not safe or not parsed.host:
        raise InvalidInput(
            "A webhook is posted over https, such as https://shop.example/promises, not to "
            f"{parsed.scheme or 'nowhere'}://{parsed.host}."
        )
