"""What makes the audit chain a chain: how an event is sealed and what a broken one looks like."""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from engine.model.canonical import canonical_json
from engine.service.audit_anchor import Anchored

FIRST_PREV = "0" * 64
LONGEST_LAG = 2  # events: what a crash between a commit and its anchor leaves behind
Problem = Literal["edited", "missing", "order", "head", "anchor", "key", "state"]


@dataclass(frozen=True, kw_only=True)
class AuditEvent:
    """One link; `body` is canonical JSON, exactly as it was sealed."""

    seq: int
    at: datetime
    actor: str
    source: str
    kind: str
    subject: str
    body: str
    prev: str
    mac: str


@dataclass(frozen=True, kw_only=True)
class AuditFinding:
    """What does not hold, at which event (0: of the chain as a whole)."""

    seq: int
    problem: Problem
    sentence: str
    acceptable: bool = False  # a person may say that it is all right (engine.service.reanchor)


def seal_of(key: bytes, event: Mapping[str, object]) -> str:
    """HMAC-SHA256 of an event's content and the seal before it, hexadecimal."""
    names = ("seq", "at", "actor", "source", "kind", "subject", "body", "prev")
    content = canonical_json([event[name] for name in names])
    return hmac.new(key, content.encode(), "sha256").hexdigest()


def broken_links(chain: Sequence[AuditEvent], key: bytes) -> Iterator[AuditFinding]:
    """Events that are missing, changed, moved or put in; one finding for each place."""
    sealed = [hmac.compare_digest(event.mac, seal_of(key, asdict(event))) for event in chain]
    if chain and not any(sealed):
        yield AuditFinding(
            seq=chain[0].seq,
            problem="key",
            sentence="No event is sealed with this key. Is it the key this database was used with?",
        )
        return
    expected, prev = 1, FIRST_PREV
    for event, intact in zip(chain, sealed, strict=True):
        if event.seq != expected:
            yield _finding(expected, "missing", "is missing")
        elif not intact:
            yield _finding(event.seq, "edited", "was changed after it was sealed")
        elif event.prev != prev:
            yield _finding(event.seq, "order", "does not follow the one before it")
        expected, prev = event.seq + 1, event.mac


def lost_ends(chain: Sequence[AuditEvent], anchored: Anchored) -> Iterator[AuditFinding]:
    """Heads that the anchor outside knows and the database has not, or has otherwise."""
    seals = {event.seq: frozenset({event.mac}) for event in chain}
    for seq, known in sorted(anchored.seals.items()):
        if seq not in seals:
            yield _finding(seq, "anchor", "is in the anchor but not in the database")
        elif known != seals[seq]:
            yield _finding(seq, "anchor", "is another one in the anchor than in the database")


def unanchored(chain: Sequence[AuditEvent], anchored: Anchored) -> Iterator[AuditFinding]:
    """Events that no anchor vouches for: it is gone, begins late, or ends long before the chain.

    Whoever deletes the anchor can cut the end of the chain, so its absence proves nothing good.
    """
    if not chain:
        return
    last = chain[-1].seq
    if not anchored.seals:
        yield _unanchored(last, f"The audit has {last} events, but its anchor is gone or empty.")
        return
    if anchored.oldest > 1 + LONGEST_LAG:
        told = f"The anchor begins at event {anchored.oldest}: an earlier one was lost or replaced."
        yield _unanchored(anchored.oldest, told)
    if last - anchored.newest > LONGEST_LAG:
        told = f"The anchor ends at event {anchored.newest}, the audit at {last}."
        yield _unanchored(anchored.newest, told)


def _unanchored(seq: int, told: str) -> AuditFinding:
    step = "Find out why; what is right can then be anchored: qm audit anchor --accept"
    return AuditFinding(seq=seq, problem="anchor", sentence=f"{told} {step}", acceptable=True)


def _finding(seq: int, problem: Problem, what: str) -> AuditFinding:
    return AuditFinding(seq=seq, problem=problem, sentence=f"Audit event {seq} {what}.")
