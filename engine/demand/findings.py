"""What cleaning noticed and changed, as rows that people read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Floats, Ints, Texts

CORRECTIONS = ("sku", "location", "start", "kind", "before", "after")
FINDINGS = ("code", "sku", "location", "message", "units")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One observation about the data; `units` is its size where it has one."""

    code: str
    message: str
    sku: str | None = None
    location: str | None = None
    units: float = float("nan")


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One kind of change to demand[series, bucket]: where, from and to how many units."""

    kind: str
    row: Ints
    bucket: Ints
    before: Floats
    after: Floats


def correction(kind: str, before: Floats, after: Floats, changed: Bools) -> Correction:
    """The buckets marked in `changed`, each with its units before and after."""
    row, bucket = np.nonzero(changed)
    return Correction(
        kind=kind, row=row, bucket=bucket, before=before[changed], after=after[changed]
    )


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    rows = [(f.code, f.sku, f.location, f.message, f.units) for f in findings]
    frame = pd.DataFrame(rows, columns=list(FINDINGS))
    return frame.astype({"units": np.float64})


def series_findings(
    code: str, message: str, series: pd.DataFrame, which: Bools, units: Floats
) -> pd.DataFrame:
    """The same finding for many series at once."""
    rows = series.loc[which, ["sku", "location"]].reset_index(drop=True)
    rows.insert(0, "code", code)
    return rows.assign(message=message, units=units[which])


def corrections_frame(
    corrections: Sequence[Correction], series: pd.DataFrame, starts: pd.DatetimeIndex
) -> pd.DataFrame:
    """Corrections as rows, in the order in which they were made."""
    sku: Texts = series["sku"].to_numpy(dtype=object)
    location: Texts = series["location"].to_numpy(dtype=object)
    parts = [
        pd.DataFrame(
            {
                "sku": sku[change.row],
                "location": location[change.row],
                "start": starts[change.bucket],
                "kind": change.kind,
                "before": change.before,
                "after": change.after,
            }
        )
        for change in corrections
        if len(change.row)
    ]
    if not parts:
        return pd.DataFrame(columns=list(CORRECTIONS))
    return pd.concat(parts, ignore_index=True)
