"""What an order needs to know besides the plan: suppliers, their prices, items, exchange rates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pandas as pd

from engine.kernels.calendar import SupplierCalendar
from engine.kernels.currency import rates_on
from engine.kernels.discounts import PriceTiers
from engine.kernels.price_list import stated_tiers


@dataclass(frozen=True, kw_only=True)
class SupplierTerms:
    name: str
    lead_time_days: float | None  # stated
    payment_days: int | None
    incoterm: str | None
    minimum_value_micros: int | None = None  # of one order, in the supplier's currency
    minimum_units: int | None = None
    tax_percent: Decimal | None = None  # None: not stated


@dataclass(frozen=True, kw_only=True)
class Offer:
    """How a supplier sells an item."""

    supplier_sku: str | None
    tiers: PriceTiers | None
    case_pack: int
    minimum_units: int
    lead_time_days: float | None
    tax_percent: Decimal | None = None  # where it differs from the supplier's


@dataclass(frozen=True, kw_only=True)
class ItemName:
    name: str
    category: str | None


@dataclass(frozen=True, kw_only=True)
class LeadRange:
    """Open days from order to arrival: nine of ten take more than `low`, nine less than `high`."""

    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Lookups by code; what a lookup lacks has a stated fallback in `compose`."""

    base_currency: str
    rates: Mapping[str, Decimal]  # base currency per unit
    suppliers: Mapping[str, SupplierTerms]
    offers: Mapping[tuple[str, str], Offer]  # by (supplier, sku)
    items: Mapping[str, ItemName]
    # Of suppliers not named here: any day is an order day, and no day is closed.
    calendars: Mapping[str, SupplierCalendar] = field(default_factory=dict[str, SupplierCalendar])
    # By (supplier, sku, ship-to), as the supplier has shown; what is not named has no window.
    lead_ranges: Mapping[tuple[str, str, str], LeadRange] = field(
        default_factory=dict[tuple[str, str, str], LeadRange]
    )


def terms_on(tables: Mapping[str, pd.DataFrame], *, day: date, base_currency: str) -> Terms:
    """Terms from the snapshot tables suppliers, supplier_items, items and fx_rates."""
    return Terms(
        base_currency=base_currency,
        rates=rates_on(tables["fx_rates"], day, base_currency),
        suppliers={str(row["supplier"]): _supplier(row) for row in _rows(tables["suppliers"])},
        offers={
            (str(row["supplier"]), str(row["sku"])): _offer(row)
            for row in _rows(tables["supplier_items"])
        },
        items={
            str(row["sku"]): ItemName(
                name=_text(row["name"]) or str(row["sku"]), category=_text(row["category"])
            )
            for row in _rows(tables["items"])
        },
    )


def _supplier(row: Mapping[str, Any]) -> SupplierTerms:
    payment = _number(row["payment_days"])
    return SupplierTerms(
        name=_text(row["name"]) or str(row["supplier"]),
        lead_time_days=_number(row["lead_time_days"]),
        payment_days=None if payment is None else int(payment),
        incoterm=_text(row["incoterm"]),
        minimum_value_micros=_whole(row.get("minimum_value_micros")),
        minimum_units=_whole(row.get("minimum_units")),
        tax_percent=_percent(row.get("tax_percent")),
    )


def _offer(row: Mapping[str, Any]) -> Offer:
    cost = _number(row["unit_cost_micros"])
    return Offer(
        supplier_sku=_text(row["supplier_sku"]),
        tiers=stated_tiers(_text(row["tiers"]), cost, _text(row["tier_kind"])),
        case_pack=int(_number(row["case_pack"]) or 1),
        minimum_units=int(_number(row["minimum_units"]) or 1),
        lead_time_days=_number(row["lead_time_days"]),
        tax_percent=_percent(row.get("tax_percent")),
    )


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", frame.to_dict("records"))


def _text(value: object) -> str | None:
    return None if _is_missing(value) else str(value)


def _number(value: object) -> float | None:
    return None if _is_missing(value) else float(cast("float", value))


def _whole(value: object) -> int | None:
    found = None if value is None else _number(value)
    return None if not found else int(found)


def _percent(value: object) -> Decimal | None:
    """Exactly as it is written; snapshots of earlier versions have no such column."""
    found = None if value is None else _number(value)
    return None if found is None else Decimal(repr(found))


def _is_missing(value: object) -> bool:
    return bool(pd.isna(cast("float", value)))
