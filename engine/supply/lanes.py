"""Lead-time distributions of lanes: a prior, bent by the lane's own deliveries."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import optional_texts, reals, texts
from engine.model.config import PlanConfig
from engine.model.supply import LANES
from engine.supply.evidence import Evidence
from engine.supply.posterior import (
    censored_posterior,
    condensed,
    days_of_samples,
    gamma_days,
    moments,
    product_limit,
)
from engine.supply.stated import StatedTimes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Pairs = list[tuple[str, str]]

PRIOR_STRENGTH = 6.0  # deliveries that a prior is worth: half of a dozen own ones outweigh it
ITEM_STRENGTH = 12.0  # the same for an item, whose prior knows its supplier
OBSERVED_FROM = 8  # deliveries from which a lane counts as observed rather than shrunk
LANE_FROM = 4  # deliveries from which an item or a ship-to gets a lane of its own
EXPERIENCE_FROM = 20  # deliveries from which the company's experience replaces an assumption


@dataclass(frozen=True, kw_only=True)
class Lanes:
    """Rows of `frame` (columns LANES) with their distributions `pmf` [lane, day]."""

    frame: pd.DataFrame = field(repr=False)
    pmf: Floats = field(repr=False)


def supplier_lanes(
    suppliers: list[str], stated: StatedTimes, evidence: Evidence, config: PlanConfig, width: int
) -> Lanes:
    """One lane per supplier, `width` days long."""
    anchors = stated.of_suppliers(suppliers)
    row = {supplier: i for i, supplier in enumerate(suppliers)}
    lane = np.asarray([row[each] for each in evidence.suppliers], dtype=np.int64)
    names = pd.DataFrame({"supplier": suppliers, "sku": None, "location": None}, dtype=object)
    prior = _prior(anchors, evidence, config, width)
    return _bent(names, anchors, prior, lane, evidence, strength=PRIOR_STRENGTH)


def _prior(anchors: Floats, evidence: Evidence, config: PlanConfig, width: int) -> Floats:
    """What to expect of a supplier before its own deliveries are looked at.

    What it states, spread as statements have turned out across the company; without such
    experience spread by assumption; without a statement, what the company sees elsewhere.
    """
    stated = np.nan_to_num(anchors, nan=config.default_lead_time_days)
    prior = gamma_days(stated, config.lead_time_spread, width)
    known = ~np.isnan(anchors)
    judged = evidence.stated > 0
    if (judged & evidence.came).sum() >= EXPERIENCE_FROM:
        ratios = evidence.days[judged] / evidence.stated[judged]
        share = product_limit(ratios, evidence.weight[judged], evidence.came[judged])
        ratios, share = condensed(ratios, share)
        prior[known] = days_of_samples(anchors[known][:, None] * ratios[None, :], share, width)
    if evidence.came.sum() >= EXPERIENCE_FROM:
        prior[~known] = company_wide(evidence, width)
    return prior


def company_wide(evidence: Evidence, width: int) -> Floats:
    """Pmf [day] of all deliveries together, those still out counted as "not yet"."""
    days = evidence.days.astype(np.float64)
    share = product_limit(days, evidence.weight, evidence.came)
    return days_of_samples(days[None, :], share, width)[0]


def item_lanes(whole: Lanes, stated: StatedTimes, evidence: Evidence) -> Lanes:
    """Lanes per item that has deliveries or a statement of its own, shrunk towards the supplier."""
    counts = came_by(evidence, "sku")
    pairs = sorted({pair for pair, n in counts.items() if n >= LANE_FROM} | set(stated.by_item))
    anchors = np.asarray([stated.by_item.get(pair, np.nan) for pair in pairs], dtype=np.float64)
    parents = {name: i for i, name in enumerate(texts(whole.frame, "supplier"))}
    parent = np.asarray([parents[supplier] for supplier, _ in pairs], dtype=np.int64)
    return finer(
        _stretched(whole, parent, anchors), pairs, "sku", anchors, evidence, strength=ITEM_STRENGTH
    )


def came_by(evidence: Evidence, key: str) -> Counter[tuple[str, str]]:
    """Deliveries per supplier and item or ship-to."""
    came = evidence.parts[evidence.came]
    return Counter(zip(texts(came, "supplier"), texts(came, key), strict=True))


def finer(
    prior: Floats, pairs: Pairs, key: str, anchors: Floats, evidence: Evidence, *, strength: float
) -> Lanes:
    """A lane per pair of supplier and item (or ship-to), from `prior` [pair, day]."""
    row = {pair: i for i, pair in enumerate(pairs)}
    named = zip(evidence.suppliers, texts(evidence.parts, key), strict=True)
    lane = np.asarray([row.get(pair, -1) for pair in named], dtype=np.int64)
    names = pd.DataFrame(
        {
            "supplier": [supplier for supplier, _ in pairs],
            "sku": [name if key == "sku" else None for _, name in pairs],
            "location": [name if key == "location" else None for _, name in pairs],
        },
        dtype=object,
    )
    return _bent(names, anchors, prior, lane, evidence, strength=strength)


def _stretched(whole: Lanes, parent: Ints, anchors: Floats) -> Floats:
    """Each supplier's distribution, its days scaled where the item states another time."""
    usual = reals(whole.frame, "stated_days")[parent]
    mean = reals(whole.frame, "mean_days")[parent]
    scale = anchors / np.where(usual > 0, usual, np.where(mean > 0, mean, 1.0))
    pmf = whole.pmf[parent]
    width = pmf.shape[1]
    days = np.arange(width, dtype=np.float64)
    for i in np.flatnonzero(np.isfinite(scale) & (scale != 1.0)):
        pmf[i] = days_of_samples((days * scale[i])[None, :], pmf[i], width)[0]
    return pmf


def _bent(
    names: pd.DataFrame,
    anchors: Floats,
    prior: Floats,
    lane: Ints,
    evidence: Evidence,
    *,
    strength: float,
) -> Lanes:
    """The prior after the deliveries of each lane; `lane` is -1 where one belongs to none."""
    mine = lane >= 0
    pmf = censored_posterior(
        prior=prior,
        strength=strength,
        lane=lane[mine],
        day=evidence.days[mine],
        weight=evidence.weight[mine],
        censored=~evidence.came[mine],
    )
    counted = np.bincount(lane[mine & evidence.came], minlength=len(names))
    mean, sd = moments(pmf)
    frame = names.assign(
        stated_days=anchors,
        mean_days=mean,
        sd_days=sd,
        observations=counted,
        source=_sources(anchors, counted.astype(np.int64)),
    )
    return Lanes(frame=frame[list(LANES)], pmf=pmf)


def _sources(anchors: Floats, counted: Ints) -> list[str]:
    assumed = np.where(np.isnan(anchors), "assumed", "stated")
    learned = np.where(counted >= OBSERVED_FROM, "observed", "shrunk")
    return [str(each) for each in np.where(counted > 0, learned, assumed)]


def joined(parts: list[Lanes]) -> Lanes:
    """All lanes sorted by supplier: the supplier as a whole, its ship-tos, its items."""
    frame = pd.concat([each.frame for each in parts], ignore_index=True)
    pmf = np.concatenate([each.pmf for each in parts])
    keys = list(
        zip(
            texts(frame, "supplier"),
            [each or "" for each in optional_texts(frame, "sku")],
            [each or "" for each in optional_texts(frame, "location")],
            strict=True,
        )
    )
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return Lanes(frame=frame.iloc[order].reset_index(drop=True), pmf=pmf[order])
