"""Keys of other systems: made once, shown once, kept as a digest, revoked at once.

A key is `qm_ID_SECRET`. The secret has 256 random bits, so one round of SHA-256 keeps it: there is
nothing to guess that a slow hash would have to protect.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, get_args

import sqlalchemy as sa

from engine.errors import InvalidInput, NotAllowed, UnknownName
from engine.model.people import Person, Right
from engine.service import audit
from engine.service.rights import require_right
from engine.service.stores import Stores
from engine.store.tables.storefront import api_keys

Scope = Literal["promises:read", "changes:read"]
SCOPES: tuple[str, ...] = get_args(Scope)
_KEY = re.compile(r"qm_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
MOST_PER_SECOND = 10_000.0
LONGEST_NAME = 80


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """What is known of a key; never the secret."""

    id: str
    name: str
    scopes: tuple[str, ...]
    per_second: float
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """The only time that the whole key is seen."""

    key: ApiKey
    text: str = field(repr=False)


def create_api_key(
    stores: Stores,
    *,
    name: str,
    scopes: Sequence[str],
    person: Person,
    now: datetime,
    per_second: float = 20.0,
    expires_at: datetime | None = None,
) -> NewKey:
    """Takes the right to administer. Raises InvalidInput for a scope or a rate that is none."""
    wanted = tuple(sorted(set(scopes)))
    for scope in wanted:
        if scope not in SCOPES:
            raise InvalidInput(f"No scope {scope!r}. Scopes: {', '.join(SCOPES)}.")
    if not wanted or not name.strip():
        raise InvalidInput("A key has a name and at least one scope.")
    if not 0 < per_second <= MOST_PER_SECOND:
        raise InvalidInput(f"{per_second!r} requests a second; write 1 to {MOST_PER_SECOND:g}.")
    # One text for one moment: the audit holds it as it is stored.
    expires_at = None if expires_at is None else expires_at.astimezone(UTC)
    number, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.ADMINISTER)
        work.execute(
            sa.insert(api_keys).values(
                id=number, name=name.strip()[:LONGEST_NAME], secret_digest=_digest(secret),
                scopes=list(wanted), per_second=per_second, created_by=person.id, created_at=now,
                expires_at=expires_at,
            )
        )  # fmt: skip
        body = {
            "scopes": wanted, "per_second": per_second, "expires_at": expires_at,
            "digest": _digest(secret),
        }  # fmt: skip
        audit.record(work, stores.seal, person, at=now, kind="api_key.created", subject=number,
                     body=body)  # fmt: skip
        return NewKey(key=_found(work, number), text=f"qm_{number}_{secret}")


def list_api_keys(stores: Stores) -> tuple[ApiKey, ...]:
    """Every key, newest first; those revoked as well."""
    query = sa.select(api_keys).order_by(api_keys.c.created_at.desc(), api_keys.c.id)
    with stores.database.read() as look:
        return tuple(_key(row) for row in look.execute(query).mappings())


def revoke_api_key(stores: Stores, number: str, *, person: Person, now: datetime) -> bool:
    """From now on the key opens nothing; False when it was revoked before."""
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.ADMINISTER)
        if _found(work, number).revoked_at is not None:
            return False
        values = {"revoked_at": now, "revoked_by": person.id}
        work.execute(sa.update(api_keys).where(api_keys.c.id == number).values(values))
        audit.record(work, stores.seal, person, at=now, kind="api_key.revoked", subject=number,
                     body={})  # fmt: skip
        return True


def open_with(look: sa.Connection, text: str, now: datetime) -> ApiKey | None:
    """The key that this text opens with; None for a text that is no key, or no longer one."""
    parts = _KEY.fullmatch(text)
    if parts is None:
        return None
    number, secret = parts.groups()
    row = look.execute(sa.select(api_keys).where(api_keys.c.id == number)).mappings().one_or_none()
    # The same work for an id that is not there: an answer's time tells nothing.
    known = row["secret_digest"] if row else _digest("")
    if not hmac.compare_digest(known, _digest(secret)) or row is None:
        return None
    key = _key(row)
    return key if key.is_good(now) else None


def require_scope(key: ApiKey, scope: Scope) -> None:
    if scope not in key.scopes:
        raise NotAllowed(
            f"The key {key.name!r} may {', '.join(key.scopes)}, not {scope}. Make another with: "
            f"qm api-key create NAME --scope {scope}"
        )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _found(look: sa.Connection, number: str) -> ApiKey:
    query = sa.select(api_keys).where(api_keys.c.id == number)
    row = look.execute(query).mappings().one_or_none()
    if row is None:
        names = look.execute(sa.select(api_keys.c.id).limit(5)).scalars().all()
        raise UnknownName("API key", number, names)
    return _key(row)


def _key(row: sa.RowMapping) -> ApiKey:
    return ApiKey(
        id=row["id"], name=row["name"], scopes=tuple(row["scopes"]), per_second=row["per_second"],
        created_by=row["created_by"], created_at=row["created_at"], expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
    )  # fmt: skip
