"""Lanes per ship-to: what a supplier's deliveries and those to the same place say together."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from engine.kernels.columns import reals, texts
from engine.supply.believed import believed_shares
from engine.supply.evidence import Evidence
from engine.supply.lanes import (
    EXPERIENCE_FROM,
    LANE_FROM,
    PRIOR_STRENGTH,
    Lanes,
    Pairs,
    came_by,
    company_wide,
    finer,
)
from engine.supply.posterior import censored_posterior
from engine.supply.smoothing import smoothed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHIP_TO_STRENGTH = 20.0  # deliveries that the mixture of supplier and place is worth


def ship_to_lanes(whole: Lanes, evidence: Evidence) -> Lanes:
    """Lanes per ship-to of suppliers that deliver to several.

    Each starts from its supplier. Where suppliers state no times, it starts from a mixture with
    what the place has seen of all of them, as far as that has told more: how far a place is, and
    how it calls its orders off, shows in what others deliver there.
    """
    parents = {name: i for i, name in enumerate(texts(whole.frame, "supplier"))}
    unstated = np.isnan(reals(whole.frame, "stated_days"))
    pairs = _pairs(evidence, {name for name, i in parents.items() if unstated[i]})
    parent = np.asarray([parents[supplier] for supplier, _ in pairs], dtype=np.int64)
    prior, anchors = whole.pmf[parent], np.full(len(pairs), np.nan)
    _blend_places(prior, unstated[parent], [place for _, place in pairs], evidence)
    return finer(prior, pairs, "location", anchors, evidence, strength=SHIP_TO_STRENGTH)


def _pairs(evidence: Evidence, unstated: set[str]) -> Pairs:
    """With enough deliveries; of a supplier that states nothing, all to which it was ordered."""
    ordered = set(zip(evidence.suppliers, texts(evidence.parts, "location"), strict=True))
    several = Counter(supplier for supplier, _ in ordered)
    enough = {pair for pair, n in came_by(evidence, "location").items() if n >= LANE_FROM}
    return sorted(
        pair for pair in ordered if several[pair[0]] > 1 and (pair in enough or pair[0] in unstated)
    )


def _blend_places(
    prior: Floats, unstated: NDArray[np.bool_], places: list[str], evidence: Evidence
) -> None:
    """Mix into the `unstated` rows of `prior` what deliveries to their places have needed."""
    loose = evidence.of(np.isnan(evidence.stated))
    if not unstated.any() or loose.came.sum() < EXPERIENCE_FROM:
        return
    suppliers, _ = _codes(loose.suppliers)
    lane, row = _codes(texts(loose.parts, "location"))
    own, others = believed_shares(loose, [suppliers, lane], PRIOR_STRENGTH)
    width = prior.shape[1]
    there = censored_posterior(
        prior=np.tile(company_wide(loose, width), (len(row), 1)),
        strength=PRIOR_STRENGTH,
        lane=lane,
        day=loose.days,
        weight=loose.weight,
        censored=~loose.came,
    )
    at = [row[place] for place, one in zip(places, unstated, strict=True) if one]
    blend = own * prior[unstated] + others * there[at]
    seen = np.bincount(lane, weights=loose.weight, minlength=len(row)).astype(np.float64)
    prior[unstated] = smoothed(blend, seen[at])


def _codes(names: list[str]) -> tuple[Ints, dict[str, int]]:
    row = {name: i for i, name in enumerate(sorted(set(names)))}
    return np.asarray([row[name] for name in names], dtype=np.int64), row
