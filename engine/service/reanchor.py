"""A person's word that an anchor which is new or lags is all right: anchored anew, and audited."""

from datetime import datetime

from engine.errors import Tampered
from engine.model.people import Person, Right
from engine.service import audit
from engine.service.audit_anchor import append_heads, read_anchor
from engine.service.company import is_demo
from engine.service.rights import require_right
from engine.service.stores import Stores

ACCEPTED = "audit.anchor_accepted"


def accept_anchor(stores: Stores, *, person: Person, now: datetime) -> audit.AuditReport:
    """Anchor the whole chain as it stands; the event names who accepted it, and what was lacking.

    Takes the right to administer, or a demo company, where anyone may. Raises Tampered when
    anything but the anchor's absence or lag is found: a chain that does not verify by itself, or
    an anchor that contradicts it, is never accepted (a restored database gets a new anchor file).
    """
    report = audit.verify(stores)
    other = [finding for finding in report.findings if not finding.acceptable]
    if other:
        raise Tampered(f"{other[0].sentence} That is not accepted; see qm audit verify.")
    with stores.database.write() as work:
        audit.take_turn(work)
        if not is_demo(work):
            require_right(work, person, Right.ADMINISTER)
        seq = audit.record(
            work, stores.seal, person, at=now, kind=ACCEPTED, subject="audit",
            body={"events": report.events, "anchored": report.anchored},
        )  # fmt: skip
    known = read_anchor(stores.seal.anchor).seals
    heads = [(event.seq, event.mac) for event in audit.events(stores) if event.seq <= seq]
    append_heads(stores.seal.anchor, [head for head in heads if head[0] not in known])
    return audit.verify(stores)
