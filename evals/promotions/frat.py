"""Breakfast at the Frat (dunnhumby) as arrays: store x product by week."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import InvalidInput

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
TRANSACTIONS = ("transaction.csv.gz", "transaction.csv")
FOLDER = "breakfast_at_the_frat"
FLAGS = ("feature", "display", "tpr_only")


@dataclass(frozen=True, kw_only=True)
class Frat:
    """Axes [pair, week], pairs in sorted order of (upc, store); NaN where the file has no row.

    A row that is absent says nothing about demand: it is missing, never zero.
    """

    starts: pd.DatetimeIndex = field(repr=False)  # first day of each week
    pairs: pd.DataFrame = field(repr=False)  # upc, store, category, name
    units: Floats = field(repr=False)
    price: Floats = field(repr=False)  # paid, dollars
    base: Floats = field(repr=False)  # list price, dollars
    feature: Bools = field(repr=False)
    display: Bools = field(repr=False)
    tpr: Bools = field(repr=False)  # price cut on the shelf only

    @property
    def weeks(self) -> int:
        return len(self.starts)

    @property
    def present(self) -> Bools:
        return np.isfinite(self.units)

    @property
    def promoted(self) -> Bools:
        return self.feature | self.display | self.tpr

    @property
    def depth(self) -> Floats:
        """Share off the list price, 0 to 1; 0 where there is no row."""
        return np.clip(np.nan_to_num(1.0 - self.price / self.base), 0.0, 1.0)


def load_frat(folder: Path) -> Frat:
    """The dataset in `folder` or in its sub-folder; InvalidInput names what is missing."""
    home = _home(folder)
    path = next(home / name for name in TRANSACTIONS if (home / name).exists())
    rows = pd.read_csv(path, dtype={"store_id": str, "upc_id": str})
    products = pd.read_csv(home / "product.csv", dtype=str).set_index("upc_id")
    week = pd.to_datetime(rows["week_end_date"]) - pd.Timedelta(days=6)
    starts = pd.date_range(week.min(), week.max(), freq="7D")
    keys = pd.MultiIndex.from_arrays([rows["upc_id"], rows["store_id"]], names=["upc", "store"])
    code, unique = pd.factorize(keys, sort=True)
    shape = (len(unique), len(starts))
    cell = code * shape[1] + ((week - starts[0]).dt.days // 7).to_numpy()

    def grid(values: Floats) -> Floats:
        flat = np.full(shape[0] * shape[1], np.nan)
        flat[cell] = values
        return flat.reshape(shape)

    price, base = rows["price"].fillna(rows["base_price"]), rows["base_price"].fillna(rows["price"])
    flags = {name: grid(rows[name].to_numpy(dtype=float)) > 0 for name in FLAGS}
    pairs = pd.DataFrame(list(unique), columns=["upc", "store"])
    kind = products.reindex(pairs["upc"])
    return Frat(
        starts=starts,
        pairs=pairs.assign(
            category=(kind["category"] + "/" + kind["sub_category"].str.replace("/", " & "))
            .fillna("")
            .to_numpy(dtype=object),
            name=kind["description"].fillna("").to_numpy(dtype=object),
        ),
        units=grid(rows["units"].to_numpy(dtype=float)),
        price=grid(price.to_numpy(dtype=float)),
        base=grid(base.where(base > 0, price).to_numpy(dtype=float)),
        feature=flags["feature"],
        display=flags["display"],
        tpr=flags["tpr_only"],
    )


def forward_filled(units: Floats) -> Floats:
    """[pair, week] with absent weeks filled by the last value; NaN before the first one."""
    return pd.DataFrame(units).ffill(axis=1).to_numpy(dtype=np.float64)


def _home(folder: Path) -> Path:
    for home in (folder, folder / FOLDER):
        if any((home / name).exists() for name in TRANSACTIONS):
            if (home / "product.csv").exists():
                return home
            raise InvalidInput(f"{home} has no product.csv; copy the whole dataset there.")
    raise InvalidInput(
        f"{folder} holds neither transaction.csv.gz nor a folder {FOLDER}; "
        "name the folder of Breakfast at the Frat with --data."
    )
