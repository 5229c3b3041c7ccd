"""Posts: messages that stand on a chat surface, each drawn from the database whenever wanted.

A post says what it shows (`kind`, `ref`), never how it reads: whoever sends it draws it as things
stand then, so two changes at once end in one picture. `wanted` counts the wishes to draw it,
`shown` is the wish that stands there; a change while it is being sent is a further wish.

A surface has no key against posting twice. So a post that was handed over without an answer is
looked for before it is posted again (`is_in_doubt`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.service.outbox import retry_seconds
from engine.store.claims import claim_one, insert_once, settle
from engine.store.database import Database
from engine.store.tables.surfaces import posts

ATTEMPTS = 8


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a post stands; `thread` is the message it answers."""

    team: str
    channel: str
    thread: str | None = None


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post in hand; `message` is what the surface calls it, None until it stands there."""

    id: int
    key: str
    place: Place
    kind: str
    ref: Mapping[str, Any] = field(repr=False)
    wanted: int
    message: str | None
    digest: str | None
    claims: int
    failures: int
    is_in_doubt: bool  # an earlier attempt may have posted it


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A post that stands there, and how its subject stood when it was drawn."""

    key: str
    ref: Mapping[str, Any]
    seen: str


@dataclass(frozen=True, kw_only=True)
class Stuck:
    """A post that does not stand as it is wanted, and why."""

    key: str
    error: str


