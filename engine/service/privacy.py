"""What is kept of a person, and forgetting it. Decisions stay, under an id that names nobody.

The audit holds ids, amounts and digests only, so it verifies before and after. What people gave as
reasons for decisions belongs to the decisions and stays with them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.errors import UnknownName
from engine.model.people import Person, Right
from engine.service import audit
from engine.service.chat_records import delete_heard_of, delete_turns, sender, turns_of
from engine.service.order_facts import identity_digest
from engine.service.preferences import preferences_of
from engine.service.rights import require_right
from engine.service.stores import Stores
from engine.store.tables.conversation import facts, notices, turns
from engine.store.tables.people import people, slack_identities
from engine.store.tables.preferences import preferences
from engine.store.tables.surfaces import feedback, inbox

FORGOTTEN = "(forgotten)"
EVENT = "person.forgotten"
USERS_OWN = 0  # call ordinal of the figures in the person's own message


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """How much went; `turn_ids` so that what else keeps turns can let them go."""

    person_id: str
    turn_ids: tuple[str, ...]
    heard: int  # messages as chat surfaces sent them
    is_in_policy: bool  # the people file still names them


def export(stores: Stores, person_id: str, *, by: Person) -> dict[str, Any]:
    """Everything that is kept of a person, as plain JSON. Takes the right to administer, or self.

    Raises UnknownName, NotAllowed.
    """
    with stores.database.read() as look:
        if by.id != person_id:
            require_right(look, by, Right.ADMINISTER)
        row = _row(look, person_id)
        users = _users(look, person_id)
        heard = look.execute(sa.select(inbox.c.payload, inbox.c.created_at)).all()
        return {
            "person": {"id": row.id, "name": row.name, "email": row.email, "os_user": row.os_user,
                       "roles": list(row.roles), "is_active": row.active},
            "preferences": preferences_of(look, person_id),
            "slack": [{"team": team, "user": user} for team, user in sorted(users)],
            "said": [_said(look, turn) for turn in turns_of(look, person_id)],
            "told": [
                {"kind": each.kind, "payload": each.payload, "at": each.created_at.isoformat()}
                for each in look.execute(
                    sa.select(notices).where(notices.c.person_id == person_id)
                    .order_by(notices.c.id)
                )
            ],
            "heard": [
                {"message": each.payload, "at": each.created_at.isoformat()}
                for each in heard if sender(each.payload) in users
            ],
            "judged": [
                {"turn": each.turn_id, "verdict": each.verdict}
                for each in look.execute(
                    sa.select(feedback).where(feedback.c.person_id == person_id)
                )
            ],
        }  # fmt: skip


def forget(stores: Stores, person_id: str, *, by: Person, now: datetime) -> Forgotten:
    """Delete what a person said and who they are; they can no longer act. Takes administering.

    One transaction, sealed in the audit. May be repeated. Raises UnknownName, NotAllowed.
    """
    with stores.database.write() as work:
        audit.take_turn(work)
        policy = require_right(work, by, Right.ADMINISTER)
        _row(work, person_id)
        said, users = turns_of(work, person_id), _users(work, person_id)
        delete_turns(work, said)
        heard = delete_heard_of(work, users)
        for table in (notices, feedback, preferences):
            work.execute(sa.delete(table).where(table.c.person_id == person_id))
        work.execute(sa.delete(slack_identities).where(slack_identities.c.person_id == person_id))
        work.execute(
            sa.update(people).where(people.c.id == person_id)
            .values(name=FORGOTTEN, email=None, os_user=None, active=False, updated_at=now)
        )  # fmt: skip
        body = {"turns": len(said), "heard": heard, "identities": identity_digest(work)}
        audit.record(work, stores.seal, by, at=now, kind=EVENT, subject=person_id, body=body)
    return Forgotten(
        person_id=person_id, turn_ids=said, heard=heard,
        is_in_policy=any(member.id == person_id for member in policy.members),
    )  # fmt: skip


def _row(look: sa.Connection, person_id: str) -> sa.Row[Any]:
    row = look.execute(sa.select(people).where(people.c.id == person_id)).one_or_none()
    if row is None:
        known = look.execute(sa.select(people.c.id).order_by(people.c.id)).scalars().all()
        raise UnknownName("person", person_id, known)
    return row


def _users(look: sa.Connection, person_id: str) -> frozenset[tuple[str, str]]:
    table = slack_identities
    rows = look.execute(
        sa.select(table.c.team_id, table.c.user_id).where(table.c.person_id == person_id)
    )
    return frozenset((row.team_id, row.user_id) for row in rows)


def _said(look: sa.Connection, turn_id: str) -> dict[str, Any]:
    turn = look.execute(sa.select(turns).where(turns.c.id == turn_id)).one()
    own = sa.select(facts.c.value).where(
        facts.c.turn_id == turn_id, facts.c.call_ordinal == USERS_OWN
    )
    return {
        "turn": turn.id, "at": turn.asked_at.isoformat(), "text": turn.text,
        "figures": list(look.execute(own).scalars()), "answer": turn.answer,
    }  # fmt: skip
