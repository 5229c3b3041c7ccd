"""How suppliers keep to the dates they confirm, and to those that were promised before."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import texts, whole
from engine.model.supply import DELAYS
from engine.supply.evidence import Evidence
from engine.supply.lanes import PRIOR_STRENGTH
from engine.supply.posterior import censored_posterior, moments

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DELAY_FIRST, DELAY_LAST = -60, 240  # days early to days late; what lies beyond counts as these
EVERYONE = ""  # stands for all suppliers together
_SMALL = 1e-3  # observations spread over all days: no delay is impossible
Key = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Delays:
    """Rows of `frame` (columns DELAYS) with the distribution of days after the date."""

    frame: pd.DataFrame = field(repr=False)
    pmf: Floats = field(repr=False)


def date_kind(confirmed: Ints) -> list[str]:
    """Which date an order line has to keep: its confirmed one, where there is one."""
    return ["confirmed" if day > 0 else "promised" for day in confirmed]


def delays(evidence: Evidence) -> Delays:
    """Per supplier and kind of date, and of everyone, where receipts against such dates are known.

    A confirmed date and one merely promised are kept differently, so they are learnt apart: of
    everyone together, from that per kind, from that per supplier. What is still out counts as
    "not yet".
    """
    width = DELAY_LAST - DELAY_FIRST + 1
    dated, late, kinds = _dated(evidence)
    if not dated.came.any():
        return Delays(frame=pd.DataFrame(columns=list(DELAYS)), pmf=np.zeros((0, width)))
    step = np.clip(late - DELAY_FIRST, 0, width - 1)
    came = dated.came
    overall = np.bincount(step[came], weights=dated.weight[came], minlength=width)
    overall = (overall + _SMALL / width) / (overall.sum() + _SMALL)
    common: list[Key] = [(EVERYONE, kind) for kind in kinds]
    own: list[Key] = list(zip(dated.suppliers, kinds, strict=True))
    per_kind = _learnt(common, np.tile(overall, (len(set(common)), 1)), dated, step)
    row = {key[1]: i for i, key in enumerate(_rows(common))}
    prior = per_kind.pmf[[row[kind] for _, kind in _rows(own)]]
    return _joined(per_kind, _learnt(own, prior, dated, step))


def _dated(evidence: Evidence) -> tuple[Evidence, Ints, list[str]]:
    """Deliveries with a date to keep: days after it, and its kind."""
    parts = evidence.parts
    confirmed = whole(parts, "confirmed")
    due = np.where(confirmed > 0, confirmed, whole(parts, "promised"))
    rows = (due > 0) & (due >= whole(parts, "ordered"))
    late = (whole(parts, "day") - due)[rows]
    return evidence.of(rows), late, date_kind(confirmed[rows])


def _rows(keys: list[Key]) -> list[Key]:
    return sorted(set(keys))


def _learnt(keys: list[Key], prior: Floats, dated: Evidence, step: Ints) -> Delays:
    """`prior` [row, delay] after what came, or has not yet, under each key."""
    rows = _rows(keys)
    row = {key: i for i, key in enumerate(rows)}
    lane = np.asarray([row[key] for key in keys], dtype=np.int64)
    pmf = censored_posterior(
        prior=prior,
        strength=PRIOR_STRENGTH,
        lane=lane,
        day=step,
        weight=dated.weight,
        censored=~dated.came,
    )
    mean, sd = moments(pmf, first=DELAY_FIRST)
    frame = pd.DataFrame(
        {
            "supplier": [supplier for supplier, _ in rows],
            "kind": [kind for _, kind in rows],
            "mean_days": mean,
            "sd_days": sd,
            "observations": np.bincount(lane[dated.came], minlength=len(rows)),
        }
    )
    return Delays(frame=frame[list(DELAYS)], pmf=pmf)


def _joined(common: Delays, own: Delays) -> Delays:
    return Delays(
        frame=pd.concat([common.frame, own.frame], ignore_index=True),
        pmf=np.concatenate([common.pmf, own.pmf]),
    )


def delay_rows(frame: pd.DataFrame, suppliers: list[str], kinds: list[str], least: int) -> Ints:
    """The row of `frame` (columns DELAYS) to expect each line's date to be kept by; -1: none.

    The supplier's own from `least` receipts on; for a confirmed date, which is the supplier's
    word on this very order, else everyone's.
    """
    seen = whole(frame, "observations")
    keys = zip(texts(frame, "supplier"), texts(frame, "kind"), strict=True)
    row = {key: i for i, key in enumerate(keys) if seen[i] >= least}
    found: list[int] = []
    for supplier, kind in zip(suppliers, kinds, strict=True):
        everyone = row.get((EVERYONE, kind), -1) if kind == "confirmed" else -1
        found.append(row.get((supplier, kind), everyone))
    return np.asarray(found, dtype=np.int64)
