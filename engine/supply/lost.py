"""Orders that never come: how often, and how likely one is that has not come so far.

An order is lost with a chance of its own; otherwise it takes the time of its lane (a mixture cure
model, Boag 1949, with the roles turned round: who is "cured" never arrives). Lines cancelled whole
are known to be lost. Lines still out are lost the more likely the longer they have been: by Bayes'
rule, P(lost | out for t) = p / (p + (1 - p) S(t)), S(t) the chance of taking longer than t.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import flags, optional_texts, texts, whole
from engine.model.snapshot import Snapshot
from engine.supply.evidence import Evidence, lost_after
from engine.supply.posterior import moments

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRIOR_LOST, PRIOR_ORDERS = 0.01, 6.0  # share lost, and how many orders that belief is worth
# However punctual a supplier was so far, one order in twenty may take far longer than usual.
LATE_SHARE, LATE_MEANS = 0.05, 1.5
_ROUNDS = 12  # of expectation and maximisation; a share of .3 then stands to the third digit


def still_out(pmf: Floats, elapsed: Ints) -> Floats:
    """Chance [order] that an order which does come has not come before day `elapsed`."""
    ahead = np.cumsum(pmf[:, ::-1], axis=1)[:, ::-1]
    at = np.clip(elapsed, 0, pmf.shape[1] - 1)[:, None]
    usual = np.take_along_axis(ahead, at, axis=1)[:, 0]
    usual = np.where(elapsed >= pmf.shape[1], 0.0, usual)
    mean, _ = moments(pmf)
    late = np.exp(-np.maximum(elapsed, 0) / np.maximum(LATE_MEANS * mean, 1.0))
    return (1 - LATE_SHARE) * usual + LATE_SHARE * late


def lost_by_now(lost: Floats, pmf: Floats, elapsed: Ints) -> Floats:
    """Chance [order] that an order is lost, knowing that it has not come before day `elapsed`."""
    out = (1 - lost) * still_out(pmf, elapsed)
    return lost / np.maximum(lost + out, 1e-12)


def gone_lines(snapshot: Snapshot, parts: pd.DataFrame) -> list[str]:
    """The supplier of every order line that is lost for sure.

    All of it was cancelled and nothing came, or it is out for so long that it is no evidence on
    lead times any more. `parts` has columns DELIVERIES.
    """
    overdue = flags(parts, "censored") & (whole(parts, "open_days") > lost_after(parts))
    return [*_cancelled(snapshot), *np.asarray(texts(parts, "supplier"), dtype=object)[overdue]]


def _cancelled(snapshot: Snapshot) -> list[str]:
    orders, receipts = snapshot["purchase_orders"], snapshot["receipts"]
    ordered, cancelled = whole(orders, "units"), whole(orders, "cancelled_units")
    marked = np.flatnonzero((ordered > 0) & (cancelled >= ordered))
    if len(marked) == 0:
        return []
    came = set(zip(texts(receipts, "po"), whole(receipts, "line").tolist(), strict=True))
    lines = orders.iloc[marked]
    keys = zip(texts(lines, "po"), whole(lines, "line").tolist(), strict=True)
    suppliers = optional_texts(lines, "supplier")
    return [
        supplier
        for supplier, key in zip(suppliers, keys, strict=True)
        if supplier is not None and key not in came
    ]


def lost_shares(suppliers: list[str], pmf: Floats, evidence: Evidence, gone: list[str]) -> Floats:
    """Share of orders that never come, by supplier; `pmf` [supplier, day] of those that do.

    Lines still out count as lost with the chance that their age gives them.
    """
    row = {supplier: i for i, supplier in enumerate(suppliers)}
    size = len(suppliers)
    lane = np.asarray([row[each] for each in evidence.suppliers], dtype=np.int64)
    came = np.bincount(lane[evidence.came], minlength=size)
    never = np.bincount([row[each] for each in gone if each in row], minlength=size)
    waiting = lane[~evidence.came]
    out = still_out(pmf[waiting], evidence.days[~evidence.came] + 1)
    lost = np.full(size, PRIOR_LOST)
    orders = PRIOR_ORDERS + came + never + np.bincount(waiting, minlength=size)
    for _ in range(_ROUNDS if len(waiting) or len(gone) or len(lane) else 0):
        each = lost[waiting]
        chance = each / np.maximum(each + (1 - each) * out, 1e-12)
        expected = np.bincount(waiting, weights=chance, minlength=size)
        lost = (PRIOR_LOST * PRIOR_ORDERS + never + expected) / orders
    return lost


def without_lost(
    evidence: Evidence, suppliers: list[str], pmf: Floats, lost: Floats
) -> Evidence:
    """The evidence with lines still out counting only as far as they may yet come."""
    row = {supplier: i for i, supplier in enumerate(suppliers)}
    lane = np.asarray([row[each] for each in evidence.suppliers], dtype=np.int64)
    gone = lost_by_now(lost[lane], pmf[lane], evidence.days + 1)
    weight = np.where(flags(evidence.parts, "censored"), evidence.weight * (1 - gone), evidence.weight)
    return replace(evidence, weight=weight)
