"""At which terms each place can buy, from each supplier that sells the item."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from engine.kernels.currency import rates_on
from engine.kernels.discounts import PriceTiers
from engine.kernels.price_list import stated_tiers
from engine.model.config import PlanConfig
from engine.model.money import MICROS
from engine.model.snapshot import Snapshot
from engine.replenish.landed import Landing, credit_days
from engine.replenish.listings import Listing, Seller, listings_of, sellers_of
from engine.replenish.places import Places

MOST_OFFERS = 4  # suppliers of an item that are compared; those preferred least are left out


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a supplier asks for an item."""

    supplier: str
    currency: str
    rate: Decimal  # base currency per unit of `currency`
    tiers: PriceTiers
    case_pack: int
    minimum_units: int
    payment_days: int
    deposit_share: float = 0.0  # of the goods, paid with the order
    landing: Landing = field(default_factory=Landing)
    rank: int = 1  # 1 is preferred

    @property
    def unit_cost_micros(self) -> int:
        """Below the first break, in `currency`."""
        return self.tiers.prices_micros[0]

    @property
    def unit_freight(self) -> float:
        """What a unit costs to get here whatever it costs, duty on it included; base currency."""
        return self.landing.per_unit * float(self.rate)

    def base_cost(self) -> float:
        """Undiscounted landed cost of one unit in base currency."""
        price = self.unit_cost_micros / MICROS
        return self.landing.cost(price, 1.0) * float(self.rate)

    def credit_days(self, lead_days: float) -> float:
        """Days after receipt at which the landed cost is paid, on average."""
        price = self.unit_cost_micros / MICROS
        return credit_days(
            goods=price,
            landed=self.landing.cost(price, 1.0),
            deposit_share=self.deposit_share,
            payment_days=self.payment_days,
            lead_days=lead_days,
        )


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Per place its offer, or why there is none ("" where it is not to buy at all)."""

    offers: list[Offer | None] = field(repr=False)
    missing: list[str] = field(repr=False)
    count: NDArray[np.int64] = field(repr=False)  # of suppliers that could be bought from


def ranked_terms(
    snapshot: Snapshot,
    places: Places,
    config: PlanConfig,
    as_of: date,
    shunned: frozenset[str] = frozenset(),
) -> list[Terms]:
    """Terms of the preferred suppliers, then of the second ones, and so on; at least the first.

    Active items at locations that buy themselves; places with fewer suppliers keep their last.
    Rank 1 is preferred, then the lower code; a supplier without an exchange rate, or one of the
    `shunned`, which have never delivered, is passed over.
    A cost that no supplier states is the item's, else what `config.default_margin` leaves of the
    price. Where no table says who sells what, the first supplier sells everything.
    """
    listings, sellers = listings_of(snapshot), sellers_of(snapshot)
    rates = rates_on(snapshot["fx_rates"], as_of, snapshot.company.base_currency)
    alone = [] if listings or not sellers else [Listing(supplier=min(sellers))]
    found: list[list[Offer]] = []
    missing: list[str] = []
    for i, sku in enumerate(places.sku):
        offers: list[Offer] = []
        why = ""
        if places.active[i] and places.source[i] < 0:
            ways = listings.get(sku, alone)
            why = "" if ways else "no supplier"
            for listing in ways[:MOST_OFFERS]:
                seller = sellers.get(listing.supplier, Seller())
                currency = seller.currency or snapshot.company.base_currency
                if listing.supplier in shunned:
                    why = why or "its supplier has never delivered"
                elif currency in rates:
                    landing = _landing(listing, seller, places, i)
                    cost = _fallback_cost(places, i, config)
                    offers.append(_offer(listing, seller, currency, rates[currency], cost, landing))
                else:
                    why = why or f"no exchange rate for {currency}"
        found.append(offers)
        missing.append("" if offers else why)
    depth = max([1, *(len(offers) for offers in found)])
    return [
        Terms(
            offers=[offers[min(k, len(offers) - 1)] if offers else None for offers in found],
            count=np.asarray([len(offers) for offers in found], dtype=np.int64),
            missing=missing,
        )
        for k in range(depth)
    ]


def _landing(listing: Listing, seller: Seller, places: Places, place: int) -> Landing:
    return seller.carriage.landing(
        weight_kg=float(places.weight_kg[place]),
        volume_l=float(places.volume_l[place]),
        unit_freight=listing.unit_freight,
        duty_share=listing.duty_share,
    )


def _fallback_cost(places: Places, place: int, config: PlanConfig) -> float:
    known = float(places.unit_cost[place])
    return float(places.price[place]) * (1 - config.default_margin) if np.isnan(known) else known


def _offer(
    listing: Listing,
    seller: Seller,
    currency: str,
    rate: Decimal,
    fallback_cost: float,
    landing: Landing,
) -> Offer:
    tiers = stated_tiers(listing.tiers, listing.cost_micros, listing.tier_kind)
    if tiers is None:
        cost = max(round(fallback_cost / float(rate) * MICROS), 1)
        tiers = PriceTiers(breaks=(0,), prices_micros=(cost,))
    return Offer(
        supplier=listing.supplier,
        currency=currency,
        rate=rate,
        tiers=tiers,
        case_pack=listing.case_pack,
        minimum_units=listing.minimum_units,
        payment_days=seller.payment_days,
        deposit_share=seller.deposit_share,
        landing=landing,
        rank=listing.rank,
    )
