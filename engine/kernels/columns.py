"""Columns of a frame as plain typed values: where pandas ends and arithmetic begins."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def texts(frame: pd.DataFrame, name: str) -> list[str]:
    """A text column without gaps."""
    return [str(each) for each in frame[name]]


def optional_texts(frame: pd.DataFrame, name: str) -> list[str | None]:
    """A text column; None where empty."""
    return [each if isinstance(each, str) and each else None for each in frame[name]]


def reals(frame: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """A column of numbers; NaN where empty."""
    return frame[name].to_numpy(dtype=np.float64, na_value=np.nan)


def whole(frame: pd.DataFrame, name: str, empty: int = 0) -> NDArray[np.int64]:
    """A column of whole numbers; `empty` where there is none."""
    values = frame[name]
    if values.dtype.kind in "iu":
        return values.to_numpy(dtype=np.int64)
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isnan(numbers), empty, numbers).astype(np.int64)


def flags(frame: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    return frame[name].to_numpy(dtype=np.bool_)


def ordinals(frame: pd.DataFrame, name: str) -> NDArray[np.int64]:
    """A date column as day ordinals (`date.toordinal`); -1 where there is none."""
    stamps = pd.to_datetime(frame[name]).to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(stamps), -1, stamps.astype(np.int64) + _EPOCH).astype(np.int64)


_EPOCH = 719_163  # date(1970, 1, 1).toordinal()
