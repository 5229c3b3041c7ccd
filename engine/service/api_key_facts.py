"""Hold the API keys against the audit: made by an administrator, opening what they said."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from engine.service.audit_chain import AuditEvent, AuditFinding
from engine.store.tables.storefront import api_keys


def key_findings(look: sa.Connection, chain: Sequence[AuditEvent]) -> Iterator[AuditFinding]:
    """Keys that are there beside the audit, were widened, or live on after their end."""
    made = {event.subject: event for event in chain if event.kind == "api_key.created"}
    ended = {event.subject: event for event in chain if event.kind == "api_key.revoked"}
    found = {row["id"]: row for row in look.execute(sa.select(api_keys)).mappings()}
    for number in sorted(made.keys() | found.keys()):
        event, row = made.get(number), found.get(number)
        if event is None or row is None or not _is_as_made(row, event, ended.get(number)):
            sentence = f"The API key {number} was changed beside the audit."
            yield AuditFinding(seq=event.seq if event else 0, problem="state", sentence=sentence)


def _is_as_made(row: sa.RowMapping, made: AuditEvent, end: AuditEvent | None) -> bool:
    body: Mapping[str, Any] = json.loads(made.body)
    expires = row["expires_at"]
    return (
        row["created_by"] == made.actor
        and row["revoked_by"] == (end and end.actor)
        and row["scopes"] == body["scopes"]
        and row["per_second"] == body["per_second"]
        and (expires and expires.isoformat()) == body["expires_at"]
        and row["secret_digest"] == body["digest"]
    )
