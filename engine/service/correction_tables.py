"""What cleaning changed and noticed, as tables of a stored run."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa

from engine.model.panel import CorrectionKind, DemandPanel
from engine.service.reading import RunHeader
from engine.service.stores import Stores

CORRECTIONS, FINDINGS = "corrections", "findings"  # names of the artefacts
_TEXTS = ("sku", "location", "kind", "reason")


@dataclass(frozen=True, kw_only=True)
class CorrectionView:
    """One period of one series: what was recorded, what counts, and why."""

    sku: str
    location: str
    start: date  # first day of the period
    end: date  # last day of it
    kind: CorrectionKind
    before: float  # units
    after: float
    reason: str


def corrections_table(panel: DemandPanel) -> pa.Table:
    """Every correction, by series and period, those of one period in the order they were made."""
    rows = panel.corrections.sort_values(["sku", "location", "start"], kind="stable")
    columns: dict[str, pa.Array[Any]] = {
        name: pa.Array.from_pandas(rows[name].astype("object"), type=pa.string()) for name in _TEXTS
    }
    starts = pd.DatetimeIndex(rows["start"])
    ends = starts + pd.Timedelta(days=panel.bucket_days - 1)
    columns["start"] = pa.array(list(starts.date), type=pa.date32())
    columns["end"] = pa.array(list(ends.date), type=pa.date32())
    for name in ("before", "after"):
        columns[name] = pa.array(rows[name].to_numpy(dtype="float64"))
    return pa.table(columns)


def findings_table(panel: DemandPanel) -> pa.Table:
    """What cleaning noticed; `units` is the size where it has one."""
    rows = panel.findings
    columns: dict[str, pa.Array[Any]] = {
        name: pa.Array.from_pandas(rows[name].astype("object"), type=pa.string())
        for name in ("code", "sku", "location", "message")
    }
    columns["units"] = pa.array(rows["units"].to_numpy(dtype="float64"), from_pandas=True)
    return pa.table(columns)


def corrections_of(
    stores: Stores, run: RunHeader, sku: str, location: str | None = None
) -> tuple[CorrectionView, ...]:
    """The corrections of an item (at one location), by location and period."""
    if CORRECTIONS not in run.artefacts:
        return ()
    wanted = {"sku": sku} | ({"location": location} if location else {})
    found = stores.blobs.find_rows(run.artefacts[CORRECTIONS], wanted)
    return tuple(CorrectionView(**row) for row in found.to_pylist())


def all_corrections(stores: Stores, run: RunHeader) -> pd.DataFrame:
    """Every correction of a run; none for a run from before they were stored."""
    return _read(stores, run, CORRECTIONS, (*_TEXTS, "start", "end", "before", "after"))


def all_findings(stores: Stores, run: RunHeader) -> pd.DataFrame:
    """Every finding of a run's cleaning."""
    return _read(stores, run, FINDINGS, ("code", "sku", "location", "message", "units"))


def _read(stores: Stores, run: RunHeader, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    if name not in run.artefacts:
        return pd.DataFrame(columns=list(columns))
    return stores.blobs.get_table(run.artefacts[name]).to_pandas()
