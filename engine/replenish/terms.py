"""At which terms each place can buy."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from engine.kernels.columns import optional_texts, reals, texts, whole
from engine.kernels.currency import rates_on
from engine.kernels.discounts import PriceTiers
from engine.kernels.price_list import stated_tiers
from engine.model.config import PlanConfig
from engine.model.money import MICROS
from engine.model.snapshot import Snapshot
from engine.replenish.places import Places

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the preferred supplier asks for an item."""

    supplier: str
    currency: str
    rate: Decimal  # base currency per unit of `currency`
    tiers: PriceTiers
    case_pack: int
    minimum_units: int
    payment_days: int

    @property
    def unit_cost_micros(self) -> int:
        """Below the first break, in `currency`."""
        return self.tiers.prices_micros[0]

    def base_cost(self) -> float:
        """Undiscounted cost of one unit in base currency."""
        return self.unit_cost_micros / MICROS * float(self.rate)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Per place its offer, or why there is none ("" where it is not to buy at all)."""

    offers: list[Offer | None] = field(repr=False)
    missing: list[str] = field(repr=False)


def terms_of(snapshot: Snapshot, places: Places, config: PlanConfig, as_of: date) -> Terms:
    """The preferred supplier of each active item at each location that buys itself.

    Rank 1 is preferred, then the lower code. A cost that no supplier states is the item's, else
    what `config.default_margin` leaves of the price. Where no table says who sells what, the
    first supplier sells everything. Freight and duty are not in the cost yet.
    """
    preferred = _preferred(snapshot)
    suppliers = _suppliers(snapshot)
    rates = rates_on(snapshot["fx_rates"], as_of, snapshot.company.base_currency)
    offers: list[Offer | None] = []
    missing: list[str] = []
    for i, sku in enumerate(places.sku):
        offer, why = None, ""
        if places.active[i] and places.source[i] < 0:
            listing = preferred.get(sku) or _only_supplier(preferred, suppliers)
            if listing is None:
                why = "no supplier"
            else:
                fallback = places.unit_cost[i]
                if np.isnan(fallback):
                    fallback = places.price[i] * (1 - config.default_margin)
                offer, why = _offer(listing, suppliers, rates, float(fallback), snapshot)
        offers.append(offer)
        missing.append(why)
    return Terms(offers=offers, missing=missing)


@dataclass(frozen=True, kw_only=True)
class _Listing:
    """A row of supplier_items."""

    supplier: str
    cost_micros: int | None
    tiers: str | None
    tier_kind: str | None
    case_pack: int
    minimum_units: int


@dataclass(frozen=True, kw_only=True)
class _Supplier:
    currency: str | None
    payment_days: int


def _preferred(snapshot: Snapshot) -> dict[str, _Listing]:
    items = snapshot["supplier_items"].sort_values(["sku", "rank", "supplier"], kind="stable")
    best = items.drop_duplicates("sku")
    cost = reals(best, "unit_cost_micros")
    rows = zip(
        texts(best, "sku"), texts(best, "supplier"), cost, optional_texts(best, "tiers"),
        optional_texts(best, "tier_kind"), whole(best, "case_pack", 1),
        whole(best, "minimum_units", 1), strict=True,
    )  # fmt: skip
    return {
        sku: _Listing(
            supplier=supplier,
            cost_micros=None if np.isnan(each) or each <= 0 else int(each),
            tiers=tiers,
            tier_kind=kind,
            case_pack=max(int(pack), 1),
            minimum_units=max(int(minimum), 1),
        )
        for sku, supplier, each, tiers, kind, pack, minimum in rows
    }


def _suppliers(snapshot: Snapshot) -> dict[str, _Supplier]:
    rows = snapshot["suppliers"]
    return {
        supplier: _Supplier(currency=currency, payment_days=max(int(days), 0))
        for supplier, currency, days in zip(
            texts(rows, "supplier"),
            optional_texts(rows, "currency"),
            whole(rows, "payment_days"),
            strict=True,
        )
    }


def _only_supplier(
    preferred: dict[str, _Listing], suppliers: dict[str, _Supplier]
) -> _Listing | None:
    if preferred or not suppliers:
        return None
    return _Listing(
        supplier=min(suppliers), cost_micros=None, tiers=None, tier_kind=None,
        case_pack=1, minimum_units=1,
    )  # fmt: skip


def _offer(
    listing: _Listing,
    suppliers: dict[str, _Supplier],
    rates: dict[str, Decimal],
    fallback_cost: float,
    snapshot: Snapshot,
) -> tuple[Offer | None, str]:
    """The offer, or why it cannot be bought at."""
    base = snapshot.company.base_currency
    supplier = suppliers.get(listing.supplier, _Supplier(currency=None, payment_days=0))
    currency = supplier.currency or base
    if currency not in rates:
        return None, f"no exchange rate for {currency}"
    rate = rates[currency]
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
        payment_days=supplier.payment_days,
    ), ""
