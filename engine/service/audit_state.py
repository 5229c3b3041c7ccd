"""Hold the tables against the audit: what the last event says of an order is what it must be.

The chain proves that history was not rewritten. It would not notice that somebody set an order to
approved, changed who wrote it, raised a limit or a cap, freed a budget, mapped another user to a
manager, changed a forecast that somebody set, or put a message in the outbox beside it; this does.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from engine.model.canonical import digest
from engine.service import assignment_facts, delegation_facts, snooze_facts
from engine.service.api_key_facts import key_findings
from engine.service.audit_chain import AuditEvent, AuditFinding
from engine.service.order_facts import SEND, Digests, identity_digest, order_facts
from engine.store.content import text_digest
from engine.store.tables.budgets import budget_proposals, budgets
from engine.store.tables.delegations import delegations
from engine.store.tables.demand import demand_decisions, demand_withdrawals
from engine.store.tables.exceptions import exception_assignments, exception_snoozes
from engine.store.tables.people import policy_versions
from engine.store.tables.purchasing import approval_decisions, po_revisions, purchase_orders
from engine.store.tables.work import outbox

ROWS = {
    "head": "The supplier, place or requester of {}",
    "revisions": "A revision of {}, or who wrote it,",
    "lines": "A line of {}",
    "requests": "A request for approval of {}",
    "commitments": "What {} holds of budgets",
    "successors": "What came in the place of {}",
    "amendments": "An amendment of {}",
    "confirmations": "A confirmation of {}",
    "confirmed": "A confirmed line of {}",
    "receipts": "A receipt of {}",
    "received": "What came of a line of {}",
    "acknowledgements": "An acknowledgement of {}",
}
ORDER_STEPS = ("order.", "approval.step")  # events that say what an order has become
DECISIONS = {
    "approval.step": "approve", "order.approved": "approve", "order.rejected": "reject",
    "order.amendment_approved": "approve", "order.amendment_rejected": "reject",
}  # fmt: skip
SENDING = ("order.approved", "order.amendment_approved")  # each lets one message leave


def state_findings(look: sa.Connection, chain: Sequence[AuditEvent]) -> Iterator[AuditFinding]:
    """Orders, decisions, budgets and the policy that are not as the audit left them."""
    yield from _orders(look, chain)
    yield from _decisions(look, chain)
    yield from _budgets(look, chain)
    yield from _proposals(look, chain)
    yield from _messages(look, chain)
    yield from _policy(look, chain)
    yield from _demand(look, chain)
    yield from _delegations(look, chain)
    yield from _snoozes(look, chain)
    yield from key_findings(look, chain)
    yield from _assignments(look, chain)


def _orders(look: sa.Connection, chain: Sequence[AuditEvent]) -> Iterator[AuditFinding]:
    steps = [event for event in chain if event.kind.startswith(ORDER_STEPS)]
    told = {event.subject: (event.seq, _body(event)) for event in steps}
    table, revisions = purchase_orders, po_revisions
    rows = order_facts(look)
    query = (
        sa.select(table.c.id, table.c.number, table.c.state, table.c.revision, revisions.c.content)
        .outerjoin(
            revisions,
            (revisions.c.po_id == table.c.id) & (revisions.c.revision == table.c.revision),
        )
        .order_by(table.c.id)
    )
    found = {row["number"]: row for row in look.execute(query).mappings()}
    for number in sorted(told.keys() | found.keys()):
        seq, body = told.get(number, (0, {}))
        row = found.get(number)
        if row is None:
            yield _finding(seq, f"{number} is in the audit but gone from the orders.")
        elif not body:
            yield _finding(0, f"{number} is among the orders but not in the audit.")
        else:
            yield from _order(row, seq, body, rows[row["id"]])


def _order(
    row: sa.RowMapping, seq: int, body: Mapping[str, Any], rows: Digests
) -> Iterator[AuditFinding]:
    told = hashlib.sha256((row["content"] or "").encode()).hexdigest()
    if row["state"] != body["state"] or row["revision"] != body["revision"]:
        yield _finding(
            seq,
            f"{row['number']} is {row['state']!r} at revision {row['revision']}; by the audit it "
            f"is {body['state']!r} at revision {body['revision']}.",
        )
    elif told != body["digest"]:
        yield _finding(seq, f"The content of {row['number']} was changed beside the audit.")
    elif "rows" in body:  # events of earlier versions had sealed less
        for name in sorted(ROWS):
            if rows.get(name) != body["rows"].get(name):
                what = ROWS[name].format(row["number"])
                yield _finding(seq, f"{what} was changed beside the audit.")


def _decisions(look: sa.Connection, chain: Sequence[AuditEvent]) -> Iterator[AuditFinding]:
    """Each decision has its event and each event, unless the policy decided, its decision."""
    query = sa.select(approval_decisions).order_by(approval_decisions.c.id)
    stored = {row.audit_seq: row for row in look.execute(query)}
    events = {event.seq: event for event in chain if event.kind in DECISIONS}
    for seq, row in stored.items():
        event = events.get(seq)
        if event is None or not _same_decision(row, event):
            yield _finding(seq, f"A decision of {row.approver} is not what the audit recorded.")
    for seq, event in events.items():
        if seq not in stored and event.source != "system":
            yield _finding(seq, f"The decision of {event.actor} on {event.subject} is gone.")


def _same_decision(row: sa.Row[Any], event: AuditEvent) -> bool:
    body = _body(event)
    return (
        row.approver == event.actor
        and row.source == event.source
        and row.decision == DECISIONS[event.kind]
        and row.request_id == body["request"]
        and row.on_behalf_of == body.get("on_behalf_of")
        and row.break_glass == body.get("break_glass", False)
        and row.digest == body["shown"]
        and row.judged_minor == body["judged_minor"]
    )


def _budgets(look: sa.Connection, chain: Sequence[AuditEvent]) -> Iterator[AuditFinding]:
    told = {e.subject: (e.seq, _body(e)["cap_minor"]) for e in chain if e.kind == "budget.set"}
    found = {f"budget:{row.scope}:{row.period}": row for row in look.execute(sa.select(budgets))}
    for subject in sorted(told.keys() | found.keys()):
        seq, cap = told.get(subject, (0, None))
        row = found.get(subject)
        if row is None or row.cap_minor != cap:
            yield _finding(seq, f"The cap of {subject} was changed beside the audit.")


def _proposals(look: sa.Connection, chain: Sequence[AuditEvent]) -> Iterator[AuditFinding]:
    """Each proposed cap is what was asked for and shown, and was decided by whom the audit says."""
    asked: dict[int, AuditEvent] = {}
    decided: dict[int, AuditEvent] = {}
    for event in chain:
        if event.kind == "budget.proposed":
            asked[_body(event)["proposal"]] = event
        elif event.kind in ("budget.approved", "budget.rejected"):
            decided[_body(event)["proposal"]] = event
    found = {row.id: row for row in look.execute(sa.select(budget_proposals))}
    for number in sorted(asked.keys() | found.keys()):
        row, event, end = found.get(number), asked.get(number), decided.get(number)
        if row is None or event is None or not _same_proposal(row, event, end):
            seq = event.seq if event else 0
            yield _finding(seq, f"The budget proposal {number} was changed beside the audit.")


def _same_proposal(row: sa.Row[Any], event: AuditEvent, end: AuditEvent | None) -> bool:
    body = _body(event)
    shown = {
        name: getattr(row, name)
        for name in (
            "scope", "period", "cap_minor", "cap_before_minor", "revision_before", "consequence",
        )
    }  # fmt: skip
    state = end.kind.removeprefix("budget.") if end else "pending"
    return (
        row.digest == body["digest"] == digest(shown)
        and row.cap_minor == body["cap_minor"]
        and row.requested_by == event.actor
        and row.state == state
        and row.decided_by == (end and end.actor)
    )


def _messages(look: sa.Connection, chain: Sequence[AuditEvent]) -> Iterator[AuditFinding]:
    """Each approval has its one message to the supplier, and no other order leaves the house."""
    told: dict[str, tuple[int, tuple[str, Mapping[str, object]]]] = {}
    for event in (event for event in chain if event.kind in SENDING):
        body = _body(event)
        key = f"{event.subject}:r{body['revision']}:send"
        payload = {"order": event.subject, **{n: body[n] for n in ("revision", "request")}}
        told[key] = event.seq, (SEND, payload)
    stored = {
        row.key: (row.kind, row.payload)
        for row in look.execute(sa.select(outbox.c.key, outbox.c.payload, outbox.c.kind))
        if row.kind == SEND or row.key in told
    }
    for key in sorted(told.keys() | stored.keys()):
        seq, message = told.get(key, (0, None))
        if stored.get(key) != message:
            yield _finding(seq, f"The message {key} was changed beside the audit.")


def _policy(look: sa.Connection, chain: Sequence[AuditEvent]) -> Iterator[AuditFinding]:
    told = [(e.seq, _body(e)) for e in chain if e.kind == "policy.installed"]
    newest = look.execute(
        sa.select(policy_versions).order_by(policy_versions.c.sequence.desc()).limit(1)
    ).one_or_none()
    in_force = None if newest is None else hashlib.sha256(newest.content.encode()).hexdigest()[:12]
    nothing: Mapping[str, Any] = {}
    seq, body = told[-1] if told else (0, nothing)
    # Whoever is forgotten stands for nobody any more; the sealed event says who is left.
    who = [(e.seq, _body(e)) for e in chain if e.kind in ("policy.installed", "person.forgotten")]
    version, identities = body.get("version"), (who[-1][1] if who else nothing).get("identities")
    if in_force != version:
        yield _finding(seq, "The policy in force was changed beside the audit.")
    if identities is not None and identities != identity_digest(look):
        yield _finding(seq, "Who is recognised as whom was changed beside the audit.")


def _demand(look: sa.Connection, chain: Sequence[AuditEvent]) -> Iterator[AuditFinding]:
    """Each override, promotion, launch or price is as its author left it, and so is its end."""
    decided, taken = demand_decisions, demand_withdrawals
    expected = {e.subject: e for e in chain if e.kind == "demand.decided"}
    found = {f"demand:{row.id}": row for row in look.execute(sa.select(decided))}
    for subject in sorted(expected.keys() | found.keys()):
        row, event = found.get(subject), expected.get(subject)
        if row is None or event is None or not _same_demand(row, event):
            seq = event.seq if event else 0
            yield _finding(seq, f"The decision {subject} was changed beside the audit.")
    ended = {e.subject: e.seq for e in chain if e.kind == "demand.withdrawn"}
    gone = {f"demand:{number}" for number in look.execute(sa.select(taken.c.decision_id)).scalars()}
    for subject in sorted(ended.keys() ^ gone):
        seq = ended.get(subject, 0)
        yield _finding(seq, f"The withdrawal of {subject} is not what the audit recorded.")


def _same_demand(row: sa.Row[Any], event: AuditEvent) -> bool:
    body = _body(event)
    expires = None if row.expires_on is None else row.expires_on.isoformat()
    return (
        row.author == event.actor
        and row.kind == body["kind"]
        and text_digest(row.content) == body["digest"]
        and expires == body["expires_on"]
    )


def _delegations(look: sa.Connection, chain: Sequence[AuditEvent]) -> Iterator[AuditFinding]:
    """Each loan of authority is as it was lent, and ended by whom the audit says."""
    kinds = ("delegation.lent", "delegation.taken_back")
    yield from _begun_and_ended(look, chain, delegations, delegation_facts, kinds)


def _snoozes(look: sa.Connection, chain: Sequence[AuditEvent]) -> Iterator[AuditFinding]:
    """Each exception put off is as its author left it, and woken by whom the audit says."""
    kinds = ("exception.snoozed", "exception.woken")
    yield from _begun_and_ended(look, chain, exception_snoozes, snooze_facts, kinds)


def _assignments(look: sa.Connection, chain: Sequence[AuditEvent]) -> Iterator[AuditFinding]:
    """Each exception has the owner that was named, until whom the audit says took it back."""
    kinds = ("exception.assigned", "exception.released")
    yield from _begun_and_ended(look, chain, exception_assignments, assignment_facts, kinds)


class _Sealed(Protocol):
    """How rows of a table are named in the audit, and what of them is sealed."""

    def subject_of(self, number: int, /) -> str: ...

    def sealed_terms(self, row: sa.Row[Any], /) -> dict[str, Any]: ...


def _begun_and_ended(
    look: sa.Connection,
    chain: Sequence[AuditEvent],
    table: sa.Table,
    facts: _Sealed,
    kinds: tuple[str, str],
) -> Iterator[AuditFinding]:
    """Rows that one kind of event begins and another one may end."""
    begun, ended = ({e.subject: e for e in chain if e.kind == kind} for kind in kinds)
    found = {facts.subject_of(row.id): row for row in look.execute(sa.select(table))}
    for subject in sorted(begun.keys() | found.keys()):
        row, event, end = found.get(subject), begun.get(subject), ended.get(subject)
        if (
            row is None
            or event is None
            or facts.sealed_terms(row) != _body(event)
            or row.ended_by != (end and end.actor)
        ):
            seq = event.seq if event else 0
            yield _finding(seq, f"The {subject} was changed beside the audit.")


def _body(event: AuditEvent) -> Mapping[str, Any]:
    body: dict[str, Any] = json.loads(event.body)
    return body


def _finding(seq: int, sentence: str) -> AuditFinding:
    return AuditFinding(seq=seq, problem="state", sentence=sentence)
