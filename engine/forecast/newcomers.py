"""Series that have not sold long enough to speak for themselves: analogues lend them a level.

The level of an item before it is known is gamma: its mean is the weighted mean level of similar
items, its spread the spread of levels in the category. What the item sells itself updates it
(gamma-Poisson conjugacy), so the band is wide at launch and narrows with every week. Analogues
are never added to the training: copied history would count twice in its category.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from engine.demand.arrays import Bools, Floats, Ints, Texts, ratio
from engine.model.snapshot import Snapshot

LEAST_DAYS = 56  # in stock; with less, a series is a newcomer
NAMED = 3  # analogues that are named
ANALOGUES = 8
PRICE_WIDTH = 0.5  # of the logarithm: twice the price counts a third
MOST_PEERS = 2000  # of one category that are compared; evenly spaced beyond that
CHUNK = 256
PREDECESSOR, SAME_ITEM, SAME_PARENT, SAME_PLACE = 20.0, 10.0, 4.0, 2.0
LEAST_SHAPE, MOST_SHAPE, USUAL_SHAPE = 0.15, 4.0, 0.5
PREFIX = "insufficient history - using category proxy"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Per series: units sold, buckets in stock x shape, and the noise of one bucket."""

    sold: Floats
    exposure: Floats  # in buckets of level demand
    in_stock_days: Floats
    spread: Floats  # variance of a bucket beyond counting, per squared mean
    level: Floats  # of the series by itself


@dataclass(frozen=True, kw_only=True)
class Newcomers:
    """`rows` are positions of the series; the rest is per newcomer."""

    rows: Ints
    level: Floats
    level_cv: Floats
    proxies: Texts  # names joined by "|"; empty where only the category as a whole could tell


def are_newcomers(evidence: Evidence) -> Bools:
    """Too few days in stock, or never a sale."""
    return (evidence.in_stock_days < LEAST_DAYS) | (evidence.sold <= 0)


