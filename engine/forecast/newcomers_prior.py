"""What is believed of an item's level before it has sold: analogues, shrunk to the category.

The logarithm of a level is the mean of its category (drawn towards the categories above it), the
usual factor of its location, and a part of what its analogues have beyond that. How large that
part is, and how far the truth then still lies from it, is learned from established items: each
is predicted from the others as if it had no history (leave one out).
"""

from dataclasses import dataclass

import numpy as np

from engine.demand.arrays import Floats, Ints, Texts, ratio, spaced
from engine.demand.groups import Groups, parents
from engine.forecast.newcomers_likeness import KINSHIPS, REPLACES, Traits, kinship, likeness

ANALOGUES, NAMED = 8, 3
MOST_PEERS = 2000  # of one category that are compared; evenly spaced beyond that
MOST_TRIED = 1500  # established items predicted from the others, over all categories
CHUNK = 256
GROUP_PRIOR = 5.0  # items of a category, or at a location, at which its own mean counts half
USUAL_TRUST = (0.3, 0.5, 0.8, 0.95, 0.9)  # share of the analogues' deviation that holds, by kinship
TRUST_PRIOR = 10.0  # predicted items for which the usual share stands
RESIDUAL_PRIOR = 20.0  # predicted items of a kinship at which its own residuals count half
USUAL_RESIDUALS = np.linspace(-2.0, 1.6, 19)  # where nothing can be predicted: a factor of seven
# A successor sells within a third more or less of what it replaces, two times out of three.
REPLACING_RESIDUALS = np.linspace(-0.5, 0.5, 11)


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What established items teach: `common` [series] log level by category and location."""

    common: Floats
    logs: Floats  # [series] log level; meaningful for the peers only
    peers: Ints
    trust: Floats  # [kinship]
    residuals: tuple[Floats, ...]  # [kinship] log level less its prediction


@dataclass(frozen=True, kw_only=True)
class Predicted:
    """Per row asked for."""

    log_level: Floats
    kinship: Ints
    names: Texts  # of the closest analogues, joined by "|"


def reference(level: Floats, peers: Ints, traits: Traits, groups: Groups) -> Reference:
    """Learned from the `peers`, positions of established series with a positive level."""
    logs = np.log(np.maximum(level, 1e-6))
    common = _common(logs, peers, traits, groups)
    untaught = Reference(
        common=common, logs=logs, peers=peers, trust=np.array(USUAL_TRUST),
        residuals=(*(USUAL_RESIDUALS,) * REPLACES, REPLACING_RESIDUALS, USUAL_RESIDUALS),
    )  # fmt: skip
    tried = spaced(peers, MOST_TRIED)
    beyond, kin, _ = analogues(tried, untaught, traits)
    if len(tried) <= ANALOGUES:
        return untaught
    own = logs[tried] - common[tried]
    trust = np.array([_trust(beyond[kin == k], own[kin == k], k) for k in range(KINSHIPS)])
    rest = own - trust[kin] * beyond
    residuals = [_pooled(rest[kin == k], rest) for k in range(REPLACES)]
    return Reference(
        common=common, logs=logs, peers=peers, trust=trust,
        # Nobody likens established items: that an item is like another errs as predictions do.
        residuals=(*residuals, REPLACING_RESIDUALS, _pooled(np.zeros(0), rest)),
    )  # fmt: skip


def predict(rows: Ints, known: Reference, traits: Traits) -> Predicted:
    """Prior log level of some series and the analogues behind it."""
    beyond, kin, names = analogues(rows, known, traits)
    return Predicted(
        log_level=known.common[rows] + known.trust[kin] * beyond, kinship=kin, names=names
    )


def _trust(beyond: Floats, own: Floats, kin: int) -> float:
    """Least-squares share with a pull towards the usual one, between none and all."""
    weight = TRUST_PRIOR * (float((beyond**2).mean()) if len(beyond) else 1.0)
    top = float((beyond * own).sum()) + weight * USUAL_TRUST[kin]
    return min(max(top / (float((beyond**2).sum()) + weight), 0.0), 1.0) if weight > 0 else 0.0


def _pooled(mine: Floats, everyone: Floats) -> Floats:
    """Residuals of a kinship, filled up with evenly spaced ones of all while they are few."""
    ordered = np.sort(everyone)
    lent = ordered[np.linspace(0, len(ordered) - 1, round(RESIDUAL_PRIOR)).astype(np.int64)]
    return np.concatenate([mine, lent])


def _common(logs: Floats, peers: Ints, traits: Traits, groups: Groups) -> Floats:
    """[series] mean log level by category tree, then by location; each shrunk."""
    common = np.full(len(logs), float(logs[peers].mean()) if len(peers) else 0.0)
    above = np.zeros(len(logs), dtype=np.int64)
    mean = np.array([common[0]]) if len(common) else np.zeros(1)
    for codes, size in zip(groups.levels, groups.sizes(), strict=True):
        prior = mean[parents(codes, above, size)]
        mean, above = _shrunk(logs, prior, codes, peers, size), codes
    if len(common):
        common = mean[above]
    size = int(traits.place.max(initial=-1)) + 1
    return common + _shrunk(logs - common, np.zeros(size), traits.place, peers, size)[traits.place]


def _shrunk(values: Floats, prior: Floats, codes: Ints, peers: Ints, size: int) -> Floats:
    total = np.bincount(codes[peers], weights=values[peers], minlength=size)
    count = np.bincount(codes[peers], minlength=size)
    return (total + GROUP_PRIOR * prior) / (count + GROUP_PRIOR)


def analogues(rows: Ints, known: Reference, traits: Traits) -> tuple[Floats, Ints, Texts]:
    """Per row: weighted deviation of its analogues from what is common, kinship, names."""
    beyond, kin = np.zeros(len(rows)), np.zeros(len(rows), dtype=np.int64)
    names = np.full(len(rows), "", dtype=object)
    shelf_of_peer = traits.shelf[known.peers]
    for shelf in np.unique(traits.shelf[rows]):
        peers = known.peers[shelf_of_peer == shelf]
        peers = spaced(peers, MOST_PEERS)
        mine = np.flatnonzero(traits.shelf[rows] == shelf)
        for first in range(0, len(mine) if len(peers) else 0, CHUNK):
            part = mine[first : first + CHUNK]
            beyond[part], kin[part], names[part] = _closest(rows[part], peers, known, traits)
    return beyond, kin, names


def _closest(
    mine: Ints, peers: Ints, known: Reference, traits: Traits
) -> tuple[Floats, Ints, Texts]:
    weight = likeness(mine, peers, traits)
    best = np.argsort(-weight, axis=1, kind="stable")[:, :ANALOGUES]
    chosen = np.take_along_axis(weight, best, axis=1)
    rows = peers[best]
    deviation = known.logs[rows] - known.common[rows]
    beyond = ratio((chosen * deviation).sum(axis=1), chosen.sum(axis=1))
    kin = np.where(chosen > 0, kinship(mine, rows, traits), 0).max(axis=1)
    named = [
        "|".join(dict.fromkeys(str(traits.sku[row]) for row in line[share > 0][:NAMED]))
        for line, share in zip(rows, chosen, strict=True)
    ]
    return beyond, kin, np.array(named, dtype=object)
