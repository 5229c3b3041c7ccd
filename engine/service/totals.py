"""Totals of a stored plan: what the company, a location or a category is expected to sell."""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from engine.errors import UnknownName
from engine.model.forecast import Forecast
from engine.service.reading import RunHeader
from engine.service.stores import Stores

Floats = NDArray[np.float64]
TOTALS = "totals"  # name of the artefact
# Said beside every total; engine.forecast.hierarchy makes them.
HOW_MADE = (
    "It is made bottom-up: the sum of the forecasts of its items in their places, so it always "
    "agrees with them; what moves all of them at once could take it outside the band."
)
LEVELS = ("company", "location", "category")


@dataclass(frozen=True, kw_only=True)
class TotalView:
    """One total over the horizon; `low` and `high` are the ends of the middle 80 %, per step."""

    level: str
    name: str
    starts: tuple[date, ...]
    bucket_days: int
    mean: Floats = field(repr=False)
    low: Floats = field(repr=False)
    high: Floats = field(repr=False)
    channels: tuple[str, ...] = ()
    by_channel: Floats = field(default_factory=lambda: np.zeros((0, 0)), repr=False)


def totals_table(forecast: Forecast) -> pa.Table:
    """A row per total: level, name, and per step mean, low, high and the parts by channel."""
    from engine.forecast.hierarchy import totals  # who reads a plan is spared the computing rooms

    found = totals(forecast)
    low, high = (found.quantiles[..., forecast.levels.index(level)] for level in (0.1, 0.9))
    channels = found.by_channel.reshape(len(found.mean), -1)
    columns: dict[str, pa.Array[Any]] = {
        name: pa.array(list(found.names[name]), type=pa.string()) for name in ("level", "name")
    }
    for name, values in (
        ("mean", found.mean), ("low", low), ("high", high), ("by_channel", channels),
    ):  # fmt: skip
        columns[name] = pa.array(values.tolist(), type=pa.list_(pa.float64()))
    shape = {
        "bucket_days": forecast.bucket_days,
        "starts": [day.date().isoformat() for day in forecast.starts],
        "channels": list(forecast.channels),
    }
    return pa.table(columns).replace_schema_metadata({"quartermaster": json.dumps(shape)})


def read_total(stores: Stores, run: RunHeader, level: str, name: str = "") -> TotalView:
    """One total of a run; raises UnknownName when the plan has no such location or category."""
    if TOTALS not in run.artefacts:
        raise UnknownName("total in this plan", f"{level} {name}".strip())
    table = stores.blobs.find_rows(str(run.artefacts[TOTALS]), {"level": level, "name": name})
    if table.num_rows != 1:
        raise UnknownName(level, name)
    row = table.to_pylist()[0]
    shape = json.loads((table.schema.metadata or {})[b"quartermaster"])
    starts = tuple(date.fromisoformat(day) for day in shape["starts"])
    return TotalView(
        level=level, name=name, starts=starts, bucket_days=shape["bucket_days"],
        mean=np.array(row["mean"]), low=np.array(row["low"]), high=np.array(row["high"]),
        channels=tuple(shape["channels"]),
        by_channel=np.array(row["by_channel"]).reshape(-1, len(starts)),
    )  # fmt: skip