def estimate_newcomers(evidence: Evidence, series: pd.DataFrame, snapshot: Snapshot) -> Newcomers:
    """Level, its uncertainty and the named analogues of each newcomer."""
    fresh = are_newcomers(evidence)
    rows = np.flatnonzero(fresh)
    traits = _traits(series, snapshot)
    scale = _place_scale(evidence, fresh, traits)
    prior, shape = np.zeros(len(rows)), np.full(len(rows), USUAL_SHAPE)
    proxies = np.full(len(rows), "", dtype=object)
    for shelf in np.unique(traits.shelf[rows]):
        mine = np.flatnonzero(traits.shelf[rows] == shelf)
        peers = np.flatnonzero(~fresh & (traits.shelf == shelf) & (evidence.level > 0))
        peers = peers[:: max(len(peers) // MOST_PEERS, 1)]
        if len(peers) == 0:
            prior[mine] = _common_level(evidence, traits.shelf == shelf, fresh)
            continue
        shape[mine] = _shape(evidence.level[peers])
        for first in range(0, len(mine), CHUNK):
            part = mine[first : first + CHUNK]
            level, names = _analogues(rows[part], peers, evidence, traits, scale)
            prior[part], proxies[part] = level, names
    return _updated(rows, prior, shape, proxies, evidence)


def _updated(rows: Ints, prior: Floats, shape: Floats, proxies: Texts, e: Evidence) -> Newcomers:
    """Gamma prior meets own sales; noisier buckets than Poisson count for less."""
    trust = 1.0 / (1.0 + prior * e.spread[rows])
    sold, seen = trust * e.sold[rows], trust * e.exposure[rows]
    level = np.where(
        prior > 0,
        (shape + sold) / (shape / np.maximum(prior, 1e-9) + seen),
        ratio(sold, seen),
    )
    return Newcomers(rows=rows, level=level, level_cv=1.0 / np.sqrt(shape + sold), proxies=proxies)


def _shape(levels: Floats) -> Floats:
    """Gamma shape whose spread is that of levels in a category (lognormal moments)."""
    spread = float(np.log(levels).var()) if len(levels) > 2 else 1.0  # noqa: PLR2004  two say nothing
    return np.clip(1.0 / np.maximum(np.expm1(np.asarray(spread)), 1e-3), LEAST_SHAPE, MOST_SHAPE)


def _common_level(evidence: Evidence, here: Bools, fresh: Bools) -> float:
    """Mean level of the category's own newcomers, else of every established series."""
    exposure = float(evidence.exposure[here].sum())
    if exposure > 0 and evidence.sold[here].sum() > 0:
        return float(evidence.sold[here].sum()) / exposure
    known = evidence.level[~fresh]
    return float(np.median(known)) if len(known) else 0.0


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What makes items alike, per series."""

    sku: Texts
    place: Ints
    shelf: Ints  # top category
    category: Ints
    log_price: Floats
    parent: Ints  # -1: none
    features: csr_matrix  # [series, attribute or word of the name], weighed by how rare it is
    predecessor: Texts  # sku that this one replaces, or None


def _traits(series: pd.DataFrame, snapshot: Snapshot) -> Traits:
    items = snapshot["items"].drop_duplicates("sku").set_index("sku")
    category = series["category"].astype(str)
    sku = series["sku"]
    replaced = items["successor"].dropna()
    before = {str(new): str(old) for old, new in replaced.items() if new}
    parents = sku.map(items["parent"])
    stated = sku.map(items["attributes"]).fillna("").astype(str)
    words = series["name"].fillna("").astype(str).str.casefold().str.findall(r"[^\W\d]{3,}")
    return Traits(
        sku=sku.to_numpy(dtype=object),
        place=_codes(series["location"]),
        shelf=_codes(category.str.split("/").str[0]),
        category=_codes(category),
        log_price=np.log(np.maximum(series["price_micros"].to_numpy(dtype=np.float64), 1.0)),
        parent=pd.factorize(parents)[0].astype(np.int64),
        features=_features(stated.str.split("|"), words),
        predecessor=sku.map(before).to_numpy(dtype=object),
    )


def _features(attributes: "pd.Series[Any]", words: "pd.Series[Any]") -> csr_matrix:
    """Attributes and words of the name as 0 or more; what half the items share weighs nothing."""
    each = [column.reset_index(drop=True).explode() for column in (attributes, words)]
    pairs = pd.concat(each).astype(object)
    pairs = pairs[pairs.notna() & (pairs != "")]
    code, names = pd.factorize(pairs.str.strip(), sort=True)
    having = np.bincount(code, minlength=len(names))
    rarity = np.maximum(np.log(len(attributes) / np.maximum(2.0 * having, 1.0)), 0.0)
    cells = (np.sqrt(rarity)[code], (pairs.index.to_numpy(), code))
    return csr_matrix(cells, shape=(len(attributes), len(names)))


def _codes(column: "pd.Series[str]") -> Ints:
    return pd.factorize(column, sort=True)[0].astype(np.int64)


def _place_scale(evidence: Evidence, fresh: Bools, traits: Traits) -> Floats:
    """Typical level per location; an analogue elsewhere is scaled to the newcomer's location."""
    known = ~fresh & (evidence.level > 0)
    scale = np.ones(int(traits.place.max(initial=-1)) + 1)
    for place in np.unique(traits.place[known]):
        scale[place] = np.exp(np.log(evidence.level[known & (traits.place == place)]).mean())
    return scale


def _analogues(
    mine: Ints, peers: Ints, evidence: Evidence, traits: Traits, scale: Floats
) -> tuple[Floats, list[str]]:
    weight = _likeness(mine, peers, traits)
    best = np.argsort(-weight, axis=1, kind="stable")[:, :ANALOGUES]
    chosen = np.take_along_axis(weight, best, axis=1)
    moved = scale[traits.place[mine]][:, None] / scale[traits.place[peers[best]]]
    level = (chosen * evidence.level[peers[best]] * moved).sum(axis=1) / chosen.sum(axis=1)
    names = [
        "|".join(dict.fromkeys(str(traits.sku[row]) for row in peers[line[:NAMED]]))
        for line in best
    ]
    return level, names


def _likeness(mine: Ints, peers: Ints, traits: Traits) -> Floats:
    """[newcomer, peer] how much a peer's level says about a newcomer's."""
    m, p = mine[:, None], peers[None, :]
    distance = (traits.log_price[m] - traits.log_price[p]) / PRICE_WIDTH
    likeness = np.exp(-0.5 * np.minimum(distance**2, 40.0))
    likeness *= np.where(traits.category[m] == traits.category[p], 1.0, 0.3)
    likeness *= np.where(traits.place[m] == traits.place[p], SAME_PLACE, 1.0)
    likeness *= np.where(traits.sku[m] == traits.sku[p], SAME_ITEM, 1.0)
    kin = (traits.parent[m] == traits.parent[p]) & (traits.parent[m] >= 0)
    likeness *= np.where(kin, SAME_PARENT, 1.0)
    likeness *= np.where(traits.predecessor[m] == traits.sku[p], PREDECESSOR, 1.0)
    shared = traits.features[mine] @ traits.features[peers].T
    return likeness * (1.0 + np.asarray(shared.todense(), dtype=np.float64))
