"""Which series may take demand from one another: stated substitutes, variants, shelf neighbours.

Only series at the same location are of one family. Three circles, from near to far: substitutes
that the data state, variants of the same parent, items of the same (deepest) category.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from engine.demand.arrays import Floats, Ints, ratio, sum_groups
from engine.model.snapshot import Snapshot

CIRCLES = ("substitutes", "variants", "category")


@dataclass(frozen=True, kw_only=True)
class Family:
    """`substitutes` [series, series] is 1 where either of two names the other.

    The other two hold a group per series, one of its own where it belongs to none.
    """

    substitutes: csr_matrix
    variants: Ints
    category: Ints

    def has(self, circle: str) -> bool:
        """Does any series have others in this circle?"""
        if circle == "substitutes":
            return self.substitutes.nnz > 0
        codes = self.variants if circle == "variants" else self.category
        return int(codes.max(initial=-1)) + 1 < len(codes)

    def of_others(self, circle: str, amounts: Floats) -> Floats:
        """[series, k] sums of `amounts` over the others of each series' circle."""
        if circle == "substitutes":
            return np.asarray(self.substitutes @ amounts, dtype=np.float64)
        codes = self.variants if circle == "variants" else self.category
        sums = sum_groups(amounts, codes, int(codes.max(initial=-1)) + 1)
        # Differences of sums leave dust.
        return np.maximum(sums[codes] - amounts, 0.0)


def read_family(series: pd.DataFrame, snapshot: Snapshot, launches: pd.DataFrame) -> Family:
    """Families from items.substitutes, items.parent and the category path.

    `launches` are people's (Decisions.launches): the siblings that they name are substitutes.
    """
    items = snapshot["items"].drop_duplicates("sku").set_index("sku")
    parent = series["sku"].map(items["parent"]) if len(items) else pd.Series(None, series.index)
    parent = parent.where(parent.notna() & (parent != ""), "\x1f" + series["sku"])
    place = series["location"].astype(str)
    return Family(
        substitutes=_stated(series, items, launches),
        variants=_codes(place + "\x1f" + parent.astype(str)),
        category=_codes(place + "\x1f" + series["category"].fillna("").astype(str)),
    )


def _codes(names: "pd.Series[str]") -> Ints:
    return pd.factorize(names, sort=True)[0].astype(np.int64)


def _stated(series: pd.DataFrame, items: pd.DataFrame, launches: pd.DataFrame) -> csr_matrix:
    """1 where one of two series at a location names the other as its substitute."""
    count = len(series)
    named = pd.concat([
        items["substitutes"].dropna().astype(object),
        launches.set_index("sku")["siblings"].dropna().astype(object),
    ])  # fmt: skip
    if named.empty:
        return csr_matrix((count, count))
    pairs = named.astype(str).str.split("|").explode().str.strip()
    pairs = pairs[pairs != ""]
    if pairs.empty:
        return csr_matrix((count, count))
    rows = pd.DataFrame(
        {"sku": series["sku"], "location": series["location"], "row": np.arange(count)}
    )
    links = pd.DataFrame({"sku": pairs.index.astype(str), "other": pairs.to_numpy(dtype=object)})
    left = links.merge(rows, on="sku")
    both = left.merge(rows, left_on=["other", "location"], right_on=["sku", "location"])
    one = both["row_x"].to_numpy(dtype=np.int64)
    two = both["row_y"].to_numpy(dtype=np.int64)
    apart = one != two
    one, two = one[apart], two[apart]
    where = (np.concatenate([one, two]), np.concatenate([two, one]))
    linked = csr_matrix((np.ones(2 * len(one)), where), shape=(count, count))
    linked.data[:] = 1.0
    return linked


def pressure(family: Family, circle: str, gain: Floats, base: Floats) -> Floats:
    """[series, k] what others in the circle gain, as a share of a series' own base.

    The gain of each is spread over its circle in proportion to `base`, so that a share g of it
    taken from everyone is g x gain in all: sum(base x pressure) = sum(gain of those with others).
    """
    others = family.of_others(circle, base)
    return family.of_others(circle, ratio(gain, others))
