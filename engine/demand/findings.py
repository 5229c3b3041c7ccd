"""What cleaning noticed and changed, as rows that people read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Floats, Ints, Texts
from engine.model.panel import CorrectionKind

CORRECTIONS = ("sku", "location", "start", "kind", "before", "after", "reason")
FINDINGS = ("code", "sku", "location", "message", "units")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One observation about the data; `units` is its size where it has one."""

    code: str
    message: str
    sku: str | None = None
    location: str | None = None
    units: float = float("nan")


# What each kind of correction does, as a person reads it; a spike has a reason of its own.
REASONS: Mapping[CorrectionKind, str] = {
    "unit change": "Recorded in packs and counted in units.",
    "test order": "A test order is no demand.",
    "rename": "Sold under an earlier name of the item.",
    "bundle": "Sold inside a set, which draws on this item.",
    "return": "What came back is taken out of the period in which it was sold.",
    "panic buying": "Customers took what was left before it ran out, and then bought as before.",
    "spike": "It sold far more than anything around it.",
    "phantom stock": "Stock was on record, but it stopped selling as if the shelf were empty.",
    "stockout": "It could not be bought all the time, so what it would have sold is filled in.",
    "part of a period": "The records cover a part of the period, so it is brought to a whole one.",
}


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One kind of change to demand[series, bucket]: where, from and to how many units."""

    kind: CorrectionKind
    row: Ints
    bucket: Ints
    before: Floats
    after: Floats
    reason: str | Texts  # one for all, or one each


def correction(
    kind: CorrectionKind,
    before: Floats,
    after: Floats,
    changed: Bools,
    reason: str | Texts | None = None,
) -> Correction:
    """The buckets marked in `changed`, each with its units before and after."""
    row, bucket = np.nonzero(changed)
    return Correction(
        kind=kind, row=row, bucket=bucket, before=before[changed], after=after[changed],
        reason=REASONS[kind] if reason is None else reason,
    )  # fmt: skip


@cache
def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=list(FINDINGS)).astype({"units": np.float64})


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    rows = [(f.code, f.sku, f.location, f.message, f.units) for f in findings]
    if not rows:
        return _nothing()
    frame = pd.DataFrame(rows, columns=list(FINDINGS))
    return frame.astype({"units": np.float64})


def series_findings(
    code: str, message: str, series: pd.DataFrame, which: Bools, units: Floats
) -> pd.DataFrame:
    """The same finding for many series at once."""
    if not which.any():
        return _nothing()
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
                "reason": change.reason,
            }
        )
        for change in corrections
        if len(change.row)
    ]
    if not parts:
        return pd.DataFrame(columns=list(CORRECTIONS))
    return pd.concat(parts, ignore_index=True)
