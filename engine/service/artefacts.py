"""What a run computed per series, as Arrow tables: one row per series, arrays as list columns.

Arrays are flattened in C order, so a row of `quantiles` is step-major; the shapes are in the
table's metadata. Equal inputs give equal bytes, so these blobs take part in the plan's digest.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from engine.errors import UnknownName
from engine.kernels.waterfall import over_steps
from engine.model.forecast import DRIVERS, Forecast
from engine.model.panel import DemandPanel
from engine.service.stores import Stores

Floats = NDArray[np.float64]
# What comparing forecasts with what happened needs, of all series at once.
COMPARED = [
    "sku", "location", "observed", "in_stock", "mean", "drivers", "backtest_wape",
    "backtest_bias", "backtest_units", "naive_wape", "tracking_signal",
]  # fmt: skip
SUM_BAND = (0.1, 0.9)  # of demand summed over the first buckets: holds it four times out of five
TRACKED = ("naive_wape", "tracking_signal", "drift_share")
UNITS = ("backtest_units", "drift_units")


@dataclass(frozen=True, kw_only=True)
class ForecastView:
    """One series as a person looks at it: its history, its forecast and what drives it."""

    sku: str
    location: str
    name: str
    category: str
    method: str
    reason: str
    confidence: str
    confidence_reason: str  # a sentence; empty in runs stored before it was kept
    demand_class: str
    backtest_wape: float  # of one bucket ahead; NaN where there was too little history
    backtest_bias: float
    naive_wape: float  # of repeating the last week on the same buckets; NaN where unknown
    tracking_signal: float  # sum of errors over their mean size; NaN where unknown
    drift_share: float  # how far demand has run off its forecast; 0 where it has not
    bucket_days: int
    history_starts: tuple[date, ...]
    observed: Floats = field(repr=False)
    clean: Floats = field(repr=False)
    in_stock: Floats = field(repr=False)
    promoted: Floats = field(repr=False)
    starts: tuple[date, ...]
    levels: tuple[float, ...]
    mean: Floats = field(repr=False)  # [step]
    quantiles: Floats = field(repr=False)  # [step, level]
    drivers: Floats = field(repr=False)  # [step, driver], sums over drivers to mean
    planned: Floats = field(repr=False)  # [step] share of the step on promotion
    # [step, end] of the band of demand summed up to and with each step; empty in older runs.
    sums: Floats = field(repr=False)
    # The mean by channel of sale, adding up to it; no channel where there is only one.
    channels: tuple[str, ...] = ()
    by_channel: Floats = field(default_factory=lambda: np.zeros((0, 0)), repr=False)
    family_reason: str = ""  # a sentence where a launch or a hand-over moves its demand

    def over_days(self, days: float) -> tuple[float, float, float] | None:
        """Low, mean and high units over the next `days`, within the horizon; None beyond it.

        Inside a bucket the three rise evenly from its beginning to its end.
        """
        ends = self.bucket_days * np.arange(len(self.mean) + 1)
        if len(self.sums) == 0 or not 0 < days <= ends[-1]:
            return None
        low, high = (np.concatenate([[0.0], self.sums[:, end]]) for end in (0, 1))
        mean = np.concatenate([[0.0], np.cumsum(self.mean)])
        low, mean, high = (float(np.interp(days, ends, line)) for line in (low, mean, high))
        return low, mean, high

    def quantile(self, level: float) -> Floats:
        return self.quantiles[:, self.levels.index(level)]

    def driver_totals(self, steps: int | None = None) -> dict[str, float]:
        """Units per driver over the first steps (default: the whole horizon); sums to the mean."""
        units, _ = over_steps(self.drivers, steps)
        return {name: float(each) for name, each in zip(DRIVERS, units, strict=True)}


SHOWN_DAYS = 420  # of history in a chart: a year and some weeks, so last season is in view
SHOWN_DAYS_BY_DAY = 126  # where buckets are days; more would be a carpet
DIFFERS = 0.5  # units between sold and demand from which a correction shows


def shown_buckets(view: ForecastView) -> int:
    """How much of the history a chart shows."""
    days = SHOWN_DAYS if view.bucket_days > 1 else SHOWN_DAYS_BY_DAY
    return min(len(view.observed), max(days // view.bucket_days, 1))


def corrected(view: ForecastView) -> NDArray[np.bool_]:
    """[bucket] of the history shown: does demand differ from what was sold?"""
    shown = shown_buckets(view)
    sold, clean = view.observed[-shown:], view.clean[-shown:]
    known = np.isfinite(sold) & np.isfinite(clean)
    return known & (np.abs(np.nan_to_num(sold) - np.nan_to_num(clean)) > DIFFERS)


def corrected_buckets(view: ForecastView) -> int:
    return int(corrected(view).sum())


def series_table(panel: DemandPanel, forecast: Forecast) -> pa.Table:
    """Panel and forecast as one table, a row per series in (sku, location) order."""
    # Only who plans computes bands; who reads them is spared the numeric libraries.
    from engine.forecast.sums import running_quantiles

    rows = forecast.series
    text = ("sku", "location", "name", "category", "method", "reason", "confidence", "demand_class")
    columns: dict[str, pa.Array[Any]] = {
        name: pa.Array.from_pandas(rows[name].astype("object"), type=pa.string()) for name in text
    }
    why = rows["confidence_reason"] if "confidence_reason" in rows else [""] * len(rows)
    columns["confidence_reason"] = pa.array([str(each) for each in why], type=pa.string())
    for name in ("backtest_wape", "backtest_bias", *TRACKED, *UNITS):
        # A series that a test made up has none of them.
        values = rows[name] if name in rows else pd.Series(np.nan, index=rows.index)
        columns[name] = pa.array(values.to_numpy(dtype=np.float64))
    none = np.zeros((len(rows), 0))
    arrays = {
        "observed": panel.observed,
        "clean": panel.clean,
        "in_stock": panel.in_stock,
        "promoted": panel.promoted,
        "mean": forecast.mean,
        "quantiles": forecast.quantiles,
        "drivers": forecast.drivers,
        "planned": np.zeros_like(forecast.mean) if forecast.promoted is None else forecast.promoted,
        "sums": running_quantiles(forecast, SUM_BAND) if _has_band(forecast) else none,
    }
    if forecast.channels:
        arrays["by_channel"] = forecast.by_channel
    if "family_reason" in rows:
        columns["family_reason"] = pa.array(rows["family_reason"].astype(str), type=pa.string())
    columns |= {name: _flat(values) for name, values in arrays.items()}
    shape = {
        "channels": list(forecast.channels),
        "bucket_days": forecast.bucket_days,
        "history_starts": _days(panel.starts),
        "starts": _days(forecast.starts),
        "levels": list(forecast.levels),
    }
    return pa.table(columns).replace_schema_metadata({"quartermaster": json.dumps(shape)})


def _has_band(forecast: Forecast) -> bool:
    """A configuration may ask for other quantiles than those of the band."""
    return set(SUM_BAND) <= set(forecast.levels)


def read_forecast(stores: Stores, blob: str, sku: str, location: str) -> ForecastView:
    """One series from a stored run; raises UnknownName when the run does not hold it."""
    table = stores.blobs.find_rows(blob, {"sku": sku, "location": location})
    if table.num_rows != 1:
        raise UnknownName("forecast for", f"{sku} at {location}")
    row = table.to_pylist()[0]
    shape = json.loads((table.schema.metadata or {})[b"quartermaster"])
    steps = len(shape["starts"])
    named = {
        name: row[name]
        for name in ("sku", "location", "method", "reason", "confidence", "demand_class")
    }
    return ForecastView(
        **named,
        name=row["name"] or sku,
        category=row["category"] or "",
        confidence_reason=row.get("confidence_reason") or "",
        backtest_wape=row["backtest_wape"],
        backtest_bias=row["backtest_bias"],
        **{name: row.get(name, np.nan) for name in TRACKED},
        bucket_days=shape["bucket_days"],
        history_starts=tuple(date.fromisoformat(day) for day in shape["history_starts"]),
        starts=tuple(date.fromisoformat(day) for day in shape["starts"]),
        levels=tuple(shape["levels"]),
        observed=np.array(row["observed"]),
        clean=np.array(row["clean"]),
        in_stock=np.array(row["in_stock"]),
        promoted=np.array(row["promoted"]),
        mean=np.array(row["mean"]),
        quantiles=np.array(row["quantiles"]).reshape(steps, -1),
        drivers=np.array(row["drivers"]).reshape(steps, -1),
        planned=np.array(row.get("planned") or [0.0] * steps),
        sums=np.array(row.get("sums") or []).reshape(-1, len(SUM_BAND)),
        channels=tuple(shape.get("channels", ())),
        by_channel=np.array(row.get("by_channel") or []).reshape(-1, steps),
        family_reason=row.get("family_reason") or "",
    )


@dataclass(frozen=True, kw_only=True)
class SeriesShape:
    """The axes of a stored series table."""

    bucket_days: int
    history_starts: tuple[date, ...]
    starts: tuple[date, ...]


def shape_of_series(stores: Stores, blob: str) -> SeriesShape:
    shape = json.loads((stores.blobs.schema(blob).metadata or {})[b"quartermaster"])
    return SeriesShape(
        bucket_days=shape["bucket_days"],
        history_starts=tuple(date.fromisoformat(day) for day in shape["history_starts"]),
        starts=tuple(date.fromisoformat(day) for day in shape["starts"]),
    )


def read_series(stores: Stores, blob: str, wanted: Mapping[str, str]) -> pd.DataFrame:
    """Rows of a stored run as they are, arrays flat: those that fit, or all without a wish.

    A run stored before forecasts were tracked has no such columns: they read as missing.
    """
    there = [name for name in COMPARED if name in stores.blobs.schema(blob).names]
    found = stores.blobs.find_rows(blob, wanted) if wanted else stores.blobs.get_table(blob, there)
    rows: pd.DataFrame = found.to_pandas()
    return rows.reindex(columns=COMPARED)


def read_bands(stores: Stores, blob: str) -> pd.DataFrame:
    """The middle 80 % of every series' first bucket: sku, location, low, high.

    Nothing for a run whose forecast has no such quantiles.
    """
    table = stores.blobs.get_table(blob, ["sku", "location", "sums"])
    found = table.select(["sku", "location"]).to_pandas()
    bands = [np.asarray(each, dtype=np.float64)[:2] for each in table["sums"].to_pylist()]
    if any(len(each) < len(SUM_BAND) for each in bands):
        return pd.DataFrame(columns=["sku", "location", "low", "high"])
    ends = np.stack(bands) if bands else np.zeros((0, 2))
    return found.assign(low=ends[:, 0], high=ends[:, 1])


def _flat(values: Floats) -> "pa.Array[Any]":
    """[series, ...] as one list per series."""
    flat = np.ascontiguousarray(values, dtype=np.float64).reshape(len(values), -1)
    width = flat.shape[1]
    return cast("pa.Array[Any]", pa.FixedSizeListArray.from_arrays(pa.array(flat.ravel()), width))


def _days(index: pd.DatetimeIndex) -> list[str]:
    return [day.date().isoformat() for day in index]
