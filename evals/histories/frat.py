"""Breakfast at the Frat (dunnhumby): weekly units of 55 products in 77 stores."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from evals.histories.history import History, found

FOLDERS = ("breakfast_at_the_frat",)
TRANSACTIONS, PRODUCTS = "transaction.csv.gz", "product.csv"


def read_frat(folder: Path) -> History:
    """Units only, no prices or promotions; a pair's week without a row is missing, never zero."""
    rows = pd.read_csv(
        found(folder, FOLDERS, TRANSACTIONS),
        usecols=["week_end_date", "store_id", "upc_id", "units"],
        parse_dates=["week_end_date"],
    )
    products = pd.read_csv(found(folder, FOLDERS, PRODUCTS)).set_index("upc_id")
    wide = rows.pivot_table(
        index=["upc_id", "store_id"], columns="week_end_date", values="units", aggfunc="sum"
    )
    weeks = pd.date_range(wide.columns.min(), wide.columns.max(), freq="7D")
    wide = wide.reindex(columns=weeks).sort_index()
    upc = wide.index.get_level_values("upc_id")
    about = products.loc[upc, ["category", "sub_category"]].to_numpy()
    return History(
        name="frat",
        skus=[f"U{code:014d}" for code in upc],
        locations=[f"S{store:06d}" for store in wide.index.get_level_values("store_id")],
        categories=["/".join(str(part) for part in row) for row in about],
        units=wide.to_numpy(dtype=np.float64),
        first_day=(weeks[0] - timedelta(days=6)).date(),
        bucket_days=7,
    )
