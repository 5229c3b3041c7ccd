"""The last record of each SKU-location."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def latest_records(stock: pd.DataFrame) -> Ints:
    """Positions of the latest counted record of each sku and location, in rising order.

    Of several of one date the last row counts; rows without a count (`on_hand`) do not.
    """
    counted = np.flatnonzero(stock["on_hand"].notna().to_numpy(dtype=np.bool_))
    if not len(counted):
        return counted
    sku, location = _codes(stock["sku"]), _codes(stock["location"])
    key = (sku * (int(location.max()) + 1) + location)[counted]
    dates = stock["date"].to_numpy(dtype="datetime64[D]").astype(np.int64)[counted]
    order = np.argsort(dates, kind="stable")
    last = np.full(int(key.max()) + 1, -1, dtype=np.int64)
    last[key[order]] = counted[order]  # of repeated keys the last assignment stays
    return np.sort(last[last >= 0])


def _codes(values: "pd.Series[str]") -> Ints:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy().astype(np.int64)
    return np.asarray(pd.factorize(values)[0], dtype=np.int64)
