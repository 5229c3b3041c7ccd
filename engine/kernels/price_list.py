"""Price breaks as suppliers write them, `100:11.80|500:10.90`, as tiers to compute with."""

from engine.errors import InvalidInput
from engine.kernels.discounts import PriceTiers, TierKind
from engine.model.money import to_micros


def price_tiers(
    text: str | None, unit_cost_micros: int | None, kind: TierKind = "all_units"
) -> PriceTiers | None:
    """Tiers from a unit cost and the text of the breaks; None where neither is known.

    Below the first break the unit cost holds, or the first break's price where there is none.
    A later price for the same break replaces the earlier. Raises InvalidInput for what is no
    `units:price` list.
    """
    prices = {} if unit_cost_micros is None else {0: unit_cost_micros}
    for part in filter(None, (part.strip() for part in (text or "").split("|"))):
        units, price = _one_break(part, text)
        prices[0 if units <= 1 else units] = price
    if not prices:
        return None
    rising = sorted(prices)
    prices.setdefault(0, prices[rising[0]])
    rising = sorted(prices)
    return PriceTiers(
        breaks=tuple(rising), prices_micros=tuple(prices[b] for b in rising), kind=kind
    )


def stated_tiers(
    text: str | None, unit_cost_micros: float | None, kind: str | None
) -> PriceTiers | None:
    """What a supplier asks for an item, by the one rule of plans and of orders.

    None where no price is stated; a cost that is not above zero is none. Breaks that cannot be
    read, or name such a price, are left aside: then the unit cost holds for every quantity. Prices
    that rise with the quantity hold as stated, so that an order is never dearer than its plan.
    """
    known = unit_cost_micros is not None and unit_cost_micros > 0
    cost = int(unit_cost_micros) if known and unit_cost_micros is not None else None
    tier_kind: TierKind = "incremental" if kind == "incremental" else "all_units"
    flat = None if cost is None else PriceTiers(breaks=(0,), prices_micros=(cost,), kind=tier_kind)
    try:
        tiers = price_tiers(text, cost, tier_kind)
    except InvalidInput:
        return flat
    return flat if tiers is None or min(tiers.prices_micros) <= 0 else tiers


def _one_break(part: str, text: str | None) -> tuple[int, int]:
    units, colon, price = part.partition(":")
    if not colon or not units.strip().isdecimal():
        raise InvalidInput(f"{part!r} in {text!r} is no price break; write units:price.")
    return int(units), to_micros(price.strip())
