"""Car parts (R package expsmooth): 2,674 spare parts, 51 months."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from evals.histories.history import Floats, History, found

FOLDERS = ("carparts",)
FILE = "carparts.csv"
FIRST_DAY = date(1998, 1, 5)  # a Monday; the calendar means nothing here


def read_carparts(folder: Path) -> History:
    """Months mapped onto consecutive weekly buckets, because the engine knows days and weeks.

    Nothing in the engine learns from the calendar then: 51 buckets are less than a year, so no
    yearly season is fitted, and there are no holidays. Half-lives that the engine states in days
    become spans of as many weeks as the data have months. Leading and trailing gaps of a part are
    cut, and parts that end earlier are moved so that all end in the last bucket; a gap inside a
    part stays missing.
    """
    frame = pd.read_csv(found(folder, FOLDERS, FILE))
    parts = sorted(name for name in frame.columns if name != "month")
    units = ended_together(frame[parts].to_numpy(dtype=np.float64).T)
    return History(
        name="carparts",
        skus=[f"N{name}" for name in parts],
        locations=["MAIN"] * len(parts),
        categories=["parts"] * len(parts),
        units=units,
        first_day=FIRST_DAY,
        bucket_days=7,
    )


def ended_together(units: Floats) -> Floats:
    """Each row moved to the right until its last number stands in the last column."""
    buckets = units.shape[1]
    trailing = np.isfinite(units[:, ::-1]).argmax(axis=1)
    source = np.arange(buckets)[None, :] - trailing[:, None]
    moved = np.take_along_axis(units, np.maximum(source, 0), axis=1)
    return np.where(source >= 0, moved, np.nan)
