"""Real sales as a grid of series and buckets, and a grid as a snapshot that cleaning reads."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import InvalidInput
from engine.model.snapshot import Bucket, Snapshot
from evals.snapshots import snapshot_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
M5_LAST_DAYS = 1096  # three years of days say enough, and keep the run short


@dataclass(frozen=True, kw_only=True)
class Grid:
    """`sold` and `in_stock` are [series, bucket]; the bucket is the one of the records.

    Where the source says nothing of stock, only what is masked is on record, as being out of stock.
    """

    name: str
    bucket: Bucket
    keys: pd.DataFrame = field(repr=False)  # sku, location
    starts: pd.DatetimeIndex = field(repr=False)
    sold: Floats = field(repr=False)
    in_stock: Flags = field(repr=False)
    has_stock: bool  # the source records it

    @property
    def week(self) -> int:
        """Buckets of a week."""
        return 1 if self.bucket == "week" else 7


def read_grid(data: Path) -> Grid:
    """VN2 or M5, whichever the folder or a folder right below it holds."""
    for folder in (data, *sorted(each for each in data.iterdir() if each.is_dir())):
        if list(folder.glob("Week 0 - * - Sales.csv")):
            return read_vn2(folder)
        if (folder / "sales_d1_d1913.csv").exists():
            return read_m5(folder)
    raise InvalidInput(
        f"{data} holds neither VN2 (Week 0 - DATE - Sales.csv, Week 0 - In Stock.csv) nor M5 "
        "(sales_d1_d1913.csv, calendar.csv). Name the folder of one of them."
    )


def read_vn2(folder: Path) -> Grid:
    """Weekly sales with recorded in-stock flags."""
    sales = pd.read_csv(next(folder.glob("Week 0 - * - Sales.csv")))
    flags = pd.read_csv(folder / "Week 0 - In Stock.csv").iloc[:, : sales.shape[1]]
    names = [sales["Product"].astype(str), sales["Store"].astype(str)]
    return Grid(
        name="VN2",
        bucket="week",
        keys=pd.DataFrame({"sku": names[0], "location": names[1]}),
        starts=pd.DatetimeIndex(sales.columns[2:]),
        sold=sales.iloc[:, 2:].to_numpy(np.float64),
        in_stock=flags.iloc[:, 2:].to_numpy(np.bool_),
        has_stock=True,
    )


def read_m5(folder: Path) -> Grid:
    """Daily sales; nothing says what was out of stock, so all counts as in stock once it sold."""
    sales = pd.read_csv(folder / "sales_d1_d1913.csv")
    dates = pd.read_csv(folder / "calendar.csv").set_index("d")["date"]
    days = list(sales.columns[1:][-M5_LAST_DAYS:])
    parts = sales["id"].str.split("_")
    sold = sales[days].to_numpy(np.float64)
    return Grid(
        name="M5",
        bucket="day",
        keys=pd.DataFrame({"sku": parts.str[:3].str.join("_"), "location": "TX_3"}),
        starts=pd.DatetimeIndex(dates[days]),
        sold=sold,
        in_stock=np.cumsum(sold, axis=1) > 0,
        has_stock=False,
    )


def as_snapshot(grid: Grid, sold: Floats, in_stock: Flags) -> Snapshot:
    """The grid with these sales and stock records; a bucket in stock is so from start to end."""
    length = pd.Timedelta(days=7 if grid.bucket == "week" else 1)
    recorded = np.ones_like(in_stock) if grid.has_stock else ~in_stock
    fraction = in_stock[recorded].astype(np.float64)
    tables = {
        "sales": _rows(grid, sold > 0).assign(units=sold[sold > 0], kind="sale"),
        "stock": _rows(grid, recorded).assign(in_stock_fraction=fraction),
        "items": pd.DataFrame({"sku": sorted(set(grid.keys["sku"])), "category": "goods"}),
    }
    return snapshot_of(
        grid.name, tables, first_day=grid.starts[0].date(),
        as_of=(grid.starts[-1] + length).date(), sales_bucket=grid.bucket,
    )  # fmt: skip


def _rows(grid: Grid, which: Flags) -> pd.DataFrame:
    row, bucket = np.nonzero(which)
    named = grid.keys.iloc[row].reset_index(drop=True)
    return named.assign(date=grid.starts[bucket])
