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
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: object) -> str:
    """SHA-256 of the canonical text, hexadecimal."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


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
        return [_plain(row) for row in cast("list[object]", value.to_dict("records"))]
    if is_dataclass(value) and not isinstance(value, type):
        # Not asdict(), which copies everything deeply before it is read once.
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return _plain_collection(value)


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
