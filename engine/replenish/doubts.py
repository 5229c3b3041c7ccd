"""Terms that cannot be as they are stated."""

from collections import defaultdict
from itertools import pairwise

import numpy as np

from engine.errors import InvalidInput
from engine.kernels.columns import optional_texts, reals, texts, whole
from engine.kernels.price_list import price_tiers
from engine.model.money import exponent
from engine.model.snapshot import Snapshot
from engine.replenish.context import Context
from engine.replenish.landed import BUYER_PAYS_FREIGHT
from engine.replenish.notice import Notice

_FREIGHT = (
    "freight_percent", "freight_per_kg_micros", "freight_per_l_micros", "container_cost_micros"
)  # fmt: skip


def doubts(context: Context, snapshot: Snapshot) -> list[Notice]:
    """Terms of suppliers bought from that are missing or cannot be right, and what counts instead.

    The margin that its items are expected to earn in a week is at stake.
    """
    earned = _weekly_margin(context)
    found = [
        *_lead_times(context, snapshot), *_freight(context, snapshot), *_listings(context, snapshot)
    ]  # fmt: skip
    return [
        Notice(
            code="odd_terms",
            sku=sku,
            supplier=supplier,
            at_stake_minor=round(
                sum(value for key, value in earned.items() if key[0] == supplier)
                if sku is None
                else earned.get((supplier, sku), 0.0)
            ),
            facts={"why": why},
        )
        for supplier, sku, why in found
    ]


def _weekly_margin(context: Context) -> dict[tuple[str, str], float]:
    """By (supplier, sku) of what is bought, minor units."""
    earned = context.weekly_margin * 10 ** exponent(context.currency)
    total: defaultdict[tuple[str, str], float] = defaultdict(float)
    for place, offer in enumerate(context.terms.offers):
        if offer is not None:
            total[offer.supplier, context.places.sku[place]] += float(earned[place])
    return total


def _lead_times(context: Context, snapshot: Snapshot) -> list[tuple[str, str | None, str]]:
    """Suppliers that state no lead time, nor deliver, and those that state none at all to wait."""
    rows = snapshot["suppliers"]
    stated = dict(zip(texts(rows, "supplier"), reals(rows, "lead_time_days"), strict=True))
    by_item = snapshot["supplier_items"]
    own = set(np.asarray(texts(by_item, "supplier"))[~np.isnan(reals(by_item, "lead_time_days"))])
    delivered = set(texts(snapshot["purchase_orders"], "supplier"))
    found: list[tuple[str, str | None, str]] = []
    for supplier in sorted({o.supplier for o in context.terms.offers if o is not None}):
        days = float(stated.get(supplier, np.nan))
        if np.isnan(days) and supplier not in own and supplier not in delivered:
            found.append((supplier, None, "no lead time: the usual one is assumed"))
        elif days == 0:
            found.append((supplier, None, "a lead time of zero: orders arrive on their day"))
    return found


def _freight(context: Context, snapshot: Snapshot) -> list[tuple[str, str | None, str]]:
    """Suppliers whose goods we fetch, and nobody says at what freight."""
    rows, listed = snapshot["suppliers"], snapshot["supplier_items"]
    by_item = np.nan_to_num(reals(listed, "freight_per_unit_micros")) > 0
    stated = set(np.asarray(texts(listed, "supplier"), dtype=object)[by_item])
    for name in _FREIGHT:
        paid = np.nan_to_num(reals(rows, name)) > 0
        stated |= set(np.asarray(texts(rows, "supplier"), dtype=object)[paid])
    terms = dict(zip(texts(rows, "supplier"), optional_texts(rows, "incoterm"), strict=True))
    bought = sorted({o.supplier for o in context.terms.offers if o is not None} - stated)
    return [
        (supplier, None, f"{code} without a freight: its goods are valued as if it cost nothing")
        for supplier, code in ((each, (terms.get(each) or "").upper()) for each in bought)
        if code in BUYER_PAYS_FREIGHT
    ]


def _listings(context: Context, snapshot: Snapshot) -> list[tuple[str, str | None, str]]:
    """Packs, minimums and price breaks that cannot be meant."""
    bought = {
        (offer.supplier, context.places.sku[place])
        for place, offer in enumerate(context.terms.offers)
        if offer is not None
    }
    rows = snapshot["supplier_items"]
    found: list[tuple[str, str | None, str]] = []
    for supplier, sku, pack, minimum, tiers, cost in zip(
        texts(rows, "supplier"), texts(rows, "sku"), whole(rows, "case_pack", 1),
        whole(rows, "minimum_units", 1), optional_texts(rows, "tiers"),
        reals(rows, "unit_cost_micros"), strict=True,
    ):  # fmt: skip
        if (supplier, sku) in bought:
            said = [
                "a pack below one unit: single units are ordered" if pack < 1 else "",
                "a minimum below one unit: none counts" if minimum < 1 else "",
                _about_tiers(tiers, None if np.isnan(cost) else int(cost)) if tiers else "",
            ]
            found += [(supplier, sku, why) for why in said if why]
    return found


def _about_tiers(text: str, cost_micros: int | None) -> str:
    try:
        tiers = price_tiers(text, cost_micros)
    except InvalidInput:
        return "price breaks that cannot be read: the unit cost counts"
    if tiers is None or min(tiers.prices_micros) <= 0:
        return "price breaks without a price: the unit cost counts"
    rises = any(low < high for low, high in pairwise(tiers.prices_micros))
    return "prices that rise with the quantity: they count as stated" if rises else ""
