"""Array types and sums over groups; no loop over series anywhere in this room."""

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Places = NDArray[np.int32]  # positions in what has fewer than two milliards
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]
Keys = NDArray[np.uint64]

ROWS_AT_ONCE = 512


def floats(column: "pd.Series[Any]") -> Floats:
    """A column as plain numbers; what is missing is NaN."""
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def ints(column: "pd.Series[Any]") -> Ints:
    """A column of whole numbers without gaps."""
    return np.asarray(column.to_numpy(dtype=np.int64), dtype=np.int64)


def texts(column: "pd.Series[Any]") -> Texts:
    """A column of names; what is missing stays None or NaN."""
    return np.asarray(column.to_numpy(dtype=object), dtype=np.object_)


def bools(column: "pd.Series[Any]") -> Bools:
    return np.asarray(column.to_numpy(dtype=np.bool_), dtype=np.bool_)


def day_numbers(dates: "pd.Series[Any]") -> Ints:
    """Days since 1970-01-01; a missing date is the smallest integer."""
    return np.asarray(dates.to_numpy(dtype="datetime64[D]")).astype(np.int64)


def sum_into(shape: tuple[int, int], cells: Ints, values: Floats) -> Floats:
    """Sums of `values` per flat cell of a matrix; a cell of -1 is dropped."""
    inside = cells >= 0
    flat = np.bincount(cells[inside], weights=values[inside], minlength=shape[0] * shape[1])
    return flat.astype(np.float64).reshape(shape)


def sum_groups(values: Floats, codes: Ints, groups: int) -> Floats:
    """Sums of rows per group: [series, k] -> [group, k], in a fixed order of addition."""
    sums = np.zeros((groups, values.shape[1]))
    if len(codes) == 0:
        return sums
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    firsts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sums[ordered[firsts]] = np.add.reduceat(values[order], firsts, axis=0)
    return sums


def window_sum(values: Floats, half_width: int) -> Floats:
    """Centred moving sum over 2 x half_width + 1 buckets, cut off at both ends."""
    buckets = values.shape[1]
    half = min(half_width, buckets - 1)
    running = np.cumsum(values, axis=1)
    # Slices, not index arrays: this is the innermost step of every fit.
    sums = np.empty_like(running)
    sums[:, : buckets - half] = running[:, half:]
    sums[:, buckets - half :] = running[:, -1:]
    sums[:, half + 1 :] -= running[:, : buckets - half - 1]
    return sums


def row_parts(rows: int) -> list[slice]:
    """Consecutive rows, so few at a time that arrays of them stay near the processor."""
    return [slice(first, first + ROWS_AT_ONCE) for first in range(0, max(rows, 1), ROWS_AT_ONCE)]


def window_total(amounts: Floats, half_width: int) -> Floats:
    """`window_sum` of amounts that are never negative, without the dust that differences leave."""
    return np.maximum(window_sum(amounts, half_width), 0.0)


def clipped(values: Floats, least: float, most: float) -> Floats:
    """Values held between two bounds."""
    return np.minimum(np.maximum(values, least), most)


def spaced(rows: Ints, most: int) -> Ints:
    """At most `most` of the rows, evenly spaced through all of them."""
    return rows if len(rows) <= most else rows[np.arange(most) * len(rows) // most]


def single(values: Floats) -> Floats:
    """In single precision, where speed matters more than the eighth digit; typed as before."""
    return cast("Floats", values.astype(np.float32))


def any_bucket(flags: Bools) -> Bools:
    """[series]: does it hold in any bucket?"""
    return np.asarray(np.any(flags, axis=1), dtype=np.bool_)


def ratio(numerator: Floats, denominator: Floats, otherwise: float = 0.0) -> Floats:
    """Element-wise division; `otherwise` where the denominator is not positive."""
    full = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), otherwise)
    return np.divide(numerator, denominator, out=full, where=denominator > 0)
