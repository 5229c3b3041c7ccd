"""What a run knew beside its snapshot: enough to weigh its items anew without forecasting.

The forecast as far as demand paths are drawn from it, and the decisions that were in force.
"""

import json
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import PlanningError
from engine.model.decisions import Decisions
from engine.model.forecast import DRIVERS, DemandNoise, Forecast
from engine.service.reading import RunHeader
from engine.service.stores import Stores

SERIES, PULSES, DECISIONS = "state_series", "state_pulses", "state_"
FRAMES = ("open_orders", "open_transfers", "budgets")
_ARRAYS = ("mean", "level_share")
_NOISE = ("level_cv", "size", "wide_cv")


def state_tables(forecast: Forecast, decisions: Decisions) -> dict[str, pa.Table]:
    """Tables of a run's state, by artefact name."""
    frames = {f"{DECISIONS}{name}": getattr(decisions, name) for name in FRAMES}
    tables = {name: _table(frame) for name, frame in frames.items()}
    return {SERIES: _series_table(forecast), PULSES: _table(forecast.pulses), **tables}


def _table(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False)


def _series_table(forecast: Forecast) -> pa.Table:
    noise = forecast.noise
    steps = forecast.mean.shape[1]
    columns = {f"noise_{name}": _or_nan(getattr(noise, name), len(forecast.series))
               for name in _NOISE}  # fmt: skip
    table = _table(forecast.series.assign(**columns))
    arrays = {"mean": forecast.mean, "level_share": noise.level_share}
    for name, values in arrays.items():
        if values is not None:
            flat = pa.array(np.ascontiguousarray(values, dtype=np.float64).ravel())
            lists = cast("pa.Array[Any]", pa.FixedSizeListArray.from_arrays(flat, steps))
            table = table.append_column(f"state_{name}", lists)
    told = {
        "bucket": forecast.bucket,
        "starts": [each.isoformat() for each in forecast.starts],
        "without": [name for name in _NOISE if getattr(noise, name) is None],
    }
    kept = dict(table.schema.metadata or {})
    return table.replace_schema_metadata({**kept, b"state": json.dumps(told).encode()})


def _or_nan(values: "np.ndarray[Any, Any] | None", size: int) -> "np.ndarray[Any, Any]":
    return np.full(size, np.nan) if values is None else values


def forecast_of(stores: Stores, run: RunHeader, skus: frozenset[str] | None) -> Forecast:
    """The run's forecast of some items (None: of all), as far as paths are drawn from it.

    Raises PlanningError for a run from before the state was kept.
    """
    if SERIES not in run.artefacts:
        raise PlanningError("That plan did not keep what is needed. Run `qm plan` and ask again.")
    table = stores.blobs.get_table(run.artefacts[SERIES])
    told = json.loads((table.schema.metadata or {})[b"state"])
    if skus is not None:
        table = table.filter(pc.is_in(table["sku"], pa.array(sorted(skus))))
    arrays = {name: _array(table, f"state_{name}") for name in _ARRAYS}
    frame: pd.DataFrame = table.drop_columns(
        [f"state_{name}" for name in _ARRAYS if arrays[name] is not None]
    ).to_pandas()
    noise = {
        name: None if name in told["without"] else frame[f"noise_{name}"].to_numpy(dtype=np.float64)
        for name in _NOISE
    }
    mean = arrays["mean"]
    assert mean is not None  # noqa: S101  `_series_table` always writes it
    pulses: pd.DataFrame = stores.blobs.get_table(run.artefacts[PULSES]).to_pandas()
    if skus is not None:
        pulses = pulses[pulses["sku"].isin(skus)].reset_index(drop=True)
    return Forecast(
        bucket=told["bucket"],
        starts=pd.DatetimeIndex(told["starts"]),
        series=frame.drop(columns=[f"noise_{name}" for name in _NOISE]),
        levels=(),
        mean=mean,
        quantiles=np.zeros((*mean.shape, 0)),
        drivers=np.zeros((*mean.shape, len(DRIVERS))),
        noise=DemandNoise(level_share=arrays["level_share"], **cast("Any", noise)),
        pulses=pulses,
    )


def _array(table: pa.Table, name: str) -> "np.ndarray[Any, Any] | None":
    if name not in table.column_names:
        return None
    column = table[name].combine_chunks()
    values = cast("Any", column).flatten().to_numpy()
    return np.asarray(values, dtype=np.float64).reshape(len(table), -1)


def decisions_of(stores: Stores, run: RunHeader) -> Decisions:
    """The decisions that the run was made with, as far as supply and budgets go."""
    plain = Decisions()

    def read(name: str, otherwise: pd.DataFrame) -> pd.DataFrame:
        frame: pd.DataFrame = stores.blobs.get_table(
            run.artefacts[f"{DECISIONS}{name}"]
        ).to_pandas()
        return frame if len(frame) else otherwise

    return Decisions(
        open_orders=read("open_orders", plain.open_orders),
        open_transfers=read("open_transfers", plain.open_transfers),
        budgets=read("budgets", plain.budgets),
    )
