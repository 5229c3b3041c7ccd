"""Which items are alike: by item, parent, category, price, attributes and words of the name."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from engine.demand.arrays import Bools, Floats, Ints, Texts
from engine.model.snapshot import Snapshot

PRICE_WIDTH = 0.5  # of the logarithm: twice the price counts a third
# An item that takes over from another has its level: beside it, others hardly count. What a person
# says that it will sell like counts as much.
PREDECESSOR = LIKENED = 500.0
SAME_ITEM, SAME_PARENT, SAME_PLACE = 10.0, 4.0, 2.0
# How close the closest analogue is: another item, a variant of the same parent, the item elsewhere,
# the item that it replaces, the item that a person says it will sell like.
KINSHIPS, REPLACES, SAID = 5, 3, 4


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
    likened: Texts  # sku that a person says it will sell like, or None


def read_traits(series: pd.DataFrame, snapshot: Snapshot, launches: pd.DataFrame) -> Traits:
    """Traits of every series from items, the panel's columns and people's Decisions.launches."""
    items = snapshot["items"].drop_duplicates("sku").set_index("sku")
    category = series["category"].astype(str)
    sku = series["sku"]
    replaced = items["successor"].dropna()
    before = {str(new): str(old) for old, new in replaced.items() if new}
    named = launches.drop_duplicates("sku", keep="last").set_index("sku")["analogue"]
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
        likened=sku.map(named[named != ""].to_dict()).to_numpy(dtype=object),
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


def likeness(mine: Ints, peers: Ints, traits: Traits) -> Floats:
    """[of mine, peer] how much a peer's level says about another's; nothing about its own."""
    m, p = mine[:, None], peers[None, :]
    distance = (traits.log_price[m] - traits.log_price[p]) / PRICE_WIDTH
    alike = np.exp(-0.5 * np.minimum(distance**2, 40.0))
    alike *= np.where(traits.category[m] == traits.category[p], 1.0, 0.3)
    alike *= np.where(traits.place[m] == traits.place[p], SAME_PLACE, 1.0)
    alike *= np.where(traits.sku[m] == traits.sku[p], SAME_ITEM, 1.0)
    alike *= np.where(_kin(m, p, traits), SAME_PARENT, 1.0)
    alike *= np.where(traits.predecessor[m] == traits.sku[p], PREDECESSOR, 1.0)
    alike *= np.where(traits.likened[m] == traits.sku[p], LIKENED, 1.0)
    shared = traits.features[mine] @ traits.features[peers].T
    alike *= 1.0 + np.asarray(shared.todense(), dtype=np.float64)
    alike[m == p] = 0.0
    return alike


def kinship(mine: Ints, best: Ints, traits: Traits) -> Ints:
    """[of mine, analogue] SAID, REPLACES, 2 for the item elsewhere, 1 for a variant, else 0."""
    m = mine[:, None]
    kin = np.where(_kin(m, best, traits), 1, 0)
    kin = np.where(traits.sku[m] == traits.sku[best], 2, kin)
    kin = np.where(traits.predecessor[m] == traits.sku[best], REPLACES, kin)
    return np.where(traits.likened[m] == traits.sku[best], SAID, kin).astype(np.int64)


def _kin(m: Ints, p: Ints, traits: Traits) -> Bools:
    return (traits.parent[m] == traits.parent[p]) & (traits.parent[m] >= 0)


def replaced_by_others(traits: Traits) -> Bools:
    """[series] items that another one takes over from: their level still says something."""
    known = [old for old in traits.predecessor if isinstance(old, str)]
    return np.isin(traits.sku.astype(str), np.array(sorted(set(known)), dtype=str))
