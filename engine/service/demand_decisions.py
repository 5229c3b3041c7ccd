"""What people decide about demand: recorded, withdrawn, expired; never changed.

Every kind of decision (an override, a planned promotion, a launch, a price, a correction undone)
is a frozen dataclass kept as canonical text. Whoever has the right to override may record and
withdraw, their own and others' decisions alike; both are sealed in the audit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

import sqlalchemy as sa

from engine.errors import IllegalTransition, InvalidInput, UnknownName
from engine.model.canonical import canonical_json
from engine.model.people import Person, Right
from engine.service import audit
from engine.service.company import order_day
from engine.service.rights import require_right
from engine.service.stores import Stores
from engine.store.content import read_content, text_digest
from engine.store.tables.demand import demand_decisions, demand_withdrawals

DecisionKind = Literal["override", "promotion", "launch", "price", "correction"]
DecisionState = Literal["in force", "expired", "withdrawn"]
LONGEST_TEXT = 300  # characters of a reason
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class DemandDecision(Generic[T]):
    """One decision with its content; `state` is that of the day it was read for."""

    id: int
    kind: DecisionKind
    content: T
    author: str  # id of the person
    at: datetime
    expires_on: date | None
    state: DecisionState
    withdrawn_by: str | None = None


def subject_of(decision_id: int) -> str:
    """How the audit names a decision."""
    return f"demand:{decision_id}"


def require_may_decide(stores: Stores, person: Person) -> None:
    """Raise NotAllowed, naming who may, before anything costly is computed for a person."""
    with stores.database.read() as look:
        require_right(look, person, Right.OVERRIDE)


def record(
    stores: Stores,
    kind: DecisionKind,
    content: object,
    *,
    expires_on: date | None,
    person: Person,
    now: datetime,
) -> int:
    """Store a decision and return its number; raises NotAllowed, naming who may."""
    text = canonical_json(content)
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.OVERRIDE)
        if expires_on is not None and expires_on <= order_day(work, now):
            raise InvalidInput(
                f"It would end on {expires_on}, which has passed: name a day that is still to come."
            )
        values = {"kind": kind, "content": text, "author": person.id, "at": now,
                  "expires_on": expires_on}  # fmt: skip
        inserted = sa.insert(demand_decisions).values(values).returning(demand_decisions.c.id)
        number: int = work.execute(inserted).scalar_one()
        audit.record(
            work, stores.seal, person, at=now, kind="demand.decided", subject=subject_of(number),
            body={"kind": kind, "digest": text_digest(text),
                  "expires_on": expires_on and expires_on.isoformat()},
        )  # fmt: skip
    return number


def withdraw(
    stores: Stores, number: int, *, person: Person, now: datetime, reason: str | None = None
) -> None:
    """Take a decision back: from the next plan on it does not count.

    Raises UnknownName, NotAllowed, and IllegalTransition for one that no longer counts anyway.
    """
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, Right.OVERRIDE)
        row = work.execute(_with_withdrawals(demand_decisions.c.id == number)).one_or_none()
        if row is None:
            raise UnknownName("decision", str(number))
        state = _state(row, order_day(work, now))
        if state != "in force":
            raise IllegalTransition(f"Decision {number}", state, "withdrawn", [])
        said = (reason or "")[:LONGEST_TEXT] or None
        work.execute(
            sa.insert(demand_withdrawals).values(
                decision_id=number, author=person.id, at=now, reason=said
            )
        )
        audit.record(
            work, stores.seal, person, at=now, kind="demand.withdrawn", subject=subject_of(number),
            body={"reason": said and text_digest(said)},
        )  # fmt: skip


def listed(
    stores: Stores, kind: DecisionKind, content: type[T], now: datetime
) -> tuple[DemandDecision[T], ...]:
    """Every decision of a kind, the oldest first, whatever has become of it."""
    with stores.database.read() as look:
        day = order_day(look, now)
        rows = look.execute(_with_withdrawals(demand_decisions.c.kind == kind)).all()
    return tuple(_decision(row, content, day) for row in rows)


def in_force(
    look: sa.Connection, kind: DecisionKind, content: type[T], day: date
) -> Sequence[DemandDecision[T]]:
    """The decisions of a kind that count on a day, the oldest first."""
    rows = look.execute(_with_withdrawals(demand_decisions.c.kind == kind)).all()
    return [_decision(row, content, day) for row in rows if _state(row, day) == "in force"]


def _with_withdrawals(wanted: sa.ColumnElement[bool]) -> sa.Select[Any]:
    decided, taken = demand_decisions, demand_withdrawals
    return (
        sa.select(decided, taken.c.author.label("withdrawn_by"))
        .outerjoin(taken, taken.c.decision_id == decided.c.id)
        .where(wanted)
        .order_by(decided.c.id)
    )


def _state(row: sa.Row[Any], day: date) -> DecisionState:
    if row.withdrawn_by is not None:
        return "withdrawn"
    return "expired" if row.expires_on is not None and row.expires_on <= day else "in force"


def _decision(row: sa.Row[Any], content: type[T], day: date) -> DemandDecision[T]:
    return DemandDecision(
        id=row.id,
        kind=row.kind,
        content=read_content(content, row.content),
        author=row.author,
        at=row.at,
        expires_on=row.expires_on,
        state=_state(row, day),
        withdrawn_by=row.withdrawn_by,
    )
