"""A table of the contract on its way to be stored, with the account of its rows."""

from dataclasses import dataclass, replace

import numpy as np

from engine.connect.columns import Mask, Numbers, Typed
from engine.connect.quarantine import EXAMPLES, BadCell, bad_cells
from engine.connect.raw import Origin
from engine.connect.take import Clock
from engine.connect.tally import Tally, part_of
from engine.model.contract import Table
from engine.model.finding import Finding

Columns = dict[str, Typed]


@dataclass(frozen=True, kw_only=True)
class Assembled:
    """A table as it will be stored, but for checks that look across tables."""

    table: Table
    columns: Columns
    origin: Origin
    bad: tuple[BadCell, ...]
    tally: Tally
    findings: tuple[Finding, ...]
    clocks: tuple[Clock, ...] = ()

    def __len__(self) -> int:
        return len(self.origin)

    def without(self, rows: Mask, *, column: str, reason: str) -> "Assembled":
        """Some rows quarantined after the fact."""
        if not rows.any():
            return self
        bad = bad_cells(
            table=self.table.name,
            column=column,
            rows=rows,
            reasons=reason,
            fields=self.columns,
            origin=self.origin,
            row_kept=False,
        )
        lost = part_of(self.table.name, self.columns, rows)
        tally = replace(self.tally, quarantined=self.tally.quarantined.plus(lost))
        return replace(self._only(~rows), bad=(*self.bad, *bad), tally=tally)

    def filtered(self, rows: Mask) -> "Assembled":
        """Some rows left out because the mapping says so."""
        lost = part_of(self.table.name, self.columns, rows)
        return replace(
            self._only(~rows),
            tally=replace(self.tally, filtered=self.tally.filtered.plus(lost)),
        )

    def places(self, rows: Mask) -> tuple[str, ...]:
        """Where the first of some rows stand."""
        at = np.flatnonzero(rows)[:EXAMPLES]
        return tuple(f"{self.origin.name(row)} row {self.origin.row[row]}" for row in at)

    def _only(self, rows: Mask) -> "Assembled":
        columns = {name: cells.take(rows) for name, cells in self.columns.items()}
        return replace(self, columns=columns, origin=self.origin.take(rows))


def gaps(rows: int, like: np.dtype[np.generic]) -> Numbers:
    return Numbers(cells=np.zeros(rows, dtype=like), valid=np.zeros(rows, dtype=np.bool_))
