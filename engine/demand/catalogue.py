"""Which recorded names are which items: renames, units of record, bundles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.demand.arrays import Ints
from engine.demand.findings import Finding
from engine.model.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Every sku a row may name, and what it is today.

    `skus` are today's names, sorted. `code` maps every recorded name to its position there,
    `units_per_record` every recorded name to the units in one recorded sale unit.
    """

    skus: tuple[str, ...]
    code: Mapping[str, int]
    units_per_record: Mapping[str, int]
    findings: tuple[Finding, ...] = ()

    def codes(self, names: Sequence[str]) -> Ints:
        """Positions of recorded names; -1 for a name that no table knows."""
        return np.array([self.code.get(name, -1) for name in names], dtype=np.int64)

    def renamed(self, names: Sequence[str]) -> Ints:
        """1 for a name that is an earlier one of today's item, else 0."""
        known = [self.code.get(name, -1) for name in names]
        old = [code >= 0 and self.skus[code] != n for n, code in zip(names, known, strict=True)]
        return np.array(old, dtype=np.int64)

    def factors(self, names: Sequence[str]) -> Ints:
        return np.array([self.units_per_record.get(name, 1) for name in names], dtype=np.int64)


def build_catalogue(snapshot: Snapshot) -> Catalogue:
    """The catalogue of a snapshot: items, and whatever sales, stock or bundles name besides."""
    items = snapshot["items"]
    later = {
        str(old): str(new)
        for new, old in zip(items["sku"], items["renamed_from"], strict=True)
        if isinstance(old, str) and old and old != new
    }
    today, findings = _follow_renames(later)
    recorded = _recorded_names(snapshot) | set(today)
    skus = tuple(sorted({today.get(name, name) for name in recorded}))
    position = {sku: index for index, sku in enumerate(skus)}
    factors = dict(zip(items["sku"].astype(str), items["units_per_record"].fillna(1), strict=True))
    return Catalogue(
        skus=skus,
        code={name: position[today.get(name, name)] for name in sorted(recorded)},
        # An earlier name without a row of its own was recorded in the units of today's name.
        units_per_record={
            name: int(factors.get(name, factors.get(today.get(name, name), 1))) for name in recorded
        },
        findings=findings,
    )


def _recorded_names(snapshot: Snapshot) -> set[str]:
    names = set(snapshot["items"]["sku"].astype(str))
    for table in ("sales", "stock"):
        column = snapshot[table]["sku"]
        used = pd.Categorical(column).remove_unused_categories().categories
        names.update(str(name) for name in used)
    bundles = snapshot["bundles"]
    return (
        names | set(bundles["bundle_sku"].astype(str)) | set(bundles["component_sku"].astype(str))
    )


def _follow_renames(later: Mapping[str, str]) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """The name of today for each earlier one; a circle of renames is left as recorded."""
    today: dict[str, str] = {}
    circles: list[Finding] = []
    for old in sorted(later):
        name, seen = later[old], {old}
        while name in later and name not in seen:
            seen.add(name)
            name = later[name]
        if name in seen:
            message = "Its renames lead back to itself; each name keeps its own history."
            circles.append(Finding(code="rename-circle", sku=old, message=message))
        else:
            today[old] = name
    return today, tuple(circles)