def want(
    work: sa.Connection,
    *,
    key: str,
    surface: str,
    place: Place,
    kind: str,
    ref: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Have it drawn, for the first time or anew, with the change it shows. True: it is new."""
    is_new = want_once(work, key=key, surface=surface, place=place, kind=kind, ref=ref, now=now)
    if not is_new:
        _draw_anew(work, posts.c.key == key, now)
    return is_new


def want_once(
    work: sa.Connection,
    *,
    key: str,
    surface: str,
    place: Place,
    kind: str,
    ref: Mapping[str, Any],
    now: datetime,
) -> bool:
    """As `want`, but one that is there already is left as it is."""
    return insert_once(
        work,
        posts,
        {
            "key": key, "surface": surface, "team": place.team, "channel": place.channel,
            "thread": place.thread, "kind": kind, "ref": dict(ref), "wanted": 1, "shown": 0,
            "state": "waiting", "is_in_doubt": False, "next_at": now, "claims": 0, "failures": 0,
            "created_at": now,
        },
    )  # fmt: skip


def become(
    work: sa.Connection, key: str, kind: str, ref: Mapping[str, Any], *, was: str, now: datetime
) -> bool:
    """Have a post of one kind show something else in its place; False when there is none."""
    mine = (posts.c.key == key) & (posts.c.kind == was)
    work.execute(sa.update(posts).where(mine).values(kind=kind, ref=dict(ref)))
    changed = work.execute(
        sa.select(posts.c.id).where(posts.c.key == key, posts.c.kind == kind)
    ).first()
    if changed is not None:
        _draw_anew(work, posts.c.key == key, now)
    return changed is not None


def ref_of(look: sa.Connection, key: str, kind: str) -> Mapping[str, Any] | None:
    """What a post of this kind shows; None where there is none."""
    query = sa.select(posts.c.ref).where(posts.c.key == key, posts.c.kind == kind)
    return look.execute(query).scalar_one_or_none()


def of_kind(look: sa.Connection, surface: str, kind: str) -> tuple[tuple[str, Any], ...]:
    """Keys of all posts of a kind, each with what it shows."""
    which = (posts.c.surface == surface) & (posts.c.kind == kind)
    return tuple((row.key, row.ref) for row in look.execute(sa.select(posts).where(which)))


def redraw(work: sa.Connection, key_prefix: str, now: datetime) -> None:
    """Have those drawn anew whose key begins so; a dead one gets another chance."""
    _draw_anew(work, posts.c.key.startswith(key_prefix, autoescape=True), now)


def claim(
    database: Database, *, owner: str, surface: str, now: datetime, seconds: float,
    but_not: Collection[str] = (),
) -> Post | None:  # fmt: skip
    """The next post to draw; posts of one channel go one after another, in their order.

    `but_not` are channels that the surface has asked us to leave alone for a while.
    """
    due = _due(surface, now)
    if but_not:
        due = due & posts.c.channel.not_in(sorted(but_not))
    with database.read() as look:
        if look.execute(sa.select(posts.c.id).where(due).limit(1)).first() is None:
            return None
    with database.write() as work:
        row = claim_one(
            work,
            posts,
            due=due,
            order=posts.c.id,
            state="sending",
            owner=owner,
            until=now + timedelta(seconds=seconds),
            also={"is_in_doubt": _left_in_the_middle()},
        )
    return None if row is None else _post(row)


def shown(database: Database, post: Post, *, message: str, digest: str, seen: str) -> None:
    """Record that it stands there as it was wanted when it was taken in hand.

    `seen` is how its subject stood when it was drawn.
    """
    with database.write() as work:
        _settle(
            work, post, state="waiting", shown=post.wanted, message=message, digest=digest,
            seen=seen, is_in_doubt=False, failures=0, last_error=None,
        )  # fmt: skip


def standing(
    database: Database, *, surface: str, kinds: Collection[str], final: str
) -> Sequence[Standing]:
    """Posts of these kinds whose subject may still change."""
    query = sa.select(posts.c.key, posts.c.ref, posts.c.seen).where(
        posts.c.surface == surface,
        posts.c.kind.in_(sorted(kinds)),
        posts.c.message.is_not(None),
        posts.c.seen != final,
        posts.c.shown == posts.c.wanted,
    )
    with database.read() as look:
        return [Standing(key=r.key, ref=r.ref, seen=r.seen) for r in look.execute(query)]


def failed(database: Database, post: Post, *, error: str, now: datetime) -> bool:
    """It certainly did not arrive: tried again later; True when that was the last attempt."""
    failures = post.failures + 1
    if failures >= ATTEMPTS:
        refused(database, post, error=error)
        return True
    _wait(database, post, failures, error, now, is_in_doubt=False)
    return False


def unsure(database: Database, post: Post, *, error: str, now: datetime) -> None:
    """Nobody knows whether it arrived; it is looked for before the next attempt."""
    _wait(database, post, post.failures + 1, error, now, is_in_doubt=True)


def later(database: Database, post: Post, *, at: datetime, error: str | None = None) -> None:
    """The surface asked for patience, or a person must mend something; that is no failure."""
    with database.write() as work:
        _settle(work, post, state="waiting", next_at=at, last_error=error)


def hold(database: Database, post: Post, *, until: datetime) -> bool:
    """Keep it in hand for longer; False when another process took it over."""
    mine = (posts.c.id == post.id) & (posts.c.state == "sending") & (posts.c.claims == post.claims)
    with database.write() as work:
        held = work.execute(sa.update(posts).where(mine).values(claimed_until=until))
        return held.rowcount == 1


def refused(database: Database, post: Post, *, error: str) -> None:
    """Trying again is no use; `qm slack check` and /readyz name it."""
    with database.write() as work:
        _settle(work, post, state="dead", last_error=error)


def stuck(database: Database, surface: str, limit: int = 20) -> tuple[Stuck, ...]:
    """What is dead, or waits for a person to mend something, the newest first."""
    waits = (posts.c.state == "waiting") & posts.c.last_error.is_not(None)
    behind = posts.c.shown < posts.c.wanted
    which = (posts.c.surface == surface) & sa.or_(posts.c.state == "dead", waits & behind)
    query = sa.select(posts.c.key, posts.c.last_error).where(which).order_by(posts.c.id.desc())
    with database.read() as look:
        rows = look.execute(query.limit(limit))
        return tuple(Stuck(key=row.key, error=row.last_error or "") for row in rows)


def counts(database: Database) -> dict[str, int]:
    """Posts that wait, are being sent, or are dead."""
    waits = sa.case(
        ((posts.c.state == "waiting") & (posts.c.shown == posts.c.wanted), "shown"),
        else_=posts.c.state,
    )
    with database.read() as look:
        query = sa.select(waits.label("state"), sa.func.count().label("number")).group_by(waits)
        return {row.state: row.number for row in look.execute(query)}


def message_of(database: Database, key: str) -> str | None:
    """What the surface calls the post of this key; None while it does not stand there."""
    with database.read() as look:
        query = sa.select(posts.c.message).where(posts.c.key == key)
        return look.execute(query).scalar_one_or_none()


def newest_ref(database: Database, key_prefix: str) -> Mapping[str, Any] | None:
    """What the newest post shows whose key begins so; None where there is none."""
    query = sa.select(posts.c.ref).where(posts.c.key.startswith(key_prefix, autoescape=True))
    with database.read() as look:
        return look.execute(query.order_by(posts.c.id.desc()).limit(1)).scalar_one_or_none()


def exists(database: Database, key_prefix: str) -> bool:
    """Whether any post's key begins so."""
    query = sa.select(posts.c.id).where(posts.c.key.startswith(key_prefix, autoescape=True))
    with database.read() as look:
        return look.execute(query.limit(1)).first() is not None


def find(database: Database, *, surface: str, message: str) -> Post | None:
    """The post that stands as this message; None when we did not post it."""
    query = sa.select(posts).where(posts.c.surface == surface, posts.c.message == message)
    with database.read() as look:
        row = look.execute(query).one_or_none()
    return None if row is None else _post(row)


def _due(surface: str, now: datetime) -> sa.ColumnElement[bool]:
    other = posts.alias("other")
    waits = (other.c.state == "waiting") & (other.c.shown < other.c.wanted)
    before_it = (
        sa.select(other.c.id)
        .where(
            other.c.channel == posts.c.channel,
            other.c.id != posts.c.id,
            sa.or_(
                (other.c.state == "sending") & (other.c.claimed_until > now),
                waits & (other.c.next_at <= now) & (other.c.id < posts.c.id),
            ),
        )
        .exists()
    )
    fresh = (posts.c.state == "waiting") & (posts.c.shown < posts.c.wanted)
    left = (posts.c.state == "sending") & (posts.c.claimed_until <= now)
    due = sa.or_(fresh & (posts.c.next_at <= now), left)
    return (posts.c.surface == surface) & due & ~before_it


def _draw_anew(work: sa.Connection, which: sa.ColumnElement[bool], now: datetime) -> None:
    revived = sa.case((posts.c.state == "dead", "waiting"), else_=posts.c.state)
    changes = {"wanted": posts.c.wanted + 1, "state": revived, "next_at": now, "failures": 0}
    work.execute(sa.update(posts).where(which).values(changes))


def _wait(
    database: Database, post: Post, failures: int, error: str, now: datetime, *, is_in_doubt: bool
) -> None:
    with database.write() as work:
        _settle(
            work, post, state="waiting", failures=failures, last_error=error,
            next_at=now + timedelta(seconds=retry_seconds(failures)), is_in_doubt=is_in_doubt,
        )  # fmt: skip


def _left_in_the_middle() -> sa.ColumnElement[bool]:
    """In doubt already, or its sender ended between taking it and recording what became of it."""
    return sa.or_(posts.c.is_in_doubt, posts.c.state == "sending") & posts.c.message.is_(None)


def _settle(work: sa.Connection, post: Post, **changes: object) -> bool:
    return settle(work, posts, row_id=post.id, state="sending", claims=post.claims, changes=changes)


def _post(row: sa.Row[Any]) -> Post:
    return Post(
        id=row.id, key=row.key,
        place=Place(team=row.team, channel=row.channel, thread=row.thread),
        kind=row.kind, ref=row.ref, wanted=row.wanted, message=row.message, digest=row.digest,
        claims=row.claims, failures=row.failures,
        is_in_doubt=row.is_in_doubt,
    )  # fmt: skip
