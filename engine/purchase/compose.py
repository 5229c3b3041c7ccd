"""Plan lines become purchase orders: one per supplier, place to ship to and currency."""

import math
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pandas as pd

from engine.errors import InvalidInput
from engine.kernels.calendar import SupplierCalendar
from engine.kernels.currency import rate_of
from engine.kernels.discounts import PriceTiers
from engine.model.money import MICROS, to_minor
from engine.purchase.order import OrderContent, OrderLine
from engine.purchase.terms import ItemName, Offer, SupplierTerms, Terms

MOST_UNITS = 10_000_000  # of one line: more is a slip of the keyboard, and would not fit the sums
_UNKNOWN_SUPPLIER = SupplierTerms(name="", lead_time_days=None, payment_days=None, incoterm=None)


def compose_orders(
    lines: pd.DataFrame, terms: Terms, *, on: date, default_lead_time_days: float = 14.0
) -> tuple[OrderContent, ...]:
    """Orders from ranked buys (columns engine.model.plan.LINES), by supplier and ship-to.

    A line's price is the supplier's tier at its quantity, the plan's price where the supplier
    states none. It is ordered on the supplier's next order day from `on` and requested for that
    day plus the stated lead time in days on which the supplier is open. Lines are sorted by
    category and SKU, as a warehouse unpacks them. Raises InvalidInput for a quantity that cannot
    be ordered or a currency without a rate.
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
    calendar = terms.calendars.get(supplier, SupplierCalendar())
    # A supplier that takes no order for years is asked all the same: people see the day and why.
    order_on = date.fromordinal(calendar.next_order_day(on.toordinal()) or on.toordinal())
    least = known.minimum_value_micros
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
            _line(number, row, terms, known, order_on, default_lead_time_days)
            for number, row in enumerate(rows, start=1)
        ),
        order_on=order_on,
        minimum_minor=None if least is None else to_minor(Decimal(least) / MICROS, currency),
        minimum_units=known.minimum_units,
    )


def _line(
    number: int,
    row: Mapping[str, Any],
    terms: Terms,
    known: SupplierTerms,
    on: date,
    default_lead_time_days: float,
) -> OrderLine:
    sku, supplier = str(row["sku"]), str(row["supplier"])
    offer = terms.offers.get((supplier, sku), _plan_offer(row))
    item = _item(terms, row)
    usual = known.lead_time_days or default_lead_time_days
    days = offer.lead_time_days if offer.lead_time_days is not None else usual
    tax = offer.tax_percent if offer.tax_percent is not None else known.tax_percent
    calendar = terms.calendars.get(supplier, SupplierCalendar())
    shown = terms.lead_ranges.get((supplier, sku, str(row["location"])))
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
        requested_on=_arrival(calendar, on, math.ceil(days)),
        reason=str(row["reason"]),
        flows=row["tier"] == "auto_approve",
        expected_from=None if shown is None else _arrival(calendar, on, shown.low),
        expected_to=None if shown is None else _arrival(calendar, on, shown.high),
        freight_minor=_minor(row, "freight_minor"),
        duty_minor=_minor(row, "duty_minor"),
        charges_minor=_minor(row, "charges_minor"),
        tax_percent=tax,
    )


def _arrival(calendar: SupplierCalendar, ordered: date, open_days: int) -> date:
    """The day so many open days after an order; a closure pushes it back."""
    days = calendar.arrival_days(ordered.toordinal(), max(open_days, 0))
    return date.fromordinal(int(days[max(open_days, 0)]))


def _minor(row: Mapping[str, Any], name: str) -> int:
    """An estimate of the plan; plans of earlier versions have none."""
    value = row.get(name)
    return 0 if value is None or pd.isna(value) else int(value)


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
