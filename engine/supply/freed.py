"""The money in safety stock that a steadier supplier would free."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from engine.kernels.columns import reals, texts
from engine.model.config import PlanConfig

Floats = NDArray[np.float64]

# One row per series that is bought: what its safety stock depends on beside the lead time.
NEEDS = (
    "supplier",
    "daily_units", "daily_sd",  # of demand
    "unit_cost_minor",  # base currency, may be a fraction
)  # fmt: skip
FREED = (
    "supplier",
    "safety_minor",  # money in safety stock at the lead time's spread as learnt
    "freed_best_quarter_minor",  # of it, were the spread always that of its best quarter
    "freed_promised_minor",  # of it, had it kept its promised dates
)


def freed_stock(scores: pd.DataFrame, needs: pd.DataFrame, config: PlanConfig) -> pd.DataFrame:
    """Columns FREED per supplier of `scores` (columns SCORECARD); `needs` has columns NEEDS.

    Safety stock of a series is z x sqrt((R + L) s^2 + d^2 v^2): demand d a day with spread s over
    review R and lead time L, whose own spread is v; z from `config.service_target` as a cycle
    service (Silver, Pyke & Thomas, Inventory and Production Management in Supply Chains, 4th ed.,
    6.10). A measure to compare suppliers by, on the one footing; the plan itself weighs margin
    against holding by simulation. Nothing is freed where the spread is no larger than the target;
    NaN where the target is unknown.
    """
    joined = needs.merge(scores, on="supplier")
    now = _safety(joined, reals(joined, "sd_days"), config)
    money = pd.DataFrame({"supplier": joined["supplier"], "safety_minor": now})
    for target in ("best_quarter", "promised"):
        spread = reals(joined, f"{target}_sd_days")
        then = _safety(joined, np.minimum(spread, reals(joined, "sd_days")), config)
        money[f"freed_{target}_minor"] = now - then
    sums = money.groupby("supplier").sum(min_count=1)
    return (
        sums.reindex(texts(scores, "supplier")).rename_axis("supplier").reset_index()[list(FREED)]
    )


def _safety(rows: pd.DataFrame, spread: Floats, config: PlanConfig) -> Floats:
    """Money in safety stock, base-currency minor units."""
    z = float(special.ndtri(config.service_target))
    days = config.review_days + reals(rows, "mean_days")
    demand = days * reals(rows, "daily_sd") ** 2
    supply = (reals(rows, "daily_units") * spread) ** 2
    return max(z, 0.0) * np.sqrt(demand + supply) * reals(rows, "unit_cost_minor")
