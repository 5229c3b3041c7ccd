"""The folder of M5 files as arrays: items x days."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import InvalidInput

Floats = NDArray[np.float64]
_SALES = re.compile(r"sales_d(\d+)_d(\d+)\.csv(\.gz)?$")
_ID = re.compile(r"^(?P<item>.+_\d{3})_(?P<store>[A-Z]{2}_\d+)(_(validation|evaluation))?$")


@dataclass(frozen=True, kw_only=True)
class M5Data:
    """Axes: [item, day]; day 0 is d_1."""

    items: tuple[str, ...]
    store: str
    days: pd.DatetimeIndex = field(repr=False)  # of the sales, and further as the calendar goes
    units: Floats = field(repr=False)  # [item, day with sales]
    price: Floats = field(repr=False)  # [item, day of `days`]; NaN where it was not for sale
    events: pd.DataFrame = field(repr=False)  # date, name

    @property
    def state(self) -> str:
        return self.store.split("_")[0]


def load(folder: Path) -> M5Data:
    """Every `sales_dA_dB.csv` in order of days, joined by item; calendar and sell prices."""
    place = _place(folder)
    sales = _sales(place)
    found = [_ID.match(name) for name in sales.index]
    if not all(found):
        raise InvalidInput(
            f"Ids must look like FOODS_3_001_TX_3_validation, got {sales.index[0]!r}."
        )
    items = tuple(match["item"] for match in found if match)
    stores = sorted({match["store"] for match in found if match})
    if len(stores) != 1:
        raise InvalidInput(f"One store at a time, got {', '.join(stores)}. Give one store's files.")
    calendar = pd.read_csv(_one(place, "calendar.csv*"), parse_dates=["date"])
    return M5Data(
        items=items, store=stores[0], days=pd.DatetimeIndex(calendar["date"]),
        units=sales.to_numpy(dtype=np.float64), price=_prices(place, items, calendar),
        events=_events(calendar, stores[0].split("_")[0]),
    )  # fmt: skip


def _place(folder: Path) -> Path:
    inside = [folder, *sorted(path for path in folder.glob("*m5*") if path.is_dir())]
    for place in inside:
        if any(_SALES.search(path.name) for path in place.glob("sales_d*")):
            return place
    raise InvalidInput(
        f"No sales_d1_dN.csv in {folder} or in a folder *m5* below it. Give the folder that holds "
        "sales_d1_d1913.csv, calendar.csv and sell_prices_*.csv.gz."
    )


def _one(place: Path, pattern: str) -> Path:
    found = sorted(place.glob(pattern))
    if not found:
        raise InvalidInput(f"No file {pattern} in {place}; it belongs to the M5 data.")
    return found[0]


def _sales(place: Path) -> pd.DataFrame:
    """Columns d_1 .. d_N without a gap, one row per id of the first file."""
    spans = []
    for path in sorted(place.glob("sales_d*")):
        match = _SALES.search(path.name)
        if match:
            spans.append((int(match[1]), int(match[2]), path))
    whole = pd.DataFrame()
    for first, last, path in sorted(spans):
        part = _part(path, first, last)
        if whole.empty:
            whole = part
        elif first == whole.shape[1] + 1:
            whole = whole.join(_same_items(part, whole, path))
        else:
            message = f"{path.name} begins at d_{first}, but d_{whole.shape[1] + 1} comes next."
            raise InvalidInput(f"{message} Files must follow each other without a gap.")
    return whole


def _part(path: Path, first: int, last: int) -> pd.DataFrame:
    frame = pd.read_csv(path).set_index("id")
    return frame[[f"d_{day}" for day in range(first, last + 1)]].sort_index()


def _same_items(part: pd.DataFrame, whole: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Later files may call the ids `_evaluation`; the item is the same."""
    plain = part.set_axis([re.sub(r"_(validation|evaluation)$", "", name) for name in part.index])
    wanted = [re.sub(r"_(validation|evaluation)$", "", name) for name in whole.index]
    missing = sorted(set(wanted) - set(plain.index))
    if missing:
        raise InvalidInput(f"{path.name} lacks {len(missing)} items, such as {missing[0]!r}.")
    return plain.loc[wanted].set_axis(whole.index)


def _prices(place: Path, items: tuple[str, ...], calendar: pd.DataFrame) -> Floats:
    table = pd.read_csv(_one(place, "sell_prices*.csv*"))
    table = table.drop_duplicates(["item_id", "wm_yr_wk"])
    by_week = table.pivot_table(index="item_id", columns="wm_yr_wk", values="sell_price")
    return by_week.reindex(index=list(items), columns=calendar["wm_yr_wk"]).to_numpy(np.float64)


def _events(calendar: pd.DataFrame, state: str) -> pd.DataFrame:
    """Named events, and the days on which the state pays food stamps (SNAP)."""
    parts = [
        calendar[["date", name]].rename(columns={name: "name"})
        for name in ("event_name_1", "event_name_2")
        if name in calendar
    ]
    snap = f"snap_{state}"
    if snap in calendar:
        parts.append(calendar.loc[calendar[snap] == 1, ["date"]].assign(name="SNAP"))
    return pd.concat(parts).dropna().sort_values(["date", "name"]).reset_index(drop=True)
