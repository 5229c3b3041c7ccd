"""Findings of a cleaned panel: what a person should look at."""

import numpy as np
import pandas as pd

from engine.demand.arrays import any_bucket
from engine.demand.fill import Filled
from engine.demand.findings import FINDINGS, findings_frame, series_findings
from engine.demand.reading import Recorded
from engine.demand.series import discontinued

RETURNED = "More came back than was ever recorded as sold; demand is not taken below zero."
NO_STOCK = "No stock history, so it counts as in stock throughout; stockouts read as no demand."
PHANTOM = "The records show stock, but it has stopped selling: count the shelf."
UNPRICED = "No price above zero is known, so the configured one stands in."
SUSPECTED = (
    "Probably out of stock for a time: it sold steadily and then nothing, and there is no stock "
    "history to tell. A suspicion, not a fact; nothing was corrected."
)


def panel_findings(recorded: Recorded, filled: Filled) -> pd.DataFrame:
    """Findings about the data as a whole, then about series, in a fixed order."""
    series = recorded.series
    silent = any_bucket(filled.phantom[:, -1:])
    no_stock = any_bucket(recorded.live > 0) & ~any_bucket(recorded.stock.known)
    observed = recorded.observed
    missed = np.where(discontinued(series), 0.0, filled.suspected.sum(axis=1))
    nothing = np.full(len(series), np.nan)
    parts = [
        findings_frame(recorded.findings),
        series_findings(
            "returns-exceed-sales", RETURNED, series, observed.uncovered > 0, observed.uncovered
        ),
        series_findings("stock-history-missing", NO_STOCK, series, no_stock, nothing),
        series_findings("price-unknown", UNPRICED, series, recorded.unpriced, nothing),
        series_findings("phantom-stock", PHANTOM, series, silent, nothing),
        series_findings("stockout-suspected", SUSPECTED, series, missed > 0, missed),
        _peaks(recorded, filled),
    ]
    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True) if kept else parts[0]


def _peaks(recorded: Recorded, filled: Filled) -> pd.DataFrame:
    """Each series' largest peak that was damped, and the largest that was kept, with the reason."""
    judged, units = filled.peaks, recorded.observed.units
    if len(judged.row) == 0:
        return findings_frame(())
    every = pd.DataFrame({
        "code": np.where(judged.damped, "spike-damped", "spike-kept"),
        "row": judged.row,
        "message": judged.reason,
        "units": units[judged.row, judged.bucket],
    })  # fmt: skip
    largest = every.sort_values(["code", "row", "units"]).groupby(["code", "row"]).tail(1)
    named = recorded.series[["sku", "location"]].iloc[largest["row"]].reset_index(drop=True)
    return pd.concat([largest.reset_index(drop=True), named], axis=1)[list(FINDINGS)]
