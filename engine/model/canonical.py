"""One text per content: what digests, run ids and audit seals are computed from."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence, Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast

import numpy as np
import pandas as pd


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces; equal content gives equal text in any process.

    Frames become lists of rows in their own order; sets are sorted; NaN and NaT become null.
    Raises TypeError for what has no one text form.
    """
    return _text(plain(value))


def digest(value: object) -> str:
    """SHA-256 of the canonical text, hexadecimal."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def digest_of_plain(value: object) -> str:
    """The digest of what `plain` or `plain_rows` gave, without looking at each value again."""
    return hashlib.sha256(_text(value).encode()).hexdigest()


def plain(value: object) -> object:
    """The value as text, numbers, flags, None, lists and objects, as `canonical_json` writes it."""
    return _plain(value)


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: object) -> object:  # noqa: PLR0911  one case per kind of value
    if isinstance(value, np.generic):
        value = cast("object", value.item())
    if value is None or value is pd.NaT or isinstance(value, str | bool | int):
        return None if value is pd.NaT else value
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, pd.DataFrame):
        return plain_rows(value)
    if is_dataclass(value) and not isinstance(value, type):
        # Not asdict(), which copies everything deeply before it is read once.
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return _plain_collection(value)


def plain_rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Rows of plain values as `canonical_json` writes them; missing ones are None."""
    names = [str(name) for name in frame.columns]
    columns = [_plain_column(frame.iloc[:, place]) for place in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain_column(column: pd.Series) -> list[object]:
    """Whole numbers and flags need no look at each; of reals only the missing ones do."""
    values = cast("list[object]", column.tolist())
    kind = column.dtype.kind
    if kind in "iub" and isinstance(column.dtype, np.dtype):
        return values
    if kind == "f" and isinstance(column.dtype, np.dtype):
        return [None if value != value else value for value in values]  # noqa: PLR0124  NaN alone
    return [value if type(value) is str else _plain(value) for value in values]


def _plain_collection(value: object) -> object:
    if isinstance(value, Mapping):
        rows = cast("Mapping[object, object]", value)
        return {str(key): _plain(each) for key, each in rows.items()}
    if isinstance(value, AbstractSet):
        return sorted((_plain(each) for each in cast("AbstractSet[object]", value)), key=repr)
    if isinstance(value, np.ndarray):
        return _plain(cast("object", value.tolist()))
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_plain(each) for each in cast("Sequence[object]", value)]
    raise TypeError(f"{type(value).__name__} has no canonical text")
