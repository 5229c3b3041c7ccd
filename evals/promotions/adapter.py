"""Breakfast at the Frat as a snapshot on the morning of a week, with the plans known by then."""

import numpy as np
import pandas as pd

from engine.model.snapshot import Snapshot
from evals.promotions.frat import Bools, Frat
from evals.snapshots import snapshot_of

LEAST_CUT = 0.001  # of the list price; less is rounding


def snapshot_at(frat: Frat, origin: int, steps: int) -> Snapshot:
    """What is known at week `origin`: sales before it; promotions and prices `steps` weeks on.

    Weeks without a row are out of stock: missing, not zero. A price below the list price is a
    discount of that depth; feature and display are promotions of their own, without a depth.
    """
    past, known = slice(0, origin), slice(0, origin + steps)
    present = frat.present
    sold = present[:, past] & (frat.units[:, past] > 0)
    begun = np.logical_or.accumulate(present[:, past], axis=1)
    pairs = frat.pairs[present[:, past].any(axis=1)]
    items = pairs.drop_duplicates("upc")
    sales = _rows(frat, sold).assign(units=frat.units[:, past][sold], kind="sale")
    return snapshot_of(
        "frat",
        as_of=(frat.starts[0] + pd.Timedelta(days=7 * origin)).date(),
        bucket="week",
        sales=sales.rename(columns={"start": "date"}),
        stock=_rows(frat, begun)
        .assign(in_stock_fraction=present[:, past][begun].astype(float))
        .rename(columns={"start": "date"}),
        items=items.rename(columns={"upc": "sku"})[["sku", "category", "name"]],
        locations=pd.DataFrame({"location": sorted(set(pairs["store"])), "kind": "store"}),
        promotions=_promotions(frat, known),
        prices=_prices(frat, known),
    )


def _rows(frat: Frat, where: Bools) -> pd.DataFrame:
    """One row per marked cell: start of the week, sku, location (categorical)."""
    row, week = np.nonzero(where)
    columns: dict[str, object] = {"start": frat.starts[week]}
    for name, column in (("sku", "upc"), ("location", "store")):
        codes, names = pd.factorize(frat.pairs[column], sort=True)
        columns[name] = pd.Categorical.from_codes(codes[row], categories=names)
    return pd.DataFrame(columns)


def _promotions(frat: Frat, known: slice) -> pd.DataFrame:
    depth = frat.depth[:, known]
    kinds = {
        "discount": frat.present[:, known] & (depth > LEAST_CUT),
        "feature": frat.feature[:, known],
        "display": frat.display[:, known],
    }
    parts: list[pd.DataFrame] = []
    for kind, where in kinds.items():
        rows = _rows(frat, where).rename(columns={"start": "start_date"})
        cut = depth[where] if kind == "discount" else np.nan
        parts.append(rows.assign(kind=kind, depth=cut, promotion=f"{kind}-"))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(
        promotion=table["promotion"] + table.index.astype(str),
        sku=table["sku"].astype(object),
        location=table["location"].astype(object),
        end_date=table["start_date"] + pd.Timedelta(days=6),
    )


def _prices(frat: Frat, known: slice) -> pd.DataFrame:
    """The list price wherever it differs from the one before."""
    base = frat.base[:, known]
    listed = frat.present[:, known] & (base > 0)
    before = pd.DataFrame(np.where(listed, base, np.nan)).ffill(axis=1).shift(1, axis=1)
    changed = listed & ~(np.abs(base - before.to_numpy()) < LEAST_CUT)
    rows = _rows(frat, changed).rename(columns={"start": "valid_from"})
    return rows.assign(
        sku=rows["sku"].astype(object),
        location=rows["location"].astype(object),
        price_micros=base[changed] * 1e6,
    )
