"""Launches that people plan: when an item goes on sale, like which, at whose expense."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd
import sqlalchemy as sa

from engine.errors import InvalidInput, UnknownName
from engine.model.decisions import LAUNCHES
from engine.model.people import Person
from engine.model.people_plans import PlannedLaunch
from engine.service import demand_decisions
from engine.service.demand_decisions import LONGEST_TEXT, DemandDecision
from engine.service.items import catalogue, find_items
from engine.service.reading import latest_run
from engine.service.stores import Stores

FURTHEST = timedelta(days=730)
MOST_UNITS = 1e7


def add_launch(
    stores: Stores, launch: PlannedLaunch, *, person: Person, now: datetime
) -> DemandDecision[PlannedLaunch]:
    """Tell of a launch; the item may be one that no file knows yet.

    A new item needs a category or an analogue, or nothing could be said of its sales. Raises
    UnknownName for an analogue, sibling or place that is not there, InvalidInput for what makes no
    launch, NotAllowed without the right to override.
    """
    wanted = replace(launch, name=launch.name.strip()[:LONGEST_TEXT])
    _require_sense(stores, wanted)
    number = demand_decisions.record(
        stores, "launch", wanted, expires_on=None, person=person, now=now
    )
    return next(each for each in launches(stores, now) if each.id == number)


def launches(stores: Stores, now: datetime) -> tuple[DemandDecision[PlannedLaunch], ...]:
    """Every launch that a person told of, the oldest first."""
    return demand_decisions.listed(stores, "launch", PlannedLaunch, now)


def launches_in_force(look: sa.Connection, day: date) -> pd.DataFrame:
    """Columns engine.model.decisions.LAUNCHES."""
    found = demand_decisions.in_force(look, "launch", PlannedLaunch, day)
    return pd.DataFrame([_row(each.content) for each in found], columns=list(LAUNCHES))


def _row(launch: PlannedLaunch) -> dict[str, object]:
    return {
        "sku": launch.sku,
        "name": launch.name or launch.sku,
        "category": launch.category,
        "location": launch.location,
        "launch_date": pd.Timestamp(launch.launch_on),
        "analogue": launch.analogue,
        "siblings": "|".join(launch.siblings),
        "weekly_units": launch.weekly_units,
    }


def _require_sense(stores: Stores, launch: PlannedLaunch) -> None:
    run = latest_run(stores)
    if not launch.sku.strip():
        raise InvalidInput("A launch needs the code of the item that is launched.")
    if launch.launch_on > run.as_of + FURTHEST:
        raise InvalidInput(f"{launch.launch_on} is more than two years ahead of {run.as_of}.")
    units = launch.weekly_units
    if units is not None and not 0 < units <= MOST_UNITS:
        raise InvalidInput(f"{units:g} units a week are no launch: name more than 0.")
    rows = catalogue(stores, run)
    skus = set(rows["sku"])
    for named in (launch.analogue, *launch.siblings):
        if named and named not in skus:
            raise UnknownName("SKU", named, [m.sku for m in find_items(stores, run, named, 3)])
    places = sorted(set(rows["location"]))
    if launch.location and launch.location not in places:
        raise UnknownName("location", launch.location, places)
    if launch.sku not in skus and not (launch.category or launch.analogue):
        raise InvalidInput(
            f"{launch.sku} is new: say its category, or which item it will sell like."
        )
