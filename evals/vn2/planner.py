"""Our engine at the game: the history as a snapshot, the plan's lines as the order."""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.demand import clean_demand
from engine.forecast import forecast_demand
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import Forecast
from engine.model.snapshot import Snapshot
from engine.replenish import build_candidates, compose_plan
from engine.supply import lead_times
from evals.histories.history import History
from evals.snapshots import typed_table
from evals.vn2.files import Stock
from evals.vn2.game import HOLDING, SHORTAGE

Floats = NDArray[np.float64]
MICROS = 1e6
LEAD_DAYS, WEEK_DAYS = 14, 7
# Any unit cost gives the same game as long as margin and holding are its: one unit of money is
# lost with a unit of demand, and .2 a week is paid for a unit held.
UNIT_COST = 100.0
CONFIG = PlanConfig(
    horizon=8,
    review_days=WEEK_DAYS,
    default_lead_time_days=float(LEAD_DAYS),
    lead_time_spread=0.0,  # orders of the game arrive on their day
    holding_rate=HOLDING / UNIT_COST * 365 / WEEK_DAYS,
    capital_rate=0.0,
    holding_basis="closing",
    transfer_cost_micros=int(1_000 * MICROS),  # the game has no transfers
)


@dataclass
class Planner:
    """Orders by the engine; what was forecast at one moment is kept for other windows."""

    config: PlanConfig = CONFIG
    _forecasts: dict[int, tuple[Snapshot, Forecast]] = field(
        default_factory=dict[int, tuple[Snapshot, Forecast]], repr=False
    )

    def order(self, history: History, stock: Stock) -> Floats:
        """Units per series, whole; `history` ends with the week before."""
        if history.buckets not in self._forecasts:
            self._forecasts[history.buckets] = self._forecast(history)
        demanded, forecast = self._forecasts[history.buckets]
        snapshot = with_stock(demanded, history, stock)
        candidates = build_candidates(
            snapshot, forecast, lead_times(snapshot, self.config), Decisions(), self.config
        )
        lines = compose_plan(candidates, None).lines
        units = lines.set_index(["sku", "location"])["units"]
        keys = pd.MultiIndex.from_arrays([list(history.skus), list(history.locations)])
        return units.reindex(keys).fillna(0.0).to_numpy(dtype=np.float64)

    def _forecast(self, history: History) -> tuple[Snapshot, Forecast]:
        """Demand does not depend on our stock: the game says what would have been sold."""
        snapshot = with_terms(history)
        panel = clean_demand(snapshot, self.config)
        return snapshot, forecast_demand(panel, snapshot, self.config, Decisions())


def with_terms(history: History) -> Snapshot:
    """The history with one supplier of everything, at two weeks and the game's costs."""
    snapshot = history.snapshot()
    micros = {
        "price_micros": (UNIT_COST + SHORTAGE) * MICROS,
        "unit_cost_micros": UNIT_COST * MICROS,
    }
    items = snapshot["items"].assign(**micros)
    return _replaced(
        snapshot,
        items=items,
        locations=pd.DataFrame({"location": sorted(set(history.locations)), "kind": "store"}),
        suppliers=pd.DataFrame({"supplier": ["V"], "lead_time_days": [float(LEAD_DAYS)]}),
        supplier_items=pd.DataFrame({
            "supplier": "V", "sku": items["sku"], "unit_cost_micros": UNIT_COST * MICROS,
        }),
    )  # fmt: skip


def with_stock(snapshot: Snapshot, history: History, stock: Stock) -> Snapshot:
    """What is on the shelf this morning, and an order on its way that arrives in a week."""
    today = pd.Timestamp(snapshot.as_of)
    keys = {"sku": list(history.skus), "location": list(history.locations)}
    shelf = pd.DataFrame({
        **keys, "date": today - pd.Timedelta(days=1), "on_hand": stock.on_hand + stock.arriving,
    })  # fmt: skip
    coming = pd.DataFrame({
        **keys, "supplier": "V", "units": stock.next_week,
        "ordered_on": today - pd.Timedelta(days=LEAD_DAYS - WEEK_DAYS),
        "po": [f"W-{row}" for row in range(len(history.skus))], "line": 1,
    })  # fmt: skip
    return _replaced(snapshot, stock=shelf, purchase_orders=coming[coming["units"] > 0])


def _replaced(snapshot: Snapshot, **rows: pd.DataFrame) -> Snapshot:
    tables = {name: typed_table(name, each) for name, each in rows.items()}
    return replace(snapshot, tables={**snapshot.tables, **tables})
