"""What must hold within a row of a table, beyond the form of each cell."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.connect.columns import Mask, Numbers, Text, Typed, recoded
from engine.connect.mapping import Checks
from engine.model.contract import Table

_LARGEST_PRODUCT = 9e18  # int64 holds a little more


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Rows that are quarantined for a reason that lies in this column."""

    column: str
    rows: Mask
    reason: str


def refusals(table: Table, columns: Mapping[str, Typed], checks: Checks) -> list[Refusal]:
    """Rows that cannot be right, whatever else they say."""
    refused = [
        _too_many(column.name, columns, checks)
        for column in table.columns
        if column.kind == "integer"
    ]
    refused += [
        _not_before(columns, first, last)
        for first, last in (("start_date", "end_date"), ("promised_from", "promised_to"))
    ]
    refused.append(_above(columns, "depth", 1.0))
    refused.append(_above(columns, "in_stock_fraction", 1.0))
    return [refusal for refusal in refused if refusal is not None and refusal.rows.any()]


def _too_many(name: str, columns: Mapping[str, Typed], checks: Checks) -> Refusal | None:
    cells = columns.get(name)
    if not isinstance(cells, Numbers):
        return None
    # Counts that are no units (days, line numbers) never come near a bar code either.
    rows = cells.valid & (np.abs(cells.cells.astype(np.int64)) > checks.largest_quantity)
    return Refusal(
        column=name, rows=rows, reason=f"is beyond {checks.largest_quantity:,}, as no quantity is"
    )


def _not_before(columns: Mapping[str, Typed], first: str, last: str) -> Refusal | None:
    start, end = columns.get(first), columns.get(last)
    if not (isinstance(start, Numbers) and isinstance(end, Numbers)):
        return None
    rows = start.valid & end.valid & (end.cells.astype(np.int64) < start.cells.astype(np.int64))
    return Refusal(column=last, rows=rows, reason=f"lies before {first}")


def _above(columns: Mapping[str, Typed], name: str, limit: float) -> Refusal | None:
    cells = columns.get(name)
    if not isinstance(cells, Numbers):
        return None
    rows = cells.valid & (cells.cells.astype(np.float64) > limit)
    return Refusal(column=name, rows=rows, reason=f"is above {limit:g}")


def with_returns(kind: Text, units: Numbers) -> tuple[Text, int]:
    """Negative units of a sale are a return; also how many rows that changed."""
    negative = units.valid & (units.cells.astype(np.int64) < 0)
    is_sale = kind.where([value == "sale" for value in kind.distinct])
    changed = negative & is_sale
    if not changed.any():
        return kind, 0
    codes = np.where(changed, np.int32(len(kind.distinct)), kind.codes)
    return recoded(codes, [*kind.distinct, "return"]), int(changed.sum())


def with_revenue(columns: Mapping[str, Typed], unreadable: Mask) -> tuple[dict[str, Typed], int]:
    """Revenue of a sales line is units x price where it is not given; also for how many rows.

    Revenue that was given but could not be read stays open: a guess would hide it.
    """
    units, price, revenue = (columns.get(name) for name in ("units", "price", "net_revenue"))
    filled = dict(columns)
    if not (isinstance(units, Numbers) and isinstance(price, Numbers)):
        return filled, 0
    given = revenue if isinstance(revenue, Numbers) else None
    count, cost = units.cells.astype(np.int64), price.cells.astype(np.int64)
    fits = np.abs(count.astype(np.float64) * cost.astype(np.float64)) < _LARGEST_PRODUCT
    can = units.valid & price.valid & fits & ~unreadable
    missing = can if given is None else can & ~given.valid
    if not missing.any():
        return filled, 0
    stated = np.zeros(len(count), np.int64) if given is None else given.cells.astype(np.int64)
    with np.errstate(over="ignore"):  # rows that overflow are not among the missing
        product = count * cost
    filled["net_revenue"] = Numbers(
        cells=np.where(missing, product, stated),
        valid=missing if given is None else given.valid | missing,
    )
    return filled, int(missing.sum())
