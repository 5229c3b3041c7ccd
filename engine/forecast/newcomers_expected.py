"""How much a person says that an item will sell once it is known."""

import numpy as np
import pandas as pd

from engine.demand.arrays import Floats, Texts

DAYS_PER_WEEK = 7


def expected_units(sku: Texts, launches: pd.DataFrame, bucket_days: int) -> Floats:
    """[newcomer] units per bucket of its item everywhere; NaN where nobody has said.

    `launches` are people's (Decisions.launches).
    """
    said = launches.drop_duplicates("sku", keep="last").set_index("sku")["weekly_units"]
    weekly = pd.Series(sku, dtype=object).map(said.dropna().to_dict())
    return weekly.to_numpy(dtype=np.float64, na_value=np.nan) * bucket_days / DAYS_PER_WEEK


def as_expected(log_level: Floats, factor: Floats, sku: Texts, units: Floats) -> Floats:
    """[newcomer] log levels at which each item sells what a person expects of it.

    An item's newcomers share its `units` in proportion to what is predicted for them, the mean
    exp(log_level) x `factor`. How far the truth may lie from it stays as wide as it was.
    """
    item = pd.factorize(sku)[0]
    whole = np.bincount(item, weights=np.exp(log_level) * factor)[item]
    wanted = np.where(np.isfinite(units), units, whole)
    return log_level + np.log(wanted / whole)
