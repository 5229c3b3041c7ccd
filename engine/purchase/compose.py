"""Plan lines become purchase orders: one per supplier, place to ship to and currency."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast

import pandas as pd

from engine.errors import InvalidInput
from engine.kernels.currency import rate_of
from engine.kernels.discounts import PriceTiers
from engine.purchase.order import OrderContent, OrderLine
from engine.purchase.terms import ItemName, Offer, SupplierTerms, Terms

MOST_UNITS = 10_000_000  # of one line: more is a slip of the keyboard, and would not fit the sums
_UNKNOWN_SUPPLIER = SupplierTerms(name="", lead_time_days=None, payment_days=None, incoterm=None)


def compose_orders(
    lines: pd.DataFrame, terms: Terms, *, on: date, default_lead_time_days: float = 14.0
) -> tuple[OrderContent, ...]:
    """Orders from ranked buys (columns engine.model.plan.LINES), by supplier and ship-to.

    A line's price is the supplier's tier at its quantity, the plan's price where the supplier
    states none. It is requested for the day of ordering plus the stated lead time. Lines are
    sorted by category and SKU, as a warehouse unpacks them. Raises InvalidInput for a quantity
    that cannot be ordered or a currency without a rate.
    """
    rows = cast("list[dict[str, Any]]", lines.to_dict("records"))
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        key = (str(row["supplier"]), str(row["location"]), str(row["currency"]))
        groups.setdefault(key, []).append(row)
    return tuple(
        _order(key, groups[key], terms, on, default_lead_time_days) for key in sorted(groups)
    )


def _order(
    key: tuple[str, str, str],
    rows: list[dict[str, Any]],
    terms: Terms,
    on: date,
    default_lead_time_days: float,
) -> OrderContent:
    supplier, ship_to, currency = key
    known = terms.suppliers.get(supplier, _UNKNOWN_SUPPLIER)
    rows = sorted(rows, key=lambda row: (_item(terms, row).category or "", str(row["sku"])))
    return OrderContent(
        supplier=supplier,
        supplier_name=known.name or supplier,
        ship_to=ship_to,
        currency=currency,
        base_currency=terms.base_currency,
        rate=rate_of(terms.rates, currency),
        payment_days=known.payment_days,
        incoterm=known.incoterm,
        lines=tuple(
            _line(number, row, terms, on, known.lead_time_days or default_lead_time_days)
            for number, row in enumerate(rows, start=1)
        ),
    )


def _line(
    number: int, row: Mapping[str, Any], terms: Terms, on: date, lead_time_days: float
) -> OrderLine:
    sku, supplier = str(row["sku"]), str(row["supplier"])
    offer = terms.offers.get((supplier, sku), _plan_offer(row))
    item = _item(terms, row)
    days = offer.lead_time_days if offer.lead_time_days is not None else lead_time_days
    return OrderLine(
        line=number,
        sku=sku,
        supplier_sku=offer.supplier_sku,
        name=item.name,
        category=item.category,
        units=orderable_units(sku, int(row["units"])),
        case_pack=offer.case_pack,
        minimum_units=offer.minimum_units,
        tiers=offer.tiers or _plan_price(row),
        requested_on=on + timedelta(days=math.ceil(days)),
        reason=str(row["reason"]),
        flows=row["tier"] == "auto_approve",
    )


def orderable_units(sku: str, units: int) -> int:
    """The quantity; raises InvalidInput when no supplier could be asked for it."""
    if not 0 < units <= MOST_UNITS:
        raise InvalidInput(
            f"{units} units of {sku} cannot be ordered; a line holds 1 to {MOST_UNITS:,} units."
        )
    return units


def _item(terms: Terms, row: Mapping[str, Any]) -> ItemName:
    sku = str(row["sku"])
    return terms.items.get(sku, ItemName(name=sku, category=None))


def _plan_offer(row: Mapping[str, Any]) -> Offer:
    return Offer(
        supplier_sku=None,
        tiers=None,
        case_pack=int(row["case_pack"]),
        minimum_units=1,
        lead_time_days=None,
    )


def _plan_price(row: Mapping[str, Any]) -> PriceTiers:
    return PriceTiers(breaks=(0,), prices_micros=(int(row["unit_cost_micros"]),))
