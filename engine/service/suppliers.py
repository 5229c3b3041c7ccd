"""How reliable are suppliers, and what is their spread worth? Scorecards of a plan's data."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import UnknownName
from engine.model.config import PlanConfig
from engine.model.money import MICROS, exponent
from engine.service.artefacts import read_series, shape_of_series
from engine.service.items import catalogue
from engine.service.reading import RunHeader, run_header
from engine.service.stores import Stores
from engine.store.snapshots import load_snapshot

DEMAND_DAYS = 28  # of the forecast, from which demand a day is taken
_BAND = 2 * 1.2815515655446004  # standard deviations between the 10 and the 90 % quantile


@dataclass(frozen=True, kw_only=True)
class SupplierReport:
    """One row per supplier, columns SCORECARD and FREED; the least reliable first."""

    run_id: str
    snapshot_id: str
    as_of: date
    first: date  # of the orders looked at
    currency: str  # of money, which is in its minor units
    service_target: float  # cycle service that safety stock is reckoned for
    rows: pd.DataFrame = field(repr=False)

    def of(self, supplier: str) -> dict[str, Any]:
        """Raises UnknownName for a supplier nothing was ordered from."""
        found = self.rows[self.rows["supplier"] == supplier]
        if found.empty:
            known = [str(each) for each in self.rows["supplier"]]
            raise UnknownName("supplier with orders", supplier, known[:3])
        return cast("dict[str, Any]", found.iloc[0].to_dict())


def supplier_report(stores: Stores, config: PlanConfig, run_id: str) -> SupplierReport:
    """Scorecards on the data of a plan run, over the year before its as-of date.

    Worst first: by the share not on time and in full, then by the money its spread ties up.
    """
    from engine.supply import lead_times
    from engine.supply.freed import freed_stock
    from engine.supply.scorecard import LOOKED_BACK_DAYS, scorecard

    run = run_header(stores, run_id)
    snapshot = load_snapshot(stores.database, stores.blobs, run.snapshot_id)
    scores = scorecard(snapshot, lead_times(snapshot, config))
    freed = freed_stock(scores, _needs(stores, run), config)
    rows = scores.merge(freed, on="supplier", how="left")
    order = ["otif_share", "freed_best_quarter_minor", "supplier"]
    rows = rows.sort_values(order, ascending=[True, False, True], na_position="last")
    return SupplierReport(
        run_id=run.id,
        snapshot_id=run.snapshot_id,
        as_of=run.as_of,
        first=run.as_of - timedelta(days=LOOKED_BACK_DAYS),
        currency=run.currency,
        service_target=config.service_target,
        rows=rows.reset_index(drop=True),
    )


def _needs(stores: Stores, run: RunHeader) -> pd.DataFrame:
    """Demand a day with its spread, and the cost, of every series that has a supplier."""
    blob = str(run.artefacts["series"])
    series = read_series(stores, blob, {})
    days = shape_of_series(stores, blob).bucket_days
    buckets = max(DEMAND_DAYS // days, 1)
    means = [float(np.mean(np.asarray(each)[:buckets])) for each in series["mean"]]
    daily = series[["sku", "location"]].assign(
        daily_units=np.asarray(means) / days, daily_sd=_spread(stores, blob, days)
    )
    known = catalogue(stores, run)
    rows = known[known["supplier"].notna() & known["unit_cost_micros"].notna()]
    joined = rows[["sku", "location", "supplier", "unit_cost_micros"]].merge(
        daily, on=["sku", "location"]
    )
    per_minor = 10 ** exponent(run.currency) / MICROS
    return joined.assign(unit_cost_minor=joined["unit_cost_micros"] * per_minor)


def _spread(stores: Stores, blob: str, bucket_days: int) -> NDArray[np.float64]:
    """Standard deviation of a day's demand, from the band of the first bucket's."""
    table = stores.blobs.get_table(blob, ["sums"])
    if table.num_rows == 0:
        return np.zeros(0)
    bands = np.stack(table.to_pandas()["sums"].to_list()).reshape(table.num_rows, -1)
    if bands.shape[1] < 2:  # noqa: PLR2004  a low and a high end
        return np.zeros(table.num_rows)
    return np.maximum(bands[:, 1] - bands[:, 0], 0.0) / _BAND / np.sqrt(bucket_days)
