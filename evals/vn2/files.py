"""The competition's files: sales of later weeks, and the stock that everyone began with."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import InvalidInput
from evals.histories.history import History, found
from evals.histories.vn2 import FOLDERS, KEY, SALES, read_vn2

Floats = NDArray[np.float64]
STATE = "Week 0 - 2024-04-08 - Initial State.csv"
ROUNDS = 8
_LATER = re.compile(r"Week ([1-8]) - (\d{4}-\d{2}-\d{2}) - Sales\.csv$")


@dataclass(frozen=True, kw_only=True)
class Stock:
    """Units per series before the week begins: on the shelf, arriving now, and a week later."""

    on_hand: Floats = field(repr=False)
    arriving: Floats = field(repr=False)
    next_week: Floats = field(repr=False)

    @property
    def position(self) -> Floats:
        return self.on_hand + self.arriving + self.next_week


@dataclass(frozen=True, kw_only=True)
class Official:
    """The competition itself: history to week 0, then demand [series, week] of weeks 1..8."""

    history: History
    demand: Floats = field(repr=False)
    start: Stock

    def known_before(self, week: int) -> History:
        """What is known before week 1..8 begins; later weeks count as in stock throughout."""
        units = np.concatenate([self.history.units, self.demand[:, : week - 1]], axis=1)
        return replace(self.history, units=units)


def load_history(folder: Path) -> History:
    """Weeks to week 0; NaN where out of stock."""
    return read_vn2(folder)


def load_official(folder: Path) -> Official | None:
    """The official replay, or None where any of the eight later weeks is absent."""
    place = found(folder, FOLDERS, SALES).parent
    weeks = _later_files(place)
    if len(weeks) < ROUNDS:
        return None
    history = read_vn2(folder)
    keys = _sorted(pd.read_csv(place / SALES))[KEY]
    known = {name for name in pd.read_csv(place / SALES, nrows=0).columns if name not in KEY}
    columns: list[Floats] = []
    for week in range(1, ROUNDS + 1):
        path, day = weeks[week]
        columns.append(_new_column(path, day, known, keys))
    return Official(history=history, demand=np.stack(columns, axis=1), start=_start(place, keys))


def _later_files(place: Path) -> dict[int, tuple[Path, date]]:
    named = [(path, _LATER.search(path.name)) for path in sorted(place.glob("Week * - Sales.csv"))]
    return {int(match[1]): (path, date.fromisoformat(match[2])) for path, match in named if match}


def _new_column(path: Path, day: date, known: set[str], keys: pd.DataFrame) -> Floats:
    """Demand of the one week that no earlier file has; `known` grows by it."""
    table = _aligned(pd.read_csv(path), path, keys)
    new = [name for name in table.columns if name not in known and name not in KEY]
    if new != [day.isoformat()]:
        raise InvalidInput(
            f"{path.name} must add the one column {day.isoformat()}, it adds {new}. "
            "Give the files of weeks 1 to 8 as the competition published them."
        )
    known.add(new[0])
    return table[new[0]].to_numpy(dtype=np.float64)


def _start(place: Path, keys: pd.DataFrame) -> Stock:
    table = _aligned(pd.read_csv(place / STATE), place / STATE, keys)
    names = ("End Inventory", "In Transit W+1", "In Transit W+2")
    on_hand, arriving, next_week = (table[name].to_numpy(dtype=np.float64) for name in names)
    return Stock(on_hand=on_hand, arriving=arriving, next_week=next_week)


def _aligned(table: pd.DataFrame, path: Path, keys: pd.DataFrame) -> pd.DataFrame:
    rows = _sorted(table)
    if not rows[KEY].equals(keys):
        raise InvalidInput(
            f"{path.name} has other store-products than {SALES}: {len(rows)} rows against "
            f"{len(keys)}. All files must be of the same competition."
        )
    return rows


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(KEY).reset_index(drop=True)
