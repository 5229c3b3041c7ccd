"""Standing in: somebody who may approve lends that to another person for some days.

Only one's own authority can be lent, and only to approve. Lending is a decision: it takes an
identity that is proof enough to approve, and it is sealed in the audit like one.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from engine.errors import IllegalTransition, InvalidInput, UnknownName
from engine.model.people import Person, Right
from engine.purchase.policy import Policy
from engine.purchase.rules import StandIn
from engine.service import audit, conversation, people
from engine.service.company import local_day
from engine.service.delegation_facts import sealed_terms, subject_of
from engine.service.rights import require_decider, require_right
from engine.service.stores import Stores
from engine.store.tables.delegations import delegations

LONGEST = timedelta(days=366)
LONGEST_REASON = 300
State = Literal["to come", "in force", "over", "taken back"]


@dataclass(frozen=True, kw_only=True)
class Delegation:
    """One person standing in for another, on both days and those between."""

    id: int
    giver: str
    taker: str
    first_day: date
    last_day: date
    reason: str
    state: State


def lend(
    stores: Stores,
    *,
    taker: str,
    first_day: date,
    last_day: date,
    reason: str,
    person: Person,
    now: datetime,
) -> Delegation:
    """Let `taker` (a person's id) approve in place of `person` from one day to another.

    Raises NotAllowed for who may not approve, UnknownName, and InvalidInput for days that make no
    sense or a reason that says nothing.
    """
    with stores.database.write() as work:
        audit.take_turn(work)
        policy = require_right(work, person, Right.APPROVE)
        require_decider(work, person, policy)
        known = [member.id for member in policy.members]
        if taker not in known:
            raise UnknownName("person", taker, known)
        _require_sense(person, taker, first_day, last_day, reason, local_day(work, now))
        values = {
            "giver": person.id, "taker": taker, "first_day": first_day, "last_day": last_day,
            "reason": reason.strip()[:LONGEST_REASON], "at": now,
        }  # fmt: skip
        inserted = sa.insert(delegations).values(values).returning(delegations)
        row = work.execute(inserted).one()
        audit.record(
            work, stores.seal, person, at=now, kind="delegation.lent", subject=subject_of(row.id),
            body=sealed_terms(row),
        )  # fmt: skip
        _tell(work, policy, row, "lent", now)
        return _delegation(row, local_day(work, now))


def take_back(stores: Stores, number: int, *, person: Person, now: datetime) -> Delegation:
    """End a delegation at once; whoever lent it may, and whoever administers."""
    with stores.database.write() as work:
        audit.take_turn(work)
        row = work.execute(sa.select(delegations).where(delegations.c.id == number)).one_or_none()
        if row is None:
            raise UnknownName("delegation", str(number))
        if row.giver != person.id:
            require_right(work, person, Right.ADMINISTER)
        policy = people.policy_in_force(work)
        today = local_day(work, now)
        before = _delegation(row, today)
        if before.state in ("over", "taken back"):
            raise IllegalTransition(f"Delegation {number}", before.state, "taken back", [])
        work.execute(
            sa.update(delegations)
            .where(delegations.c.id == number)
            .values(ended_by=person.id, ended_at=now)
        )
        audit.record(
            work, stores.seal, person, at=now, kind="delegation.taken_back",
            subject=subject_of(number), body={},
        )  # fmt: skip
        row = work.execute(sa.select(delegations).where(delegations.c.id == number)).one()
        _tell(work, policy, row, "taken back", now)
        return _delegation(row, today)


def _tell(work: sa.Connection, policy: Policy, row: sa.Row[Any], what: str, now: datetime) -> None:
    """Both of them learn of a loan, and whoever administers."""
    able = [m.id for m in policy.members if Right.ADMINISTER in policy.rights_of(m.id)]
    for person in sorted({row.giver, row.taker, *able}):
        conversation.tell(
            work, key=f"loan:{row.id}:{what}:{person}", person_id=person, kind="loan",
            payload={"loan": row.id}, now=now,
        )  # fmt: skip


def listed(stores: Stores, *, now: datetime) -> tuple[Delegation, ...]:
    """Every delegation, the newest first."""
    with stores.database.read() as look:
        today = local_day(look, now)
        rows = look.execute(sa.select(delegations).order_by(delegations.c.id.desc())).all()
    return tuple(_delegation(row, today) for row in rows)


def stand_ins(look: sa.Connection, now: datetime) -> tuple[StandIn, ...]:
    """Who stands in for whom today, at the company."""
    today, table = local_day(look, now), delegations.c
    query = (
        sa.select(table.giver, table.taker)
        .where(table.first_day <= today, table.last_day >= today, table.ended_at.is_(None))
        .order_by(table.id)
    )
    return tuple(StandIn(giver=row.giver, taker=row.taker) for row in look.execute(query))


def _require_sense(
    person: Person, taker: str, first_day: date, last_day: date, reason: str, today: date
) -> None:
    if taker == person.id:
        raise InvalidInput("Nobody stands in for themselves; name another person.")
    if last_day < first_day or last_day < today:
        raise InvalidInput(
            f"{first_day} to {last_day} is no time to come; name a first and a last day."
        )
    if last_day - first_day > LONGEST:
        raise InvalidInput(
            f"{first_day} to {last_day} is more than a year; a role in the people file is for that."
        )
    if not reason.strip():
        raise InvalidInput("Say why, such as 'on leave'; it stands beside every decision.")


def _delegation(row: sa.Row[Any], today: date) -> Delegation:
    return Delegation(
        id=row.id, giver=row.giver, taker=row.taker, first_day=row.first_day,
        last_day=row.last_day, reason=row.reason, state=_state(row, today),
    )  # fmt: skip


def _state(row: sa.Row[Any], today: date) -> State:
    if row.ended_at is not None:
        return "taken back"
    if today > row.last_day:
        return "over"
    return "in force" if today >= row.first_day else "to come"
