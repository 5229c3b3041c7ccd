"""Promotions that people plan: beside those of the files, and known to the next plan."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd
import sqlalchemy as sa

from engine.errors import InvalidInput, UnknownName
from engine.model.decisions import PROMOTIONS
from engine.model.people import Person
from engine.model.people_plans import PlannedPromotion
from engine.service import demand_decisions
from engine.service.demand_decisions import LONGEST_TEXT, DemandDecision
from engine.service.items import catalogue, item_rows
from engine.service.reading import RunHeader, latest_run
from engine.service.stores import Stores

LONGEST = timedelta(days=366)
MOST_DEPTH = 0.95


def add_promotion(
    stores: Stores, promotion: PlannedPromotion, *, person: Person, now: datetime
) -> DemandDecision[PlannedPromotion]:
    """Tell of a promotion; it never expires, because past ones explain what was sold.

    Raises UnknownName for an item, category or place the plan does not hold, InvalidInput for one
    that covers nothing or lasts longer than a year, NotAllowed without the right to override.
    """
    wanted = replace(promotion, name=promotion.name.strip()[:LONGEST_TEXT])
    require_promotion(stores, wanted)
    number = demand_decisions.record(
        stores, "promotion", wanted, expires_on=None, person=person, now=now
    )
    return next(each for each in promotions(stores, now) if each.id == number)


def promotions(stores: Stores, now: datetime) -> tuple[DemandDecision[PlannedPromotion], ...]:
    """Every promotion that a person told of, the oldest first."""
    return demand_decisions.listed(stores, "promotion", PlannedPromotion, now)


def promotions_in_force(look: sa.Connection, day: date) -> pd.DataFrame:
    """Columns engine.model.decisions.PROMOTIONS."""
    found = demand_decisions.in_force(look, "promotion", PlannedPromotion, day)
    rows = [promotion_row(each.content, f"person-{each.id}") for each in found]
    return pd.DataFrame(rows, columns=list(PROMOTIONS))


def promotion_row(promotion: PlannedPromotion, identifier: str) -> dict[str, object]:
    """One row as the contract's promotions table has it; empty texts are missing."""
    return {
        "promotion": identifier,
        "name": promotion.name or None,
        "sku": promotion.sku or None,
        "category": promotion.category or None,
        "location": promotion.location or None,
        "channel": promotion.channel or None,
        "start_date": pd.Timestamp(promotion.start),
        "end_date": pd.Timestamp(promotion.end),
        "kind": promotion.kind,
        "depth": promotion.depth,
    }


def require_promotion(stores: Stores, promotion: PlannedPromotion) -> None:
    """Raise where it names nothing that is sold, or makes no period or cut."""
    if not promotion.start <= promotion.end <= promotion.start + LONGEST:
        raise InvalidInput(
            f"A promotion from {promotion.start} to {promotion.end} is no period of up to a year."
        )
    if promotion.depth is not None and not 0 < promotion.depth <= MOST_DEPTH:
        raise InvalidInput(
            f"A cut of {promotion.depth:.0%} is no promotion: more than 0 %, at most "
            f"{MOST_DEPTH:.0%}."
        )
    if bool(promotion.sku) == bool(promotion.category):
        raise InvalidInput("A promotion is for one item or for one category: name either.")
    _require_known(stores, latest_run(stores), promotion)


def _require_known(stores: Stores, run: RunHeader, promotion: PlannedPromotion) -> None:
    rows = catalogue(stores, run)
    if promotion.sku:
        rows = item_rows(stores, run, promotion.sku)
    else:
        paths = rows["category"].fillna("").astype(str)
        rows = rows[(paths == promotion.category) | paths.str.startswith(f"{promotion.category}/")]
        if rows.empty:
            raise UnknownName("category", promotion.category, sorted(set(paths))[:5])
    places = sorted({str(place) for place in rows["location"]})
    if promotion.location and promotion.location not in places:
        what = promotion.sku or promotion.category
        raise UnknownName("place for", f"{what} at {promotion.location}", places)
