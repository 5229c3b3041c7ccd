"""Which series are on promotion when: past buckets and planned ones alike."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.demand.arrays import Floats, Ints, day_numbers, floats, ints
from engine.demand.catalogue import Catalogue
from engine.demand.findings import Finding
from engine.model.snapshot import Snapshot

TYPICAL_DEPTH = 0.2  # share off the price, where no promotion of the company states one
KINDS = ("discount", "feature", "display", "influencer", "drop")


@dataclass(frozen=True, kw_only=True)
class PromotedSeries:
    """One entry per (series, promotion): first and last day (inclusive), depth and kind."""

    row: Ints
    first: Ints
    last: Ints
    depth: Floats
    kind: Ints  # position in KINDS


@dataclass(frozen=True, kw_only=True)
class PromotionGrid:
    """[series, bucket]: share of the bucket on promotion, and that share times the depth."""

    share: Floats
    dose: Floats


def promoted_series(
    snapshot: Snapshot, series: pd.DataFrame, catalogue: Catalogue
) -> tuple[PromotedSeries, tuple[Finding, ...]]:
    """Promotions resolved to series, and those that say too little to be used.

    One that runs on a single channel marks the whole series: its lift is measured on the same
    total to which it is applied. `series` has sku, location and category, one row per series.
    """
    promotions = snapshot["promotions"].reset_index(drop=True)
    usable = promotions["start_date"].notna() & promotions["end_date"].notna()
    usable &= promotions["sku"].notna() | promotions["category"].notna()
    usable &= promotions["start_date"] <= promotions["end_date"]
    pairs = _pairs(promotions[usable], series, catalogue)
    chosen: pd.DataFrame = promotions.loc[ints(pairs["promotion"])]
    kinds = {kind: index for index, kind in enumerate(KINDS)}
    return PromotedSeries(
        row=ints(pairs["row"]),
        first=day_numbers(chosen["start_date"]),
        last=day_numbers(chosen["end_date"]),
        depth=_depths(chosen, promotions),
        kind=ints(chosen["kind"].map(kinds).fillna(0)),
    ), _unusable(promotions, usable)


def _depths(chosen: pd.DataFrame, promotions: pd.DataFrame) -> Floats:
    """Stated depths; where none (or zero) is stated, the company's usual one."""
    stated = promotions.loc[promotions["depth"] > 0, "depth"]
    usual = float(stated.median()) if len(stated) else TYPICAL_DEPTH
    depth = floats(chosen["depth"])
    return np.where(depth > 0, depth, usual)


def _pairs(promotions: pd.DataFrame, series: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """(promotion, row) for every series that a promotion covers."""
    wanted = promotions[["sku", "category", "location"]].assign(promotion=promotions.index)
    today = {name: catalogue.skus[code] for name, code in catalogue.code.items()}
    wanted["sku"] = wanted["sku"].map(today).astype(object)
    rows = series[["sku", "location"]].assign(row=np.arange(len(series)))
    by_sku = wanted[wanted["sku"].notna()].drop(columns="category").merge(rows, on="sku")
    paths = _category_paths(series)
    by_path = wanted[wanted["sku"].isna()].drop(columns="sku").merge(paths, on="category")
    by_path = by_path.merge(rows, on="row")
    pairs = pd.concat([by_sku, by_path], ignore_index=True)
    everywhere = pairs["location_x"].isna() | (pairs["location_x"] == "")
    pairs = pairs[everywhere | (pairs["location_x"] == pairs["location_y"])]
    return pairs[["promotion", "row"]]


def _category_paths(series: pd.DataFrame) -> pd.DataFrame:
    """Every category path that covers a series: "a/b/c" is covered by a, a/b and a/b/c."""
    codes, unique = pd.factorize(series["category"])
    ancestors = [
        (code, "/".join(str(path).split("/")[: depth + 1]))
        for code, path in enumerate(unique)
        for depth in range(str(path).count("/") + 1)
    ]
    table = pd.DataFrame(ancestors, columns=["code", "category"])
    return pd.DataFrame({"code": codes, "row": np.arange(len(series))}).merge(table, on="code")


def _unusable(promotions: pd.DataFrame, usable: "pd.Series[bool]") -> tuple[Finding, ...]:
    message = "A promotion without an item or category, or whose dates make no period, is ignored."
    names = sorted(str(name) for name in promotions.loc[~usable, "promotion"])
    return tuple(
        Finding(code="promotion-ignored", message=f"{message} Promotion {name}.") for name in names
    )


def promotion_grid(
    promoted: PromotedSeries, shape: tuple[int, int], start: int, bucket_days: int
) -> PromotionGrid:
    """Shares of the buckets that begin at day `start`; overlapping promotions do not add up."""
    first = np.maximum(promoted.first, start)
    last = np.minimum(promoted.last, start + shape[1] * bucket_days - 1)
    kept = np.flatnonzero(first <= last)
    lower, upper = (first[kept] - start) // bucket_days, (last[kept] - start) // bucket_days
    counts = upper - lower + 1
    entry = np.repeat(kept, counts)
    bucket = np.arange(len(entry)) - np.repeat(np.cumsum(counts) - counts - lower, counts)
    begins = start + bucket * bucket_days
    days = np.minimum(last[entry], begins + bucket_days - 1) - np.maximum(first[entry], begins) + 1
    cells = promoted.row[entry] * shape[1] + bucket
    share, dose = np.zeros(shape[0] * shape[1]), np.zeros(shape[0] * shape[1])
    np.maximum.at(share, cells, days / bucket_days)
    np.maximum.at(dose, cells, days / bucket_days * promoted.depth[entry])
    return PromotionGrid(share=share.reshape(shape), dose=dose.reshape(shape))
