"""Rows written under an earlier name, under the name of today."""

from dataclasses import replace

import numpy as np
import pandas as pd

from engine.kernels.columns import optional_texts, texts
from engine.model.snapshot import Snapshot

_RENAMED = (
    "sales",
    "stock",
    "purchase_orders",
    "supplier_items",
    "backorders",
    "promotions",
    "prices",
)


def current_names(items: pd.DataFrame) -> dict[str, str]:
    """Earlier sku -> today's, through several renames; a circle of renames stays as it is."""
    step = {
        old: sku
        for old, sku in zip(optional_texts(items, "renamed_from"), texts(items, "sku"), strict=True)
        if old is not None and old != sku
    }
    found: dict[str, str] = {}
    for old in sorted(step):
        name, seen = step[old], {old}
        while name in step and name not in seen:
            seen.add(name)
            name = step[name]
        if name not in seen:
            found[old] = name
    return found


def under_current_names(snapshot: Snapshot) -> Snapshot:
    """The snapshot with every renamed item's history under its present sku."""
    names = current_names(snapshot["items"])
    if not names:
        return snapshot
    renamed = {table: _renamed(snapshot[table], names) for table in _RENAMED}
    tables = {name: renamed.get(name, snapshot[name]) for name in snapshot.tables}
    return replace(snapshot, tables=tables)


def _renamed(frame: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    skus = frame["sku"]
    if not isinstance(skus.dtype, pd.CategoricalDtype):
        return frame.assign(sku=skus.replace(names))
    old = [names.get(str(name), str(name)) for name in skus.cat.categories]
    merged, place = np.unique(np.asarray(old, dtype=str), return_inverse=True)
    # -1 stands for no value, which the last element catches.
    codes = np.append(place, -1)[skus.cat.codes.to_numpy()]
    categories = pd.Index(merged.astype(object))
    return frame.assign(sku=pd.Categorical.from_codes(codes.tolist(), categories))
