"""Snapshots made of benchmark data: say the rows, get every table of the contract."""

from datetime import date
from functools import cache
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.model.contract import BY_NAME, TABLES, Kind
from engine.model.snapshot import Bucket, CompanyProfile, Snapshot

_DTYPES: dict[Kind, str] = {
    "text": "object", "list": "object", "integer": "float64", "money": "float64",
    "real": "float64", "date": "datetime64[ns]", "instant": "datetime64[ns]", "flag": "bool",
}  # fmt: skip


def snapshot_of(
    name: str, *, as_of: date, bucket: Bucket, currency: str = "USD", **rows: pd.DataFrame
) -> Snapshot:
    """A snapshot with these tables, columns by their stored names; what is not given is empty.

    `as_of` is the first day not covered by sales. Categorical columns stay categorical.
    """
    return Snapshot(
        id=f"{name}@{as_of.isoformat()}",
        company=CompanyProfile(name=name, base_currency=currency),
        first_day=rows["sales"]["date"].min().date(),
        as_of=as_of,
        sales_bucket=bucket,
        tables={
            table.name: typed_table(table.name, rows[table.name])
            if table.name in rows
            else _absent(table.name)
            for table in TABLES
        },
    )


@cache
def _absent(name: str) -> pd.DataFrame:
    """Frames of a snapshot are shared: nobody writes into them."""
    return typed_table(name, None)


def typed_table(name: str, given: pd.DataFrame | None) -> pd.DataFrame:
    """A frame with the dtypes of the contract; absent columns hold their default or nothing."""
    frame = pd.DataFrame() if given is None else given.reset_index(drop=True)
    columns: dict[str, Any] = {}
    for column in BY_NAME[name].columns:
        if column.stored not in frame:
            columns[column.stored] = _defaults(column.default, column.kind, len(frame))
            continue
        values, dtype = frame[column.stored], _DTYPES[column.kind]
        kept = values.dtype == dtype or isinstance(values.dtype, pd.CategoricalDtype)
        columns[column.stored] = values if kept else cast("Any", values).astype(dtype)
    return pd.DataFrame(columns, index=frame.index)


def _defaults(default: str | None, kind: Kind, rows: int) -> NDArray[Any]:
    """A column that nobody gave."""
    none = {"float64": np.nan, "bool": False, "object": None}.get(_DTYPES[kind], "NaT")
    number = kind in ("integer", "money", "real")
    value = none if default is None else float(default) if number else default
    return np.full(rows, value, dtype=_DTYPES[kind])
