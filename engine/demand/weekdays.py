"""The pooled weekday profile: a Saturday out of stock loses more than a Tuesday."""

import numpy as np

from engine.demand.arrays import Floats
from engine.demand.ledger import Ledger

EVIDENCE_UNITS = 200.0  # units sold at which the company's own profile counts half


def pooled_weekdays(ledger: Ledger, *, daily: bool) -> Floats:
    """Demand of Monday .. Sunday with mean 1, over all sales; flat where sales are weekly.

    The largest hundredth of the lines is cut off, so that no wholesale order makes a weekday.
    """
    sold = (ledger.units > 0) & ~ledger.test
    if not daily or not sold.any():
        return np.ones(7)
    units = ledger.units[sold]
    units = np.minimum(units, np.quantile(units, 0.99))
    weekday = (ledger.day[sold] + 3) % 7  # 1970-01-01 was a Thursday
    total = np.bincount(weekday, weights=units, minlength=7).astype(np.float64)
    return 7.0 * (total + EVIDENCE_UNITS / 7) / (total.sum() + EVIDENCE_UNITS)
