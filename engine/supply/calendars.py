"""Each supplier's calendar from what the data states."""

from collections import defaultdict

import pandas as pd

from engine.kernels.calendar import SupplierCalendar, parse_order_days
from engine.kernels.columns import optional_texts, ordinals, texts
from engine.model.snapshot import Snapshot


def supplier_calendars(snapshot: Snapshot) -> dict[str, SupplierCalendar]:
    """By supplier: order days, review days, closures. Suppliers known only from orders included.

    Holidays are those of the supplier's country: rows of `holidays` that name it and concern
    neither a category nor a location. Raises InvalidInput for order days that cannot be read.
    """
    closures = _closures(snapshot["closures"])
    stated = snapshot["suppliers"]
    public = _holidays(snapshot["holidays"])
    calendars: dict[str, SupplierCalendar] = {}
    for supplier, country, days, review in zip(
        stated["supplier"],
        optional_texts(stated, "country"),
        stated["order_days"],
        stated["review_days"],
        strict=True,
    ):
        calendars[supplier] = SupplierCalendar(
            order_days=parse_order_days(days if isinstance(days, str) else None),
            review_days=None if pd.isna(review) else int(review),
            closed=closures[supplier],
            holidays=public[country or ""],
        )
    for supplier in sorted(set(snapshot["purchase_orders"]["supplier"]) - set(calendars)):
        calendars[supplier] = SupplierCalendar(closed=closures[supplier])
    return calendars


def _holidays(holidays: pd.DataFrame) -> "defaultdict[str, frozenset[int]]":
    """Public holidays by country; what holds everywhere ("") may be a shopping event: none."""
    general = holidays[holidays["category"].isna() & holidays["location"].isna()]
    days: defaultdict[str, frozenset[int]] = defaultdict(frozenset)
    for country, day in zip(
        optional_texts(general, "country"), ordinals(general, "date"), strict=True
    ):
        if country is not None:
            days[country] |= {int(day)}
    return days


def _closures(closures: pd.DataFrame) -> "defaultdict[str, frozenset[int]]":
    """Closed days by supplier; empty for the others."""
    closed: defaultdict[str, frozenset[int]] = defaultdict(frozenset)
    first, last = ordinals(closures, "start_date"), ordinals(closures, "end_date")
    for supplier, start, end in zip(texts(closures, "supplier"), first, last, strict=True):
        closed[supplier] |= frozenset(range(int(start), int(end) + 1))
    return closed
