"""InventoryBench instances: demand that was, demand to come, lead times that nobody is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import InvalidInput

Floats = NDArray[np.float64]
FOLDER = "inventorybench_dev"
PROMISED = {"0": 0, "4": 4, "stochastic": 2}  # periods, by the end of the folder's name
UNDATED_FROM = date(2001, 1, 1)  # a Monday; periods without a date follow each other by weeks
WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One item. `past` periods are known at the start, `demand` comes period by period.

    `lead` is the periods that an order placed in each period takes; infinite: it never comes.
    `starts` is the first day of every period, the past ones first.
    """

    family: str  # such as real/lead_time_4
    name: str
    starts: tuple[date, ...] = field(repr=False)
    past: Floats = field(repr=False)
    demand: Floats = field(repr=False)
    lead: Floats = field(repr=False)
    promised: int  # periods, as the buyer is told
    profit: float  # of a unit sold
    holding: float  # of a unit in stock at the end of a period

    @property
    def periods(self) -> int:
        return len(self.demand)


def load_instances(folder: Path) -> list[Instance]:
    """Every instance below `folder`, sorted by family and name; InvalidInput without any."""
    home = _home(folder)
    found = [_read(home, path) for path in sorted(home.glob("*/lead_time_*/**/test.csv"))]
    if not found:
        raise InvalidInput(
            f"{folder} holds no KIND/lead_time_*/**/test.csv; name the folder of InventoryBench's "
            "instances with --data."
        )
    return sorted(found, key=lambda each: (each.family, each.name))


def sampled(instances: Sequence[Instance], count: int | None) -> list[Instance]:
    """`count` of them, drawn by the hash of their names so that every family has its share."""
    if count is None or count >= len(instances):
        return list(instances)

    def luck(each: Instance) -> bytes:
        return blake2b(f"{each.family}/{each.name}".encode(), digest_size=8).digest()

    chosen = {(each.family, each.name) for each in sorted(instances, key=luck)[:count]}
    return [each for each in instances if (each.family, each.name) in chosen]


def _home(folder: Path) -> Path:
    inner = [folder, folder / FOLDER, *sorted(p for p in folder.glob("*") if p.is_dir())]
    return next((home for home in inner if any(home.glob("*/lead_time_*"))), folder)


def _read(home: Path, path: Path) -> Instance:
    kind, leads, *rest = path.parent.relative_to(home).parts
    train, test = pd.read_csv(path.with_name("train.csv")), pd.read_csv(path)
    columns = {str(name).split("_")[0]: str(name) for name in test.columns}
    try:
        lead, profit, holding = (
            pd.to_numeric(test[columns[name]]).to_numpy(dtype=np.float64)
            for name in ("lead", "profit", "holding")
        )
        promised = PROMISED[leads.removeprefix("lead_time_")]
    except KeyError as missing:
        raise InvalidInput(
            f"{path} lacks {missing}; expected are columns exact_dates_, demand_, lead_time_, "
            "profit_ and holding_cost_, in a folder lead_time_0, _4 or _stochastic."
        ) from None
    dates = [*train.iloc[:, 0].astype(str), *test[columns["exact"]].astype(str)]
    return Instance(
        family=f"{kind.removesuffix('_trajectory')}/{leads}",
        name="/".join(rest),
        starts=_starts(dates),
        past=train.iloc[:, 1].to_numpy(dtype=np.float64),
        demand=test[columns["demand"]].to_numpy(dtype=np.float64),
        lead=lead,
        promised=promised,
        profit=float(profit[0]),
        holding=float(holding[0]),
    )


def _starts(dates: list[str]) -> tuple[date, ...]:
    """The dates as written, or weeks one after the other where periods are only numbered."""
    days = pd.to_datetime(pd.Series(dates), errors="coerce", format="mixed")
    if bool(days.isna().any()):
        return tuple(UNDATED_FROM + WEEK * k for k in range(len(dates)))
    return tuple(day.date() for day in days)
