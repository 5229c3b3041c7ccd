"""Which series are on promotion when: past buckets and planned ones alike."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Floats, Ints, day_numbers, floats, ints, ratio
from engine.demand.axes import bucket_at
from engine.demand.catalogue import Catalogue
from engine.demand.findings import Finding
from engine.demand.levers import PARTS, Levers
from engine.model.snapshot import Snapshot

TYPICAL_DEPTH = 0.2  # share off the price, where no discount of the company states one
DEEPEST = 0.9  # share off the price; more is a give-away, from which no elasticity follows
KINDS = ("discount", "feature", "display", "influencer", "drop")
DISCOUNT = KINDS.index("discount")
FRESH_DAYS = 7  # of a promotion's run; later those who care have bought


@dataclass(frozen=True, kw_only=True)
class PromotedSeries:
    """One entry per (series, promotion): first and last day (inclusive), depth and kind."""

    row: Ints
    first: Ints
    last: Ints
    depth: Floats  # share off the price; 0 for a promotion without a price cut
    kind: Ints  # position in KINDS


_NONE = PromotedSeries(
    row=np.zeros(0, dtype=np.int64),
    first=np.zeros(0, dtype=np.int64),
    last=np.zeros(0, dtype=np.int64),
    depth=np.zeros(0),
    kind=np.zeros(0, dtype=np.int64),
)


def promoted_series(
    snapshot: Snapshot, series: pd.DataFrame, catalogue: Catalogue
) -> tuple[PromotedSeries, tuple[Finding, ...]]:
    """Promotions resolved to series, and those that say too little to be used.

    One that runs on a single channel marks the whole series: its lift is measured on the same
    total to which it is applied. `series` has sku, location and category, one row per series.
    """
    if snapshot["promotions"].empty:
        return _NONE, ()
    promotions = snapshot["promotions"].reset_index(drop=True)
    usable = promotions["start_date"].notna() & promotions["end_date"].notna()
    usable &= promotions["sku"].notna() | promotions["category"].notna()
    usable &= promotions["start_date"] <= promotions["end_date"]
    pairs = _pairs(promotions[usable], series, catalogue)
    chosen: pd.DataFrame = promotions.loc[ints(pairs["promotion"])]
    kinds = {kind: index for index, kind in enumerate(KINDS)}
    kind = ints(promotions["kind"].map(kinds).fillna(DISCOUNT))
    return PromotedSeries(
        row=ints(pairs["row"]),
        first=day_numbers(chosen["start_date"]),
        last=day_numbers(chosen["end_date"]),
        depth=depths(floats(promotions["depth"]), kind)[ints(pairs["promotion"])],
        kind=kind[ints(pairs["promotion"])],
    ), _findings(promotions, usable)


def depths(stated: Floats, kind: Ints) -> Floats:
    """Share off the price per promotion.

    A discount that states none has the company's usual one; other kinds need no price cut. 25 is
    read as 25 %. A stated depth of zero is no cut.
    """
    share = np.where(stated > 1.0, stated / 100.0, stated)
    real = share[(share > 0) & (share <= 1.0)]
    usual = float(np.median(real)) if len(real) else TYPICAL_DEPTH
    share = np.where(np.isnan(share), np.where(kind == DISCOUNT, usual, 0.0), share)
    return np.clip(share, 0.0, DEEPEST)


def _pairs(promotions: pd.DataFrame, series: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """(promotion, row) for every series that a promotion covers."""
    wanted = promotions[["sku", "category", "location"]].assign(promotion=promotions.index)
    today = {name: catalogue.skus[code] for name, code in catalogue.code.items()}
    wanted["sku"] = wanted["sku"].map(today).astype(object)
    rows = series[["sku", "location"]].assign(row=np.arange(len(series)))
    by_path = wanted[wanted["sku"].isna() & promotions["sku"].isna()]
    paths = _category_paths(series, set(by_path["category"])).merge(rows, on="row")
    named = wanted[wanted["sku"].notna()].drop(columns="category")
    parts = [*_placed(named, rows, "sku"), *_placed(by_path, paths, "category")]
    pairs = pd.concat([part[["promotion", "row"]] for part in parts], ignore_index=True)
    return pairs.sort_values(["promotion", "row"], kind="stable")


def _placed(wanted: pd.DataFrame, rows: pd.DataFrame, key: str) -> list[pd.DataFrame]:
    """Matches of promotions at one location and of those everywhere."""
    somewhere = wanted["location"].notna() & (wanted["location"] != "")
    everywhere = wanted.loc[~somewhere, ["promotion", key]].merge(rows, on=key)
    there = wanted.loc[somewhere, ["promotion", key, "location"]]
    return [everywhere, there.merge(rows, on=[key, "location"])]


def _category_paths(series: pd.DataFrame, asked: set[object]) -> pd.DataFrame:
    """(category, row) of the paths asked for: "a/b/c" is covered by a, a/b and a/b/c."""
    codes, unique = pd.factorize(series["category"])
    ancestors = [
        (code, "/".join(str(path).split("/")[: depth + 1]))
        for code, path in enumerate(unique)
        for depth in range(str(path).count("/") + 1)
    ]
    table = pd.DataFrame(ancestors, columns=["code", "category"])
    table = table[table["category"].isin(asked)]
    return pd.DataFrame({"code": codes, "row": np.arange(len(series))}).merge(table, on="code")


def _findings(promotions: pd.DataFrame, usable: "pd.Series[bool]") -> tuple[Finding, ...]:
    message = "A promotion without an item or category, or whose dates make no period, is ignored."
    names = sorted(str(name) for name in promotions.loc[~usable, "promotion"])
    ignored = [
        Finding(code="promotion-ignored", message=f"{message} Promotion {name}.") for name in names
    ]
    percent = int((promotions["depth"] > 1.0).sum())
    if percent:
        message = f"{percent:,} promotions state a depth above 1, which is read as percent."
        ignored.append(Finding(code="promotion-depth-percent", message=message))
    return tuple(ignored)


def promotion_levers(promoted: PromotedSeries, shape: tuple[int, int], edges: Ints) -> Levers:
    """Promotions in the buckets between these days (`axes.day_edges`), each by its share of days.

    Overlapping promotions of one kind do not add up: the deepest, or the longest, counts.
    """
    first = np.maximum(promoted.first, edges[0])
    last = np.minimum(promoted.last, edges[-1] - 1)
    kept = np.flatnonzero(first <= last)
    lower, upper = bucket_at(edges, first[kept]), bucket_at(edges, last[kept])
    counts = upper - lower + 1
    entry = np.repeat(kept, counts)
    bucket = np.arange(len(entry)) - np.repeat(np.cumsum(counts) - counts - lower, counts)
    begins, ends = edges[bucket], edges[bucket + 1]
    days = np.minimum(last[entry], ends - 1) - np.maximum(first[entry], begins) + 1
    cell, position = np.unique(promoted.row[entry] * shape[1] + bucket, return_inverse=True)
    share = days / (ends - begins)
    depth, kind = promoted.depth[entry], promoted.kind[entry]

    def longest(amount: Floats, where: Bools) -> Floats:
        found = np.zeros(len(cell))
        np.maximum.at(found, position[where], amount[where])
        return found

    shares = {name: longest(share, kind == code) for code, name in enumerate(KINDS)}
    shares["discount"] = longest(share, depth > 0)  # of whatever kind it is announced as
    cut = ratio(longest(share * -np.log1p(-depth), depth > 0), shares["discount"])
    for name in ("feature", "display"):
        shares[f"discount with {name}"] = np.minimum(shares[name], shares["discount"])
    for name in ("discount", "feature", "display"):
        shares[f"worn {name}"] = _worn(cell, shares[name], edges)
    value = np.column_stack([
        cut if name in ("discount", "discount with feature", "discount with display")
        else np.ones(len(cell)) for name in PARTS
    ])  # fmt: skip
    table = np.column_stack([shares[name] for name in PARTS])
    works = table.max(axis=1, initial=0.0) > 0
    return Levers(shape=shape, cell=cell[works], share=table[works], value=value[works])


def _worn(cell: Ints, share: Floats, edges: Ints) -> Floats:
    """Share of the days that lie more than a week into an unbroken run of the part."""
    bucket, runs = cell % (len(edges) - 1), share > 0
    goes_on = np.zeros(len(cell), dtype=np.bool_)
    goes_on[1:] = (np.diff(cell) == 1) & runs[:-1] & runs[1:] & (bucket[1:] > 0)
    begin = np.maximum.accumulate(np.where(goes_on, 0, np.arange(len(cell))))
    return np.where(runs & (edges[bucket] - edges[bucket[begin]] >= FRESH_DAYS), share, 0.0)
