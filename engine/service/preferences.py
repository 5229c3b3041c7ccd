"""What a person wants their answers narrowed to by themselves: a place, a category, a currency.

Everybody sets their own and nobody another's. It changes what is shown first, never what is
planned, allowed or counted; each change is sealed in the audit.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from engine.errors import InvalidInput
from engine.model.people import Person
from engine.service import audit
from engine.service.company import company_profile
from engine.service.stores import Stores
from engine.store.tables.preferences import preferences

Preference = Literal["location", "category", "currency"]


def preferences_of(look: sa.Connection, person_id: str) -> dict[str, str]:
    """By name; what was never set is absent."""
    query = sa.select(preferences.c.name, preferences.c.value).where(
        preferences.c.person_id == person_id
    )
    return {row.name: row.value for row in look.execute(query.order_by(preferences.c.name))}


def set_preference(
    stores: Stores, name: Preference, value: str | None, *, person: Person, now: datetime
) -> Mapping[str, str]:
    """Set the person's own preference, or drop it with None; returns all that hold from now on.

    The caller has checked that a location or category is there. Raises InvalidInput for a currency
    in which no figure is kept.
    """
    with stores.database.write() as work:
        audit.take_turn(work)
        if name == "currency" and value is not None:
            _require_base(work, value)
        before = preferences_of(work, person.id)
        if before.get(name) != value:
            own = (preferences.c.person_id == person.id) & (preferences.c.name == name)
            work.execute(sa.delete(preferences).where(own))
            if value is not None:
                row = {"person_id": person.id, "name": name, "value": value, "at": now}
                work.execute(sa.insert(preferences).values(row))
            body = {"name": name, "before": before.get(name), "value": value}
            audit.record(
                work, stores.seal, person, at=now, kind="preference.set", subject=person.id,
                body=body,
            )  # fmt: skip
        return preferences_of(work, person.id)


def _require_base(look: sa.Connection, currency: str) -> None:
    company = company_profile(look)
    if company is not None and company.base_currency != currency:
        raise InvalidInput(
            f"Figures are kept in {company.base_currency}, and shown in it: in {currency} they "
            "would change with each day's rate. Orders are in their supplier's currency anyway."
        )
