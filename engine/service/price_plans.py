"""Regular prices that people plan to change."""

from datetime import date, datetime, timedelta

import pandas as pd
import sqlalchemy as sa

from engine.errors import InvalidInput, UnknownName
from engine.model.decisions import PRICES
from engine.model.people import Person
from engine.model.people_plans import PlannedPrice
from engine.service import demand_decisions
from engine.service.demand_decisions import DemandDecision
from engine.service.items import item_rows
from engine.service.reading import latest_run
from engine.service.stores import Stores

# Beyond a factor of five either way it is another product, or a slip of the keyboard.
MOST_CHANGE = 5.0


def add_price(
    stores: Stores, price: PlannedPrice, *, person: Person, now: datetime
) -> DemandDecision[PlannedPrice]:
    """Tell of a price from a day on; raises UnknownName, InvalidInput and NotAllowed."""
    require_price(stores, price)
    expires = price.end and price.end + timedelta(days=1)
    number = demand_decisions.record(
        stores, "price", price, expires_on=expires, person=person, now=now
    )
    return next(each for each in prices(stores, now) if each.id == number)


def prices(stores: Stores, now: datetime) -> tuple[DemandDecision[PlannedPrice], ...]:
    """Every price that a person told of, the oldest first."""
    return demand_decisions.listed(stores, "price", PlannedPrice, now)


def prices_in_force(look: sa.Connection, day: date) -> pd.DataFrame:
    """Columns engine.model.decisions.PRICES."""
    found = demand_decisions.in_force(look, "price", PlannedPrice, day)
    return pd.DataFrame([price_row(each.content) for each in found], columns=list(PRICES))


def price_row(price: PlannedPrice) -> dict[str, object]:
    return {
        "sku": price.sku,
        "location": price.location or None,
        "start_date": pd.Timestamp(price.start),
        "end_date": pd.NaT if price.end is None else pd.Timestamp(price.end),
        "price_micros": price.price_micros,
    }


def require_price(stores: Stores, price: PlannedPrice) -> None:
    """Raise where it names nothing that is sold, makes no period, or is out of all proportion."""
    rows = item_rows(stores, latest_run(stores), price.sku)
    places = [str(place) for place in rows["location"]]
    if price.location and price.location not in places:
        raise UnknownName("place for", f"{price.sku} at {price.location}", places)
    if price.end is not None and price.end < price.start:
        raise InvalidInput(f"A price from {price.start} to {price.end} holds on no day.")
    now = int(rows["price_micros"].iloc[0])
    if not now / MOST_CHANGE <= price.price_micros <= now * MOST_CHANGE:
        raise InvalidInput(
            f"{price.price_micros / 1e6:g} is out of proportion to the price of {now / 1e6:g}; "
            "is the amount right?"
        )
