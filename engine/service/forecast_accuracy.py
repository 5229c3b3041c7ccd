"""How good forecasts have been: what plans of record said, against what happened since.

Before there are plans to look back on, the rolling origins of the current plan stand in; the
answer always says which of the two it rests on. Weeks out of stock do not count: what would have
been sold is not known.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray

from engine.measure.said import SAID, nothing_said, over, wape
from engine.model.forecast import DRIVERS
from engine.service.artefacts import read_series, shape_of_series
from engine.service.reading import RunHeader, run_header
from engine.service.stores import Stores
from engine.store.tables.plans import plan_runs, plans_of_record

Floats = NDArray[np.float64]
Basis = Literal["plans of record", "rolling origins"]
LOOKED_BACK = 26  # plans of record, the newest per as-of date
LOOKED_BACK_AT_ALL = 8  # of them where every series is compared
IN_STOCK = 0.999  # share of a bucket from which it counts as in stock all the time
OVERRIDE = DRIVERS.index("override")
LEAST_BUCKETS = 3  # of a series; fewer tell nothing about it


@dataclass(frozen=True, kw_only=True)
class ForecastAccuracy:
    """WAPE of each step from the naive to the final forecast, and the bias of the final one.

    `naive` repeats the last week known, `statistical` is the forecast before overrides. Bias is
    forecast less actual over actual. `signal` is the sum of errors (actual less forecast) over
    their mean size: of one series, or the share of series beyond the alarm in `alarms`. NaN where
    it cannot be told.
    """

    basis: Basis
    first: date | None  # of the buckets compared; None where there are none
    last: date | None
    points: int  # buckets x series compared
    naive: float
    statistical: float
    final: float
    overridden_before: float  # WAPE of the points with an override in force, without it
    overridden_after: float  # and with it
    bias: float
    signal: float
    series: int
    alarms: int
    worst: pd.DataFrame = field(repr=False)  # sku, location, wape, bias, signal, error_units


def accuracy_of(
    stores: Stores, run: RunHeader, *, sku: str | None = None, location: str | None = None
) -> ForecastAccuracy:
    """Accuracy up to a run's as-of date, of everything or of one item (in one place)."""
    wanted = {name: value for name, value in (("sku", sku), ("location", location)) if value}
    points = _compared(stores, run, wanted, LOOKED_BACK if wanted else LOOKED_BACK_AT_ALL)
    if len(points) == 0:
        return _from_origins(stores, run, wanted)
    return _summary(points)


def said_before(stores: Stores, as_of: date, *, plans: int) -> pd.DataFrame:
    """What the last plans of record before each bucket said of it, columns engine.measure.said.

    Actual demand is that of the newest plan of record whose data does not go beyond `as_of`;
    `plans` is how many earlier as-of dates are looked back on.
    """
    run = _plan_at(stores, as_of)
    points = pd.DataFrame() if run is None else _compared(stores, run, {}, plans)
    if points.empty:
        return nothing_said()
    rows = points.assign(plain=points["final"] - points["override"])
    return rows[list(SAID)].astype(nothing_said().dtypes.to_dict()).reset_index(drop=True)


def _plan_at(stores: Stores, as_of: date) -> RunHeader | None:
    record, runs = plans_of_record.c, plan_runs.c
    query = (
        sa.select(runs.id)
        .join(plans_of_record, record.run_id == runs.id)
        .where(runs.as_of <= as_of)
        .order_by(runs.as_of.desc(), record.sequence.desc())
        .limit(1)
    )
    with stores.database.read() as look:
        found = look.execute(query).scalar_one_or_none()
    return None if found is None else run_header(stores, str(found))


