"""M5 (Walmart), one store and department: daily units per item, or weeks of them."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from evals.histories.history import Floats, History, found

FOLDERS = ("m5_tx3_foods3",)
FIRST_FILE = "sales_d1_d1913.csv"
LATER_FILES = ("sales_d1914_d1941.csv", "sales_d1942_d1969.csv")
FIRST_DAY = date(2011, 1, 29)  # d_1
WEEK = 7


def read_m5(folder: Path) -> History:
    """Daily units of every item, later files joined where present; an item begins when it sells."""
    frame = _read(found(folder, FOLDERS, FIRST_FILE))
    for name in LATER_FILES:
        later = found(folder, FOLDERS, FIRST_FILE).with_name(name)
        if later.is_file():
            frame = frame.join(_read(later))
    frame = frame.sort_index()
    return History(
        name="m5",
        skus=[str(item) for item in frame.index],
        locations=["TX_3"] * len(frame),
        categories=["FOODS/FOODS_3"] * len(frame),
        units=from_first_sale(frame.to_numpy(dtype=np.float64)),
        first_day=FIRST_DAY,
        bucket_days=1,
    )


def _read(path: Path) -> pd.DataFrame:
    """Items by day; the columns in the order of days."""
    frame = pd.read_csv(path)
    days = sorted((c for c in frame.columns if c.startswith("d_")), key=lambda c: int(c[2:]))
    frame.index = pd.Index(
        frame["id"].astype(str).str.replace(r"_(validation|evaluation)$", "", regex=True)
    )
    return frame[days]


def from_first_sale(units: Floats) -> Floats:
    """What comes before a series' first sale is missing."""
    begun = np.maximum.accumulate(np.nan_to_num(units) > 0, axis=1)
    return np.where(begun, units, np.nan)


def weekly(history: History) -> History:
    """Whole weeks that end on the last day; a week counts where all of its days do."""
    weeks = history.buckets // WEEK
    cut = history.buckets - weeks * WEEK
    units = history.units[:, cut:].reshape(len(history.units), weeks, WEEK).sum(axis=2)
    first = history.first_day + timedelta(days=cut)
    return replace(history, units=units, first_day=first, bucket_days=WEEK)
