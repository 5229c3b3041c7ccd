"""A colleague, by the words that people use for them."""

from dataclasses import dataclass

import sqlalchemy as sa

from engine.errors import Ambiguous, UnknownName
from engine.service.people import best_match
from engine.service.stores import Stores
from engine.store.tables.people import people


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who may be given work; no identity, and no rights."""

    id: str
    name: str


def colleague(stores: Stores, said: str) -> Colleague:
    """Whoever is called so: by id, name, first name or role.

    Raises UnknownName with those there are, Ambiguous where several fit.
    """
    with stores.database.read() as look:
        rows = look.execute(sa.select(people).where(people.c.active).order_by(people.c.id)).all()
    found = best_match(rows, said.strip().casefold())
    if not found:
        raise UnknownName("person", said, [row.name for row in rows])
    if len(found) > 1:
        raise Ambiguous("person", said, [row.name for row in found])
    return Colleague(id=found[0].id, name=found[0].name)
