"""VN2 Inventory Planning Challenge: weekly sales of store-products with in-stock flags."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from evals.histories.history import History, found

FOLDERS = ("vn2",)
SALES, STOCK = "Week 0 - 2024-04-08 - Sales.csv", "Week 0 - In Stock.csv"
MASTER = "Week 0 - Master.csv"
KEY = ["Product", "Store"]


def read_vn2(folder: Path) -> History:
    """Weeks up to week 0; a week out of stock, or before the first one in stock, is missing."""
    sales = pd.read_csv(found(folder, FOLDERS, SALES)).sort_values(KEY)
    flags = pd.read_csv(found(folder, FOLDERS, STOCK)).sort_values(KEY)
    master = pd.read_csv(found(folder, FOLDERS, MASTER)).set_index(KEY)
    about = master.loc[pd.MultiIndex.from_frame(sales[KEY])]
    weeks = [name for name in sales.columns if name not in KEY]
    units = sales[weeks].to_numpy(dtype=np.float64)
    in_stock = flags[weeks].astype(str).to_numpy() == "True"
    path = ["DepartmentGroup", "Department", "Division", "ProductGroup"]
    return History(
        name="vn2",
        skus=[f"P{product:04d}" for product in sales["Product"]],
        locations=[f"S{store:04d}" for store in sales["Store"]],
        categories=["/".join(str(part) for part in row) for row in about[path].to_numpy()],
        units=np.where(in_stock | (units > 0), units, np.nan),
        first_day=date.fromisoformat(weeks[0]),
        bucket_days=7,
    )
