"""What follows from the tables that are there: items, locations, channels, suppliers, prices."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.connect.append import appended, empty_columns
from engine.connect.assembled import Assembled
from engine.connect.checks.view import EXAMPLES, Sales
from engine.connect.columns import Numbers, Text, Typed, text_of
from engine.connect.coverage import Coverage
from engine.model.contract import BY_NAME
from engine.model.counting import counted
from engine.model.finding import Finding
from engine.model.money import MICROS

Tables = dict[str, Assembled]
# Where names of a table are used before any file introduces them.
_SEEN_IN = {
    "items": ("sku", ("sales", "stock", "purchase_orders", "backorders")),
    "locations": ("location", ("sales", "stock", "purchase_orders", "backorders")),
    "channels": ("channel", ("sales",)),
    "suppliers": ("supplier", ("supplier_items", "purchase_orders")),
}
_RECENT_DAYS = 91  # the price people pay now


def derive_names(tables: Tables, given: frozenset[str]) -> list[Finding]:
    """Names that other tables speak of but no table introduces get a row of their own."""
    findings: list[Finding] = []
    for name, (column, places) in _SEEN_IN.items():
        known = {*_names(tables, name, column), *_names(tables, name, "renamed_from")}
        seen = {value for place in places for value in _names(tables, place, column)}
        missing = sorted(seen - known)
        if missing:
            part = tables.get(name)
            new: dict[str, Typed] = {column: text_of(missing)}
            tables[name] = appended(BY_NAME[name], part, new)
            findings.append(_derived(name, column, missing, tables, was_given=name in given))
    return findings


def _names(tables: Tables, table: str, column: str) -> list[str]:
    part = tables.get(table)
    cells = part.columns.get(column) if part is not None else None
    return cells.used() if isinstance(cells, Text) else []


def _derived(
    table: str, column: str, missing: Sequence[str], tables: Tables, *, was_given: bool
) -> Finding:
    """An absent table is expected to be derived; a gap in a given one deserves a look."""
    rows = len(missing)
    if table == "items" and "sales" in tables:
        sku = tables["sales"].columns["sku"]
        wanted = set(missing)
        if isinstance(sku, Text):
            rows = int(sku.where([value in wanted for value in sku.distinct]).sum())
    what = f"{len(missing):,} {table} are used but not introduced"
    return Finding(
        code="unknown_skus" if table == "items" and was_given else f"derived_{table}",
        severity="warning" if was_given else "info",
        table="sales" if table == "items" and was_given else table,
        rows=rows,
        message=f"{what} by the table {table}." if was_given else f"{what}: no table {table}.",
        done=f"Kept; each got a row with its {column} and the defaults.",
        examples=tuple(missing[:EXAMPLES]),
    )


def derive_prices(tables: Tables, coverage: Coverage) -> list[Finding]:
    """Items without a price get the median price paid in the last 13 weeks of their sales."""
    items = tables["items"]
    columns = empty_columns(items.table, len(items)) | items.columns
    price, sku = columns["price"], columns["sku"]
    assert isinstance(price, Numbers), "money is a number"  # noqa: S101  an invariant
    assert isinstance(sku, Text), "a sku is text"  # noqa: S101  an invariant
    if price.valid.all():
        return []
    paid = _paid(Sales(tables["sales"], coverage))
    found = np.asarray([paid.get(sku.at(row) or "", -1) for row in range(len(sku))], dtype=np.int64)
    derived = ~price.valid & (found > 0)
    columns["price"] = Numbers(
        cells=np.where(derived, found, price.cells.astype(np.int64)), valid=price.valid | derived
    )
    items.columns.update(columns)
    if not derived.any():
        return []
    return [
        Finding(
            code="derived_prices",
            severity="info",
            table="items",
            rows=int(derived.sum()),
            message=f"{counted(int(derived.sum()), 'item states', 'items state')} no price.",
            done="Taken as the median price paid in the last 13 weeks they sold.",
        )
    ]


def _paid(sales: Sales) -> dict[str, int]:
    """Median unit price in micros over each SKU's own last 13 weeks with sales."""
    known = sales.is_demand & (sales.unit_price > 0)
    lines = pd.DataFrame(
        {"sku": sales.sku.codes[known], "day": sales.day[known], "price": sales.unit_price[known]}
    )
    last = lines.groupby("sku")["day"].transform("max")
    recent = lines.loc[np.asarray(lines["day"] > last - _RECENT_DAYS)]
    median = recent.groupby("sku")["price"].median()
    return {
        sales.sku.distinct[int(code)]: round(float(price) * MICROS)
        for code, price in zip(median.index, median, strict=True)
    }


def only_location(locations: Assembled | None) -> str | None:
    """The code of the only location, if there is exactly one."""
    if locations is None:
        return None
    names = _names({"locations": locations}, "locations", "location")
    return names[0] if len(names) == 1 else None
