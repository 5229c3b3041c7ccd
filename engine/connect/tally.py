"""Reconciliation: every row and every unit of a source is somewhere, and the sums show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.connect.columns import Mask, Numbers, Typed
from engine.model.money import MICROS

# What is added up per table, beside its rows.
MEASURES: Mapping[str, tuple[str, ...]] = {
    "sales": ("units", "net_revenue"),
    "stock": ("on_hand",),
    "purchase_orders": ("units",),
    "receipts": ("units",),
    "backorders": ("units",),
}
MONEY = frozenset({"net_revenue"})


@dataclass(frozen=True, kw_only=True)
class Part:
    """Rows and their sums; money in micros."""

    rows: int = 0
    sums: Mapping[str, int] = field(default_factory=dict[str, int])

    def plus(self, other: "Part") -> "Part":
        names = sorted({*self.sums, *other.sums})
        sums = {name: self.sums.get(name, 0) + other.sums.get(name, 0) for name in names}
        return Part(rows=self.rows + other.rows, sums=sums)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Where the rows of a table went. `read` is counted before anything is decided about a row."""

    table: str
    read: Part = Part()
    filtered: Part = Part()  # left out because the mapping says so
    quarantined: Part = Part()
    merged: Part = Part()  # joined another row of the same key, as the mapping or the key says
    accepted: Part = Part()  # counted at the end, in the table that is stored

    @property
    def difference(self) -> Part:
        """What is missing or too much; zero in every part when the import reconciles."""
        found = self.accepted.plus(self.filtered).plus(self.quarantined).plus(self.merged)
        names = sorted({*self.read.sums, *found.sums})
        sums = {name: self.read.sums.get(name, 0) - found.sums.get(name, 0) for name in names}
        return Part(rows=self.read.rows - found.rows, sums=sums)

    @property
    def is_exact(self) -> bool:
        difference = self.difference
        return difference.rows == 0 and not any(difference.sums.values())


def part_of(table: str, columns: Mapping[str, Typed], rows: Mask | None = None) -> Part:
    """Rows and sums of some rows; a cell that cannot be read adds nothing to any sum."""
    count = len(next(iter(columns.values()))) if columns else 0
    chosen = np.ones(count, dtype=np.bool_) if rows is None else rows
    sums: dict[str, int] = {}
    for name in MEASURES.get(table, ()):
        cells = columns.get(name)
        if isinstance(cells, Numbers):
            sums[name] = int(cells.cells[chosen & cells.valid].astype(np.int64).sum())
    return Part(rows=int(chosen.sum()), sums=sums)


def shown_sum(name: str, total: int) -> str:
    """A sum as people read it; money without trailing zeros."""
    if name not in MONEY:
        return f"{total:,}"
    whole, rest = divmod(abs(total), MICROS)
    cents = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{'-' if total < 0 else ''}{whole:,}.{cents}"
