"""The audit as a file that others can keep and check: JSON lines, closed with a seal of their own.

    {"format": "quartermaster-audit-1", "company": ..., "exported_at": ..., "events": n, ...}
    {"seq": 1, ...}            one line per event, exactly as it was sealed
    {"sealed": ..., "lines": n + 1}

The last line is an HMAC over every line before it, so that a file that was cut, or from which
lines are missing, does not verify. Checking takes the audit key and no database.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from engine.errors import BadSource
from engine.model.canonical import canonical_json
from engine.model.people import Person
from engine.service import audit
from engine.service.audit_chain import AuditEvent, AuditFinding, broken_links
from engine.service.company import company_profile
from engine.service.stores import Stores

FORMAT = "quartermaster-audit-1"


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What a file holds, and what does not hold of it."""

    company: str
    exported_at: str
    events: int
    findings: tuple[AuditFinding, ...]

    @property
    def verified(self) -> bool:
        return not self.findings


def export_audit(stores: Stores, *, person: Person, now: datetime) -> bytes:
    """The whole chain as a file; that it was exported, and by whom, is its next event.

    Raises Tampered for a chain that does not verify: such a file would look like proof.
    """
    audit.verify(stores).require()
    chain = audit.events(stores)
    with stores.database.read() as look:
        company = company_profile(look)
    head = {
        "format": FORMAT, "company": company.name if company else "", "exported_at": now,
        "events": len(chain), "last_seq": chain[-1].seq if chain else 0,
    }  # fmt: skip
    lines = [canonical_json(head), *(canonical_json(event) for event in chain)]
    text = "".join(f"{line}\n" for line in lines)
    end = {"sealed": _seal(stores.seal.key, text), "lines": len(lines)}
    with stores.database.write() as work:
        audit.record(
            work, stores.seal, person, at=now, kind="audit.exported", subject="audit",
            body={"events": len(chain), "digest": hashlib.sha256(text.encode()).hexdigest()},
        )  # fmt: skip
    return (text + canonical_json(end) + "\n").encode()


def check_export(content: bytes, key: bytes) -> Exported:
    """Hold a file against the key; raises BadSource for what is no export of an audit."""
    lines = content.decode("utf-8", "replace").splitlines()
    head = _object(lines[0] if lines else "")
    if head.get("format") != FORMAT:
        raise BadSource("This file is no export of an audit. Make one with `qm audit export FILE`.")
    body, end = lines[1:-1], _object(lines[-1])
    findings = [*_end(lines, end, key), *_events(body, key)]
    if head.get("events") != len(body):
        told = f"The file speaks of {head.get('events')} events and holds {len(body)}."
        findings.append(AuditFinding(seq=0, problem="missing", sentence=told))
    return Exported(
        company=str(head.get("company", "")), exported_at=str(head.get("exported_at", "")),
        events=len(body), findings=tuple(findings),
    )  # fmt: skip


def _end(lines: list[str], end: dict[str, Any], key: bytes) -> Iterator[AuditFinding]:
    text = "".join(f"{line}\n" for line in lines[:-1])
    if not hmac.compare_digest(str(end.get("sealed", "")), _seal(key, text)):
        told = "The seal at its end does not fit: the file was cut or changed, or the key is not"
        yield AuditFinding(seq=0, problem="head", sentence=f"{told} the one it was sealed with.")


def _events(lines: list[str], key: bytes) -> Iterator[AuditFinding]:
    chain: list[AuditEvent] = []
    wanted = {each.name for each in fields(AuditEvent)}
    for number, line in enumerate(lines, start=1):
        event = _object(line)
        if set(event) != wanted:
            told = f"Line {number + 1} is no event of an audit."
            yield AuditFinding(seq=number, problem="edited", sentence=told)
            return
        event["at"] = datetime.fromisoformat(event["at"])
        chain.append(AuditEvent(**event))
    yield from broken_links(chain, key)


def _object(line: str) -> dict[str, Any]:
    try:
        found: object = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}  # pyright: ignore[reportUnknownVariableType]  checked by its reader


def _seal(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), "sha256").hexdigest()
