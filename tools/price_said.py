"""A price as a person says it: what it becomes, or by how much it goes up or down."""

from typing import Annotated, Literal

from pydantic import Field

from engine.errors import InvalidInput
from engine.model.money import Money, exponent, to_micros
from engine.model.people_plans import PlannedPrice
from engine.service.reading import RunHeader
from tools.cells import whole
from tools.context import ToolContext
from tools.ledger import Ledger
from tools.names import names_of
from tools.places import places_of
from tools.shares import SAID, Change, share_of
from tools.tool import Arguments

Minor = Annotated[int, Field(gt=0)]
_SIGNS = {"raise": 1.0, "lower": -1.0}


class PriceSaid(Arguments):
    """Arguments that several tools share; exactly one of the three amounts is given."""

    direction: Literal["raise", "lower", "set"] = Field(
        default="set", description="price: raise or lower it by a change, or set it to an amount"
    )
    price_minor: Minor | None = Field(
        default=None, description="the new regular price, minor units of the base currency"
    )
    change_basis_points: Change | None = Field(
        default=None, description=f"raise or lower the price by this, {SAID}"
    )
    change_minor: Minor | None = Field(
        default=None, description="raise or lower the price by this, minor units"
    )

    def says_price(self) -> bool:
        amounts = (self.price_minor, self.change_basis_points, self.change_minor)
        return self.direction != "set" or any(said is not None for said in amounts)


def price_wanted(
    said: PriceSaid, context: ToolContext, run: RunHeader, *, sku: str, location: str
) -> int:
    """The new price in micros, to the minor unit as a shop would ask it.

    Raises InvalidInput where the words make no price, or where a change would start from
    different prices in different places.
    """
    given = (said.price_minor, said.change_basis_points, said.change_minor)
    if sum(each is not None for each in given) != 1:
        raise InvalidInput("Say one thing of the price: what it becomes, a percentage, or by how "
                           "much it changes.")  # fmt: skip
    if (said.price_minor is None) == (said.direction == "set"):
        raise InvalidInput("A price is set to an amount, or raised or lowered by a change: say "
                           "either.")  # fmt: skip
    if said.price_minor is not None:
        return _micros(said.price_minor, run.currency)
    now = price_now(context, run, sku=sku, location=location)
    minor = _minor(now, run.currency)
    change = said.change_minor
    if change is None:
        change = minor * share_of(said.change_basis_points or 0)
    wanted = round(minor + _SIGNS[said.direction] * change)
    if wanted <= 0:
        raise InvalidInput(f"The price of {sku} cannot be lowered by as much as it is.")
    return _micros(wanted, run.currency)


def price_now(context: ToolContext, run: RunHeader, *, sku: str, location: str) -> int:
    """The regular price today, in micros; raises InvalidInput where places differ in it."""
    rows = places_of(context, run, sku, location or None)
    prices = {whole(row["price_micros"]) for row in rows}
    if len(prices) > 1:
        raise InvalidInput(
            f"{sku} does not cost the same everywhere: name one location, or the price it goes to."
        )
    return prices.pop()


def add_price_now(
    ledger: Ledger, said: PriceSaid, context: ToolContext, run: RunHeader, plan: PlannedPrice
) -> None:
    """What a change starts from: fact `plan.price_now`; nothing where the price itself is said."""
    if said.direction != "set":
        micros = price_now(context, run, sku=plan.sku, location=plan.location)
        item = names_of(context.stores, run).item(plan.sku)
        ledger.add("plan.price_now", micros, "unit_price", "price today", item)


def _minor(micros: int, currency: str) -> float:
    return micros / 10 ** (6 - exponent(currency))


def _micros(minor: int, currency: str) -> int:
    return to_micros(Money(minor=minor, currency=currency).decimal())
