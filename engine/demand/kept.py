"""Where people decided that demand stays as it was recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast, get_args

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Ints, day_numbers, ints
from engine.demand.axes import TimeAxis
from engine.demand.findings import Finding
from engine.model.panel import CorrectionKind

KINDS: tuple[CorrectionKind, ...] = get_args(CorrectionKind)
NOWHERE = "It names no series or no past day of this plan, so it keeps nothing as recorded."


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Per kind the cells [series, bucket] that nothing may correct; a kind not there has none."""

    cells: Mapping[CorrectionKind, Bools] = field(
        default_factory=dict[CorrectionKind, Bools], repr=False
    )
    findings: tuple[Finding, ...] = ()

    def without(self, kind: CorrectionKind, flags: Bools) -> Bools:
        """The flags less what is to stay as recorded."""
        cells = self.cells.get(kind)
        return flags if cells is None else flags & ~cells

    def of(self, *kinds: CorrectionKind) -> Bools | None:
        """Cells kept from any of these kinds; None where there are none."""
        found = [self.cells[kind] for kind in kinds if kind in self.cells]
        return cast("Bools", np.logical_or.reduce(found)) if found else None


def kept_cells(kept: pd.DataFrame, series: pd.DataFrame, time: TimeAxis) -> Kept:
    """The buckets that each decision touches, even in part; columns engine.model.decisions.KEPT."""
    if kept.empty:
        return Kept()
    cells: dict[CorrectionKind, Bools] = {}
    nowhere: list[Finding] = []
    first = time.bucket_of(day_numbers(kept["start_date"].astype("datetime64[ns]")))
    last = time.bucket_of(day_numbers(kept["end_date"].astype("datetime64[ns]")))
    first, last = np.maximum(first, 0), np.minimum(last, time.buckets - 1)
    # People's decisions are a few dozen; each touches a handful of buckets.
    for row, rows in enumerate(_series_of(kept, series)):
        sku, kind = str(kept["sku"].iloc[row]), kept["kind"].iloc[row]
        if len(rows) == 0 or first[row] > last[row]:
            nowhere.append(Finding(code="keep-as-recorded-unused", sku=sku, message=NOWHERE))
            continue
        for each in KINDS:
            if kind in (None, "", each) or pd.isna(kind):
                here = cells.setdefault(each, np.zeros((len(series), time.buckets), dtype=np.bool_))
                here[rows, first[row] : last[row] + 1] = True
    return Kept(cells=cells, findings=tuple(nowhere))


def _series_of(kept: pd.DataFrame, series: pd.DataFrame) -> list[Ints]:
    """Rows of the series that each decision names."""
    positions = series[["sku", "location"]].assign(row=np.arange(len(series)))
    by_sku = dict(iter(positions.groupby("sku", sort=False)))
    found: list[Ints] = []
    for sku, location in zip(kept["sku"], kept["location"], strict=True):
        here = by_sku.get(sku, positions.iloc[:0])
        if isinstance(location, str) and location:
            here = here[here["location"] == location]
        found.append(ints(here["row"]))
    return found
