"""Corrections of demand that people undo, and take up again."""

from dataclasses import replace
from datetime import date, datetime

import pandas as pd
import sqlalchemy as sa

from engine.errors import InvalidInput, UnknownName
from engine.model.decisions import KEPT
from engine.model.people import Person
from engine.model.people_plans import KeepAsRecorded
from engine.service import demand_decisions
from engine.service.correction_tables import corrections_of
from engine.service.demand_decisions import LONGEST_TEXT, DemandDecision
from engine.service.items import item_rows
from engine.service.reading import latest_run
from engine.service.stores import Stores


def reverse(
    stores: Stores,
    keep: KeepAsRecorded,
    *,
    expires_on: date | None = None,
    person: Person,
    now: datetime,
) -> DemandDecision[KeepAsRecorded]:
    """Have demand of these days count as it was recorded, from the next plan on.

    Raises UnknownName for an item or place the plan does not hold, InvalidInput where the plan
    corrects nothing there, NotAllowed without the right to override.
    """
    wanted = replace(keep, reason=keep.reason.strip()[:LONGEST_TEXT])
    if wanted.start > wanted.end:
        raise InvalidInput(f"It would begin on {wanted.start}, after its end on {wanted.end}.")
    _require_corrected(stores, wanted)
    number = demand_decisions.record(
        stores, "correction", wanted, expires_on=expires_on, person=person, now=now
    )
    return next(each for each in reversals(stores, now) if each.id == number)


def restore(
    stores: Stores, number: int, *, person: Person, now: datetime, reason: str | None = None
) -> None:
    """Let the engine correct again what decision `number` kept as recorded."""
    if not any(each.id == number for each in reversals(stores, now)):
        raise UnknownName("reversed correction", str(number))
    demand_decisions.withdraw(stores, number, person=person, now=now, reason=reason)


def reversals(stores: Stores, now: datetime) -> tuple[DemandDecision[KeepAsRecorded], ...]:
    """Every correction ever undone, the oldest first, whatever has become of it."""
    return demand_decisions.listed(stores, "correction", KeepAsRecorded, now)


def kept_in_force(look: sa.Connection, day: date) -> pd.DataFrame:
    """Columns engine.model.decisions.KEPT, in the order in which they were decided."""
    rows = [
        {
            "id": each.id,
            "sku": each.content.sku,
            "location": each.content.location,
            "start_date": pd.Timestamp(each.content.start),
            "end_date": pd.Timestamp(each.content.end),
            "kind": each.content.kind or "",
            "reason": each.content.reason,
            "author": each.author,
        }
        for each in demand_decisions.in_force(look, "correction", KeepAsRecorded, day)
    ]
    return pd.DataFrame(rows, columns=list(KEPT))


def _require_corrected(stores: Stores, keep: KeepAsRecorded) -> None:
    run = latest_run(stores)
    places = [str(place) for place in item_rows(stores, run, keep.sku)["location"]]
    if keep.location and keep.location not in places:
        raise UnknownName("place for", f"{keep.sku} at {keep.location}", places)
    made = corrections_of(stores, run, keep.sku, keep.location or None)
    if not any(
        (keep.kind is None or each.kind == keep.kind)
        and each.start <= keep.end
        and each.end >= keep.start
        for each in made
    ):
        raise InvalidInput(
            f"The plan corrects nothing of {keep.sku} from {keep.start} to {keep.end}"
            f"{f' as {keep.kind}' if keep.kind else ''}: `qm corrections list {keep.sku}` shows "
            "what it does."
        )
