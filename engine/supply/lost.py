"""Orders that never come: how often, and how likely one is that has not come so far.

An order is lost with a chance of its own; otherwise it takes the time of its lane (a mixture cure
model, Boag 1949, with the roles turned round: who is "cured" never arrives). Lines cancelled whole
are known to be lost. Lines still out that later orders have overtaken are lost the more likely the
longer they have been out: by Bayes' rule, P(lost | out for t) = p / (p + (1 - p) S(t)), S(t) the
chance of taking longer than t. What is merely late, with all else of its supplier, is late.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import flags, ordinals, texts, whole
from engine.model.snapshot import Snapshot
from engine.supply.evidence import Evidence, lost_after
from engine.supply.posterior import moments

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Share lost, and how many orders that belief is worth: too rare to move a plan before anything
# was ever lost, and gone with the first order that is.
PRIOR_LOST, PRIOR_ORDERS = 0.0015, 6.0
# However punctual a supplier was so far, one order in twenty may take far longer than usual.
LATE_SHARE, LATE_MEANS = 0.05, 1.5
ALL_LATE_SHARE = 0.3  # the same while no later order has come: then all of them may be late
_GONE = 0.5  # chance of being lost from which a line is no evidence on how long orders take
_ROUNDS = 12  # of expectation and maximisation; a share of .3 then stands to the third digit


@dataclass(frozen=True, kw_only=True)
class Suspects:
    """`gone`: the supplier of every line lost for sure. The others may yet come."""

    gone: list[str] = field(repr=False)
    suppliers: list[str] = field(repr=False)
    elapsed: Ints = field(repr=False)  # open days that lead to the as-of date


def still_out(pmf: Floats, elapsed: Ints, behind: Bools) -> Floats:
    """Chance [order] that an order which does come has not come before day `elapsed`.

    `behind` marks those that a later order has overtaken.
    """
    ahead = np.cumsum(pmf[:, ::-1], axis=1)[:, ::-1]
    at = np.clip(elapsed, 0, pmf.shape[1] - 1)[:, None]
    usual = np.take_along_axis(ahead, at, axis=1)[:, 0]
    usual = np.where(elapsed >= pmf.shape[1], 0.0, usual)
    mean, _ = moments(pmf)
    late = np.exp(-np.maximum(elapsed, 0) / np.maximum(LATE_MEANS * mean, 1.0))
    share = np.where(behind, LATE_SHARE, ALL_LATE_SHARE)
    return (1 - share) * usual + share * late


def lost_by_now(lost: Floats, pmf: Floats, elapsed: Ints, behind: Bools) -> Floats:
    """Chance [order] that an order is lost, knowing that it has not come before day `elapsed`."""
    out = (1 - lost) * still_out(pmf, elapsed, behind)
    return lost / np.maximum(lost + out, 1e-12)


def overtaken(snapshot: Snapshot, lines: pd.DataFrame, ordered: Ints) -> Bools:
    """Which of `lines` a later order of the same goods to the same place came before.

    `lines` has columns supplier, sku and location. A supplier that is late delays all its orders,
    and other goods or places have other times; what its own like has overtaken may be lost.
    """
    orders, receipts = snapshot["purchase_orders"], snapshot["receipts"]
    came = set(zip(texts(receipts, "po"), whole(receipts, "line").tolist(), strict=True))
    latest: dict[tuple[str, ...], int] = {}
    numbers = zip(texts(orders, "po"), whole(orders, "line").tolist(), strict=True)
    days = ordinals(orders, "ordered_on").tolist()
    for number, like, day in zip(numbers, _likes(orders), days, strict=True):
        if number in came:
            latest[like] = max(latest.get(like, day), day)
    last = np.asarray([latest.get(like, -1) for like in _likes(lines)], dtype=np.int64)
    return np.asarray(ordered < last, dtype=np.bool_)


def _likes(lines: pd.DataFrame) -> list[tuple[str, ...]]:
    names = (texts(lines, name) for name in ("supplier", "sku", "location"))
    return list(zip(*names, strict=True))


def suspects(snapshot: Snapshot, parts: pd.DataFrame) -> Suspects:
    """Order lines that may be lost; `parts` has columns DELIVERIES."""
    out = parts[flags(parts, "censored")]
    out = out[overtaken(snapshot, out, whole(out, "ordered"))]
    ancient = whole(out, "open_days") > lost_after(parts)
    return Suspects(
        gone=[*_cancelled(snapshot), *texts(out[ancient], "supplier")],
        suppliers=texts(out[~ancient], "supplier"),
        elapsed=whole(out[~ancient], "open_days") + 1,
    )


def lost_shares(suppliers: list[str], pmf: Floats, came: list[str], found: Suspects) -> Floats:
    """Share of orders that never come, by supplier; `pmf` [supplier, day] of those that do.

    `came` names the supplier of every delivery. Suspects count as lost with the chance that
    their age gives them. Without any suspect nothing is lost.
    """
    size, row = len(suppliers), {supplier: i for i, supplier in enumerate(suppliers)}

    def counted(names: list[str]) -> Floats:
        at = np.asarray([row[each] for each in names], dtype=np.int64)
        return np.bincount(at, minlength=size).astype(np.float64)

    never, suspected = counted(found.gone), counted(found.suppliers)
    at = np.asarray([row[each] for each in found.suppliers], dtype=np.int64)
    out = still_out(pmf[at], found.elapsed, np.ones(len(at), dtype=np.bool_))
    orders = PRIOR_ORDERS + counted(came) + never + suspected
    lost = np.full(size, PRIOR_LOST)
    for _ in range(_ROUNDS):
        chance = lost[at] / np.maximum(lost[at] + (1 - lost[at]) * out, 1e-12)
        expected = np.bincount(at, weights=chance, minlength=size)
        lost = (PRIOR_LOST * PRIOR_ORDERS + never + expected) / orders
    return np.where(never + suspected > 0, lost, 0.0)


def without_lost(
    evidence: Evidence, snapshot: Snapshot, suppliers: list[str], pmf: Floats, lost: Floats
) -> Evidence:
    """The evidence with lines still out counting only as far as they may yet come."""
    if not lost.any():
        return evidence
    row = {supplier: i for i, supplier in enumerate(suppliers)}
    out = evidence.of(~evidence.came)
    lane = np.asarray([row[each] for each in out.suppliers], dtype=np.int64)
    behind = overtaken(snapshot, out.parts, whole(out.parts, "ordered"))
    doubt = np.zeros(len(evidence.came))
    doubt[~evidence.came] = lost_by_now(lost[lane], pmf[lane], out.days + 1, behind)
    return replace(evidence, weight=evidence.weight * (1 - doubt)).of(doubt < _GONE)


def _cancelled(snapshot: Snapshot) -> list[str]:
    """The supplier of every order line of which all was cancelled and nothing came."""
    orders, receipts = snapshot["purchase_orders"], snapshot["receipts"]
    ordered, cancelled = whole(orders, "units"), whole(orders, "cancelled_units")
    lines = orders.iloc[np.flatnonzero((ordered > 0) & (cancelled >= ordered))]
    if len(lines) == 0:
        return []
    came = set(zip(texts(receipts, "po"), whole(receipts, "line").tolist(), strict=True))
    keys = zip(texts(lines, "po"), whole(lines, "line").tolist(), strict=True)
    return [
        name for name, key in zip(texts(lines, "supplier"), keys, strict=True) if key not in came
    ]
