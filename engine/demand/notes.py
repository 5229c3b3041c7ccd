"""Findings of a cleaned panel: what a person should look at."""

import numpy as np
import pandas as pd

from engine.demand.arrays import any_bucket
from engine.demand.fill import Filled
from engine.demand.findings import findings_frame, series_findings
from engine.demand.reading import Recorded

RETURNED = "More came back than was ever recorded as sold; demand is not taken below zero."
NO_STOCK = "No stock history, so it counts as in stock throughout; stockouts read as no demand."
PHANTOM = "The records show stock, but it has stopped selling: count the shelf."
SPIKE = "One period sold far more than everything around it and was damped to a good one."


def panel_findings(recorded: Recorded, filled: Filled) -> pd.DataFrame:
    """Findings about the data as a whole, then about series, in a fixed order."""
    series = recorded.series
    silent = any_bucket(filled.phantom[:, -1:])
    no_stock = any_bucket(recorded.live > 0) & ~any_bucket(recorded.stock.known)
    observed = recorded.observed
    spike = np.where(filled.spike, observed.units, 0.0).max(axis=1, initial=0.0)
    nothing = np.full(len(series), np.nan)
    parts = [
        findings_frame(recorded.findings),
        series_findings(
            "returns-exceed-sales", RETURNED, series, observed.uncovered > 0, observed.uncovered
        ),
        series_findings("stock-history-missing", NO_STOCK, series, no_stock, nothing),
        series_findings("phantom-stock", PHANTOM, series, silent, nothing),
        series_findings("spike-damped", SPIKE, series, spike > 0, spike),
    ]
    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True) if kept else parts[0]
