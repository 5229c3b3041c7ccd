"""What people take away from a review: an action with an owner and a day, carried until it ends."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa

from engine.errors import InvalidInput, UnknownName
from engine.model.canonical import digest
from engine.model.people import Person, Right
from engine.service import audit, people
from engine.service.company import local_day
from engine.service.rights import require_right
from engine.service.stores import Stores
from engine.store.tables.reviews import review_actions

ActionState = Literal["open", "done", "dropped"]
LONGEST_TEXT = 300
_MAY = (Right.DRAFT, Right.APPROVE, Right.SET_BUDGET)


@dataclass(frozen=True, kw_only=True)
class ReviewAction:
    """`month` is that of the review in which it was taken."""

    id: int
    month: str
    text: str
    owner: str  # id of the person
    due: date
    author: str
    at: datetime
    state: ActionState
    ended_by: str | None
    ended_at: datetime | None
    outcome: str | None

    def is_overdue(self, today: date) -> bool:
        return self.state == "open" and self.due < today


def add_action(
    stores: Stores, *, month: str, text: str, owner: str, due: date, person: Person, now: datetime
) -> ReviewAction:
    """Record an action; raises UnknownName for an owner who is not there, InvalidInput for no text.

    Whoever may draft, approve or set budgets may record and end actions; each is sealed.
    """
    said = " ".join(text.split())[:LONGEST_TEXT]
    if not said:
        raise InvalidInput("An action says what is to be done; write it in a sentence.")
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, *_MAY)
        _require_owner(work, owner)
        if due < local_day(work, now):
            raise InvalidInput(f"{due} has passed; name a day that is still to come.")
        values = {
            "month": month, "text": said, "owner": owner, "due": due, "author": person.id,
            "at": now, "state": "open",
        }  # fmt: skip
        inserted = sa.insert(review_actions).values(values).returning(review_actions.c.id)
        number: int = work.execute(inserted).scalar_one()
        audit.record(
            work, stores.seal, person, at=now, kind="review.action", subject=f"action:{number}",
            body={"month": month, "owner": owner, "due": due.isoformat(), "text": digest(said)},
        )  # fmt: skip
    return action(stores, number)


def end_action(
    stores: Stores, number: int, *, state: Literal["done", "dropped"], outcome: str,
    person: Person, now: datetime,
) -> ReviewAction:  # fmt: skip
    """An action is over; raises UnknownName, and InvalidInput for one that is over already."""
    with stores.database.write() as work:
        audit.take_turn(work)
        require_right(work, person, *_MAY)
        before = _row(work, number)
        if before.state != "open":
            raise InvalidInput(f"Action {number} is {before.state} already; it cannot end twice.")
        said = " ".join(outcome.split())[:LONGEST_TEXT]
        work.execute(
            sa.update(review_actions)
            .where(review_actions.c.id == number, review_actions.c.state == "open")
            .values(state=state, ended_by=person.id, ended_at=now, outcome=said)
        )
        audit.record(
            work, stores.seal, person, at=now, kind=f"review.{state}", subject=f"action:{number}",
            body={"outcome": digest(said)},
        )  # fmt: skip
    return action(stores, number)


def action(stores: Stores, number: int) -> ReviewAction:
    with stores.database.read() as look:
        return _action(_row(look, number))


def actions(stores: Stores, *, since: datetime | None = None) -> tuple[ReviewAction, ...]:
    """Open ones by day; with `since`, those that ended after it as well, after the open ones."""
    table = review_actions.c
    wanted = table.state == "open"
    if since is not None:
        wanted = sa.or_(wanted, table.ended_at > since)
    query = sa.select(review_actions).where(wanted)
    query = query.order_by(sa.case((table.state == "open", 0), else_=1), table.due, table.id)
    with stores.database.read() as look:
        return tuple(_action(row) for row in look.execute(query).all())


def _row(look: sa.Connection, number: int) -> sa.Row[Any]:
    row = look.execute(sa.select(review_actions).where(review_actions.c.id == number)).one_or_none()
    if row is None:
        known = look.execute(sa.select(review_actions.c.id).order_by(review_actions.c.id)).scalars()
        raise UnknownName("action", str(number), [str(each) for each in known][-3:])
    return row


def _require_owner(look: sa.Connection, owner: str) -> None:
    known = people.names(look)
    if owner not in known:
        raise UnknownName("person", owner, sorted(known)[:3])


def _action(row: sa.Row[Any]) -> ReviewAction:
    return ReviewAction(**{name: getattr(row, name) for name in ReviewAction.__dataclass_fields__})
