"""What differs between two snapshots, table by table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.model.contract import BY_NAME, Table
from engine.store.blobs import BlobStore
from engine.store.frames import empty_frame, frame_of
from engine.store.snapshots import StoredTable


@dataclass(frozen=True, kw_only=True)
class TableChange:
    """Rows by key: of one key, a row that left and one that came are one changed row.

    `first` and `last` are the days that the difference spans, where the table has days.
    """

    table: str
    added: int
    removed: int
    changed: int
    first: date | None
    last: date | None


def snapshot_changes(
    blobs: BlobStore, before: Mapping[str, StoredTable], after: Mapping[str, StoredTable]
) -> tuple[TableChange, ...]:
    """The tables whose content differs; tables of equal content have one blob and cost nothing."""
    found: list[TableChange] = []
    for name in BY_NAME:
        old, new = before.get(name), after.get(name)
        if (old and old.blob) != (new and new.blob):
            found.append(_change(BY_NAME[name], _frame(blobs, name, old), _frame(blobs, name, new)))
    return tuple(found)


def _frame(blobs: BlobStore, name: str, stored: StoredTable | None) -> pd.DataFrame:
    return frame_of(name, blobs.get_table(stored.blob)) if stored else empty_frame(name)


def _change(table: Table, old: pd.DataFrame, new: pd.DataFrame) -> TableChange:
    came = _not_in(new, old)
    left = _not_in(old, new)
    key = [table.column(name).stored for name in table.key]
    changed = _shared_keys(came[key], left[key])
    differing = [rows for rows in (came, left) if len(rows)] or [came]
    first, last = _span(table, pd.concat(differing, ignore_index=True))
    return TableChange(
        table=table.name,
        added=len(came) - changed,
        removed=len(left) - changed,
        changed=changed,
        first=first,
        last=last,
    )


def _not_in(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Rows that the other frame does not hold as often; equal rows count one against one."""
    mine, theirs = _numbered(rows), _numbered(others)
    return rows.loc[~np.isin(mine, theirs)]


def _numbered(rows: pd.DataFrame) -> NDArray[np.integer]:
    """A hash of each row and of how many equal rows stand above it."""
    plain = pd.util.hash_pandas_object(rows, index=False, categorize=True)
    repeat = plain.groupby(plain).cumcount()
    numbered = pd.DataFrame({"row": plain, "repeat": repeat})
    return pd.util.hash_pandas_object(numbered, index=False).to_numpy()


def _shared_keys(came: pd.DataFrame, left: pd.DataFrame) -> int:
    new = pd.util.hash_pandas_object(came, index=False, categorize=True).value_counts()
    old = pd.util.hash_pandas_object(left, index=False, categorize=True).value_counts()
    return int(np.minimum(new.reindex(old.index, fill_value=0), old).sum())


def _span(table: Table, rows: pd.DataFrame) -> tuple[date | None, date | None]:
    days = next((column.stored for column in table.columns if column.kind == "date"), None)
    if days is None or days not in table.key or rows[days].dropna().empty:
        return None, None
    return rows[days].min().date(), rows[days].max().date()
