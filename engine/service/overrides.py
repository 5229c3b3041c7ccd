"""Forecasts that people set: who may, what makes sense, and what a plan is given of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd
import sqlalchemy as sa

from engine.errors import InvalidInput, UnknownName
from engine.model.decisions import OVERRIDES
from engine.model.people import Person
from engine.model.people_plans import Override
from engine.service import demand_decisions
from engine.service.demand_decisions import LONGEST_TEXT, DemandDecision
from engine.service.items import item_rows
from engine.service.reading import latest_run
from engine.service.stores import Stores

# Nobody knows better for ever: what has no end is looked at again after a quarter.
REVIEW_AFTER = timedelta(days=91)
DAYS = {"week": 7.0, "day": 1.0}
MOST_FACTOR = 20.0
MOST_UNITS = 1e8
LONGEST_DAYS = 730


def add_override(
    stores: Stores,
    override: Override,
    *,
    expires_on: date | None = None,
    person: Person,
    now: datetime,
) -> DemandDecision[Override]:
    """Set a forecast; it counts from the next plan on, until its end or `expires_on`.

    Raises UnknownName for an item or place the plan does not hold, InvalidInput for what makes no
    forecast, NotAllowed without the right to override.
    """
    wanted = replace(override, reason=override.reason.strip()[:LONGEST_TEXT])
    require_override(stores, wanted)
    end = wanted.end and wanted.end + timedelta(days=1)
    first = max(wanted.start, latest_run(stores).as_of)
    until = expires_on or end or first + REVIEW_AFTER
    number = demand_decisions.record(
        stores, "override", wanted, expires_on=min(until, end or until), person=person, now=now
    )
    return next(each for each in overrides(stores, now) if each.id == number)


def overrides(stores: Stores, now: datetime) -> tuple[DemandDecision[Override], ...]:
    """Every override, the oldest first, whatever has become of it."""
    return demand_decisions.listed(stores, "override", Override, now)


def overrides_in_force(look: sa.Connection, day: date) -> pd.DataFrame:
    """Columns engine.model.decisions.OVERRIDES, in the order in which they were set.

    Units become those of the whole period; what has no end ends when it expires.
    """
    found = demand_decisions.in_force(look, "override", Override, day)
    return pd.DataFrame([_row(each) for each in found], columns=list(OVERRIDES))


def applied(proposed: Sequence[Override], author: str) -> pd.DataFrame:
    """Overrides that are only tried, as a plan would be given them; each has an end."""
    rows = [_values(each, each.end or each.start + REVIEW_AFTER) for each in proposed]
    named = [{"id": 0, **row, "author": author} for row in rows]
    return pd.DataFrame(named, columns=list(OVERRIDES))


def _row(decision: DemandDecision[Override]) -> dict[str, object]:
    override = decision.content
    assert decision.expires_on is not None  # noqa: S101  add_override always sets it
    last = override.end or decision.expires_on - timedelta(days=1)
    return {"id": decision.id, **_values(override, last), "author": decision.author}


def _values(override: Override, last: date) -> dict[str, object]:
    days = (last - override.start).days + 1
    times = days / DAYS[override.per] if override.per in DAYS else 1.0
    return {
        "sku": override.sku,
        "location": override.location,
        "start_date": pd.Timestamp(override.start),
        "end_date": pd.Timestamp(last),
        "factor": override.factor,
        "units": _times(override.units, times),
        "low": _times(override.low, times),
        "high": _times(override.high, times),
        "reason": override.reason,
    }


def _times(units: float | None, times: float) -> float | None:
    return None if units is None else units * times


def require_override(stores: Stores, override: Override) -> None:
    """Raise where it is no forecast, or of nothing that is planned."""
    _require_sense(override)
    _require_known(stores, override)


def _require_sense(override: Override) -> None:
    end = override.end
    if end is not None and not override.start <= end <= override.start + timedelta(LONGEST_DAYS):
        raise InvalidInput(
            f"An override from {override.start} to {end} is no period of up to two years."
        )
    given = [override.factor is not None, override.units is not None, override.low is not None]
    if sum(given) != 1 or (override.low is None) != (override.high is None):
        raise InvalidInput("Say one thing: a percentage, a number of units, or from how many to "
                           "how many.")  # fmt: skip
    if override.per == "period" and override.factor is None and end is None:
        raise InvalidInput("Say until when those units are meant, or how many a week.")
    _require_size(override)


def _require_size(override: Override) -> None:
    factor, low, high = override.factor, override.low, override.high
    if factor is not None and not 0 <= factor <= MOST_FACTOR:
        raise InvalidInput(
            f"A forecast times {factor:g} is not possible: between 0 and {MOST_FACTOR:g}."
        )
    for units in (override.units, low, high):
        if units is not None and not 0 <= units <= MOST_UNITS:
            raise InvalidInput(f"{units:g} units are no forecast: name 0 or more.")
    if low is not None and high is not None and low > high:
        raise InvalidInput(f"A range goes from the lower to the higher figure, not {low:g} to "
                           f"{high:g}.")  # fmt: skip


def _require_known(stores: Stores, override: Override) -> None:
    places = [
        str(place) for place in item_rows(stores, latest_run(stores), override.sku)["location"]
    ]
    if override.location and override.location not in places:
        raise UnknownName("place for", f"{override.sku} at {override.location}", places)