def _compared(stores: Stores, run: RunHeader, wanted: dict[str, str], most: int) -> pd.DataFrame:
    """One row per series and bucket: what the last plan before the bucket said of it."""
    now = read_series(stores, str(run.artefacts["series"]), wanted)
    shape = shape_of_series(stores, str(run.artefacts["series"]))
    known = _known(now, shape.history_starts)
    earlier = _plans_before(stores, run, most)
    found = [_said(stores, each, wanted, shape.bucket_days) for each in earlier]
    said = [each for each in found if len(each)]
    if not said or known.empty:
        return pd.DataFrame()
    # Later plans knew more; the last word before a bucket is what was bought by.
    latest = pd.concat(said, ignore_index=True).sort_values("as_of", kind="stable")
    latest = latest.drop_duplicates(["sku", "location", "start"], keep="last")
    both = latest.merge(known, on=["sku", "location", "start"])
    return both[both["in_stock"] >= IN_STOCK].reset_index(drop=True)


def _known(rows: pd.DataFrame, starts: tuple[date, ...]) -> pd.DataFrame:
    """Actual demand of every bucket of the history."""
    count = len(starts)
    return pd.DataFrame(
        {
            "sku": np.repeat(rows["sku"].to_numpy(dtype=object), count),
            "location": np.repeat(rows["location"].to_numpy(dtype=object), count),
            "start": np.tile(np.array(starts, dtype="datetime64[ns]"), len(rows)),
            "actual": _flat(rows["observed"]),
            "in_stock": _flat(rows["in_stock"]),
        }
    ).dropna()


