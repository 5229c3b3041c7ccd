"""The audit: every decision sealed with the one before, in the transaction it belongs to.

An event's seal is HMAC-SHA256 over its content and the seal before it, with a key that is kept
outside the database: whoever can write the tables cannot write history. Every seal is also
appended to a file or bucket outside (`engine.service.audit_anchor`) after its commit, because a
chain alone cannot tell that its end is missing. People appear by id, texts by digest only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from engine.errors import StoreError, Tampered
from engine.model.canonical import canonical_json
from engine.model.people import Person
from engine.service.audit_anchor import HeadsToAnchor, read_anchor
from engine.service.audit_chain import (
    FIRST_PREV,
    AuditEvent,
    AuditFinding,
    broken_links,
    lost_ends,
    seal_of,
    unanchored,
)
from engine.service.audit_state import state_findings
from engine.service.stores import AuditSeal, Stores
from engine.store.database import Database, after_commit, memory, waiting_call
from engine.store.tables.audit import audit_events, audit_head

ANCHORING = "audit anchor"  # what is run after the commit
_HEAD = "audit head"  # what a unit of work that has its turn remembers


@dataclass(frozen=True, kw_only=True)
class Head:
    """The last event of the chain: its place and its seal."""

    seq: int
    mac: str


@dataclass(frozen=True, kw_only=True)
class AuditReport:
    """The verdict on the whole chain."""

    events: int
    anchored: int  # the newest event that the anchor outside vouches for
    lagged: int  # newest events that are not anchored; a crash explains one or two, no more
    unreadable: int  # lines of the anchor that a crash cut short
    findings: tuple[AuditFinding, ...]

    @property
    def verified(self) -> bool:
        return not self.findings

    def require(self) -> "AuditReport":
        """Itself; raises Tampered with the first finding."""
        if self.findings:
            raise Tampered(self.findings[0].sentence)
        return self


def append(
    work: sa.Connection,
    seal: AuditSeal,
    *,
    at: datetime,
    actor: str,
    source: str,
    kind: str,
    subject: str,
    body: Mapping[str, object],
) -> int:
    """Add an event to the caller's unit of work and return its place in the chain.

    Nothing is recorded unless the unit of work commits. Never put a name, an address or free
    text into `body`: ids, amounts and digests only, because the chain cannot forget.
    """
    head = take_turn(work)
    event = {
        "seq": head.seq + 1,
        "at": at.astimezone(UTC),
        "actor": actor,
        "source": source,
        "kind": kind,
        "subject": subject,
        "body": canonical_json(body),
        "prev": head.mac,
    }
    mac = seal_of(seal.key, event)
    work.execute(sa.insert(audit_events).values(**event, mac=mac))
    work.execute(sa.update(audit_head).values(seq=head.seq + 1, mac=mac))
    _remember(work, Head(seq=head.seq + 1, mac=mac))
    _anchor_later(work, seal, head.seq + 1, mac)
    return head.seq + 1


def record(
    work: sa.Connection,
    seal: AuditSeal,
    person: Person,
    *,
    at: datetime,
    kind: str,
    subject: str,
    body: Mapping[str, object],
) -> int:
    """As `append`, with the actor and how their identity was verified taken from the person."""
    return append(
        work,
        seal,
        at=at,
        actor=person.id,
        source=person.source,
        kind=kind,
        subject=subject,
        body=body,
    )


def take_turn(work: sa.Connection) -> Head:
    """The head of the chain, locked until the unit of work ends.

    On PostgreSQL whoever decides about money takes this first, so that limits and budgets are
    read and used by one unit of work at a time; on SQLite a writer is alone already. Nobody else
    can move the head meanwhile, so it is asked for once.
    """
    known: Head | None = memory(work).get(_HEAD)
    if known is not None:
        return known
    row = work.execute(sa.select(audit_head).with_for_update()).one_or_none()
    if row is None:
        raise StoreError(
            "The audit chain has no head: the row in audit_head is gone. Run `qm audit verify`."
        )
    return _remember(work, Head(seq=row.seq, mac=row.mac))


def _remember(work: sa.Connection, head: Head) -> Head:
    memory(work)[_HEAD] = head
    return head


def has_events(database: Database) -> bool:
    """Whether the chain has begun."""
    with database.read() as look:
        return bool(look.execute(sa.select(audit_head.c.seq)).scalar())


def events(
    stores: Stores, *, subject: str | None = None, after: int = 0, limit: int | None = None
) -> tuple[AuditEvent, ...]:
    """Events in the order of the chain, of one subject or all, from the one after `after`."""
    query = sa.select(audit_events).where(audit_events.c.seq > after).order_by(audit_events.c.seq)
    if subject is not None:
        query = query.where(audit_events.c.subject == subject)
    with stores.database.read() as look:
        return _events(look.execute(query.limit(limit)).mappings().all())


def verify(stores: Stores) -> AuditReport:
    """Hold the chain against its key and anchor, and orders, decisions and budgets against it.

    Nothing is written: an anchor that is gone or lags is a finding, not something to mend here.
    It is read first, because what it knows by then must be in the database, and once more at the
    end, because what others have done in between must not look like a lag.
    """
    anchored = read_anchor(stores.seal.anchor)
    with stores.database.read() as look:
        query = sa.select(audit_events).order_by(audit_events.c.seq)
        chain = _events(look.execute(query).mappings().all())
        head = look.execute(sa.select(audit_head.c.seq, audit_head.c.mac)).one_or_none()
        findings = [*broken_links(chain, stores.seal.key), *lost_ends(chain, anchored)]
        # What a broken chain says of the tables proves nothing.
        findings = findings or list(state_findings(look, chain))
    last = (chain[-1].seq, chain[-1].mac) if chain else (0, FIRST_PREV)
    if head is None or tuple(head) != last:
        sentence = "The head of the audit chain is not its last event."
        findings.append(AuditFinding(seq=0, problem="head", sentence=sentence))
    anchored = read_anchor(stores.seal.anchor)
    findings.extend(unanchored(chain, anchored))
    return AuditReport(
        events=len(chain),
        anchored=anchored.newest,
        lagged=max(last[0] - anchored.newest, 0),
        unreadable=anchored.unreadable,
        findings=tuple(findings),
    )


def _anchor_later(work: sa.Connection, seal: AuditSeal, seq: int, mac: str) -> None:
    """All seals of a unit of work are anchored in one line each, with one write."""
    waiting = waiting_call(work, ANCHORING)
    if not isinstance(waiting, HeadsToAnchor):
        waiting = HeadsToAnchor(anchor=seal.anchor)
        after_commit(work, ANCHORING, waiting)
    waiting.heads.append((seq, mac))


def _events(rows: Sequence[sa.RowMapping]) -> tuple[AuditEvent, ...]:
    return tuple(AuditEvent(**row) for row in rows)