def _said(stores: Stores, run: RunHeader, wanted: dict[str, str], bucket_days: int) -> pd.DataFrame:
    """What one plan said of each bucket ahead of it, and what repeating its last week says."""
    blob = str(run.artefacts["series"])
    shape = shape_of_series(stores, blob)
    if shape.bucket_days != bucket_days:
        return pd.DataFrame()
    rows, steps = read_series(stores, blob, wanted), len(shape.starts)
    if rows.empty:
        return pd.DataFrame()
    lag = max(7 // bucket_days, 1)
    drivers = _flat(rows["drivers"]).reshape(len(rows), steps, -1)
    observed = _flat(rows["observed"]).reshape(len(rows), -1)[:, -lag:]
    naive = observed[:, np.arange(steps) % observed.shape[1]]
    return pd.DataFrame(
        {
            "sku": np.repeat(rows["sku"].to_numpy(dtype=object), steps),
            "location": np.repeat(rows["location"].to_numpy(dtype=object), steps),
            "start": np.tile(np.array(shape.starts, dtype="datetime64[ns]"), len(rows)),
            "as_of": pd.Timestamp(run.as_of),
            "final": _flat(rows["mean"]),
            "override": drivers[:, :, OVERRIDE].ravel(),
            "naive": np.nan_to_num(naive).ravel(),
        }
    )


def _flat(column: "pd.Series[Any]") -> Floats:
    return np.concatenate([np.asarray(row, dtype=np.float64) for row in column])


def plans_between(stores: Stores, first: date, last: date) -> list[RunHeader]:
    """The newest plan of record of each as-of date from `first` up to before `last`."""
    record, runs = plans_of_record.c, plan_runs.c
    query = (
        sa.select(runs.as_of, runs.id)
        .join(plans_of_record, record.run_id == runs.id)
        .where(runs.as_of >= first, runs.as_of < last)
        .order_by(record.sequence)
    )
    with stores.database.read() as look:
        newest = {row.as_of: str(row.id) for row in look.execute(query)}
    return [run_header(stores, newest[day]) for day in sorted(newest)]


def _plans_before(stores: Stores, run: RunHeader, most: int) -> list[RunHeader]:
    """The newest plan of record of each earlier as-of date, the latest dates only."""
    record, runs = plans_of_record.c, plan_runs.c
    query = (
        sa.select(runs.as_of, runs.id, record.sequence)
        .join(plans_of_record, record.run_id == runs.id)
        .where(runs.as_of < run.as_of)
        .order_by(runs.as_of.desc(), record.sequence.desc())
    )
    with stores.database.read() as look:
        rows = look.execute(query).all()
    newest = {row.as_of: str(row.id) for row in reversed(rows)}
    days = sorted(newest, reverse=True)[:most]
    return [run_header(stores, newest[day]) for day in days]


def _summary(points: pd.DataFrame) -> ForecastAccuracy:
    final, actual = _floats(points, "final"), _floats(points, "actual")
    plain = final - _floats(points, "override")
    touched = np.abs(final - plain) > 1e-9  # noqa: PLR2004  units; less is no override
    each = per_series(points)
    return ForecastAccuracy(
        basis="plans of record",
        first=cast("pd.Timestamp", points["start"].min()).date(),
        last=cast("pd.Timestamp", points["start"].max()).date(),
        points=len(points),
        naive=wape(_floats(points, "naive"), actual),
        statistical=wape(plain, actual),
        final=wape(final, actual),
        overridden_before=wape(plain[touched], actual[touched]),
        overridden_after=wape(final[touched], actual[touched]),
        bias=over((final - actual).sum(), actual.sum()),
        signal=float(each["signal"].iloc[0]) if len(each) == 1 else float("nan"),
        series=len(each),
        alarms=int((each["signal"].abs() >= ALARM).sum()),
        worst=each,
    )


ALARM = 4.0  # as engine.forecast.tracking.ALARM: the process that reads imports no forecasting


def per_series(points: pd.DataFrame) -> pd.DataFrame:
    """sku, location, wape, bias, signal, error_units per series, the largest error first."""
    off = points["actual"] - points["final"]
    table = points.assign(off=off, size=off.abs()).groupby(["sku", "location"], sort=True)
    sums = table[["off", "size", "actual"]].sum().assign(count=table.size()).reset_index()
    sold = sums["actual"].where(sums["actual"] > 0)
    mean_size = (sums["size"] / sums["count"]).where(sums["size"] > 0)
    found = sums.assign(
        wape=sums["size"] / sold,
        bias=-sums["off"] / sold,
        signal=(sums["off"] / mean_size).where(sums["count"] >= LEAST_BUCKETS),
        error_units=sums["size"],
    )
    ordered = found.sort_values(["error_units", "sku", "location"], ascending=[False, True, True])
    names = ["sku", "location", "wape", "bias", "signal", "error_units"]
    return ordered[names].reset_index(drop=True)


def _from_origins(stores: Stores, run: RunHeader, wanted: dict[str, str]) -> ForecastAccuracy:
    """The backtest of the current plan; overrides have no part in it.

    Shares of several series are weighed by what they sold in the backtest, so that each is the sum
    of errors over the sum of demand. Plans stored before that was kept have what is forecast.
    """
    rows = read_series(stores, str(run.artefacts["series"]), wanted)
    weekly = [float(np.mean(np.asarray(mean, dtype=np.float64))) for mean in rows["mean"]]
    sold = _floats(rows, "backtest_units")
    sells = np.where(np.isfinite(sold), sold, np.asarray(weekly, dtype=np.float64))
    each = pd.DataFrame(
        {
            "sku": rows["sku"],
            "location": rows["location"],
            "wape": _floats(rows, "backtest_wape"),
            "bias": _floats(rows, "backtest_bias"),
            "signal": _floats(rows, "tracking_signal"),
            "error_units": _floats(rows, "backtest_wape") * sells,
        }
    )
    worst = each.sort_values(["error_units", "sku", "location"], ascending=[False, True, True])
    final = pooled(_floats(each, "wape"), sells)
    return ForecastAccuracy(
        basis="rolling origins", first=None, last=None, points=0,
        naive=pooled(_floats(rows, "naive_wape"), sells), statistical=final, final=final,
        overridden_before=float("nan"), overridden_after=float("nan"),
        bias=pooled(_floats(each, "bias"), sells),
        signal=float(each["signal"].iloc[0]) if len(each) == 1 else float("nan"),
        series=len(each), alarms=int((each["signal"].abs() >= ALARM).sum()),
        worst=worst.reset_index(drop=True),
    )  # fmt: skip


def pooled(values: Floats, weights: Floats) -> float:
    usable = np.isfinite(values) & (weights > 0)
    return over(float((values * weights)[usable].sum()), float(weights[usable].sum()))


def _floats(frame: pd.DataFrame, name: str) -> Floats:
    return frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
