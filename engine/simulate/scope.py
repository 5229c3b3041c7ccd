"""A part of the company: some items, some locations, or a sample of the items."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from hashlib import blake2b

import numpy as np
import pandas as pd

from engine.errors import InvalidInput, UnknownName
from engine.kernels.renames import under_current_names
from engine.model.snapshot import Snapshot

_SHARED = ("minimum_value_micros", "minimum_units", "minimum_volume_l", "container_volume_l")
_BY_LOCATION = ("sales", "stock", "purchase_orders", "backorders")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Empty means everything; `sample` is a number of items, drawn by `seed`."""

    skus: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sample: int | None = None
    seed: int = 0

    @property
    def is_everything(self) -> bool:
        return self == Scope(seed=self.seed)


def within(snapshot: Snapshot, scope: Scope) -> Snapshot:
    """The snapshot of these items and locations alone, with the sets that draw on the items.

    Of a supplier's minimums and containers they carry the share that they had of its orders: a
    sample of ten items cannot fill what four hundred fill.
    Raises UnknownName for a name that does not exist, InvalidInput where nothing is left.
    """
    if scope.is_everything:
        return snapshot
    snapshot = under_current_names(snapshot)
    _check_names("SKU", scope.skus, snapshot["items"]["sku"])
    _check_names("location", scope.locations, _locations(snapshot))
    chosen = _items(snapshot["items"], scope)
    bundles = snapshot["bundles"]
    sets = set(bundles.loc[bundles["component_sku"].isin(chosen), "bundle_sku"])
    tables = {name: _of_items(frame, chosen | sets) for name, frame in snapshot.tables.items()}
    if scope.locations:
        for name in _BY_LOCATION:
            tables[name] = _kept(tables[name], tables[name]["location"].isin(scope.locations))
    orders = pd.MultiIndex.from_frame(tables["purchase_orders"][["po", "line"]])
    lines = pd.MultiIndex.from_frame(tables["receipts"][["po", "line"]])
    tables["receipts"] = _kept(tables["receipts"], lines.isin(orders))
    share = _shares(snapshot["purchase_orders"], tables["purchase_orders"])
    tables["suppliers"] = _scaled(tables["suppliers"], share)
    return replace(snapshot, id=f"{snapshot.id}/{_named(scope)}", tables=tables)


def _shares(whole: pd.DataFrame, part: pd.DataFrame) -> "pd.Series[float]":
    """By supplier, what the part's order lines were worth of the whole's."""
    worth = [
        (orders["units"] * orders["unit_cost_micros"].fillna(1)).groupby(orders["supplier"]).sum()
        for orders in (whole, part)
    ]
    return (worth[1] / worth[0].where(worth[0] > 0)).dropna()


def _scaled(suppliers: pd.DataFrame, share: "pd.Series[float]") -> pd.DataFrame:
    factor = suppliers["supplier"].map(share).fillna(1.0).to_numpy(dtype=np.float64)
    return suppliers.assign(**{name: suppliers[name] * factor for name in _SHARED})


def _items(items: pd.DataFrame, scope: Scope) -> set[str]:
    kept = items
    if scope.skus:
        kept = kept[kept["sku"].isin(scope.skus)]
    if scope.categories:
        kept = kept[[_inside(each, scope.categories) for each in kept["category"]]]
    skus = sorted(str(each) for each in kept["sku"])
    if not skus:
        raise InvalidInput(
            f"No item is in {', '.join((*scope.skus, *scope.categories))}; "
            "write a SKU or a category path as in the items."
        )
    if scope.sample is not None and scope.sample < len(skus):
        drawn = np.random.default_rng(scope.seed).choice(len(skus), scope.sample, replace=False)
        skus = [skus[int(each)] for each in drawn]
    return set(skus)


def _inside(category: object, wanted: Sequence[str]) -> bool:
    name = category if isinstance(category, str) else ""
    return any(name == each or name.startswith(f"{each}/") for each in wanted)


def _of_items(frame: pd.DataFrame, skus: set[str]) -> pd.DataFrame:
    """Rows of these items; a table of something else, or a row for all items, stays."""
    if "sku" not in frame.columns:
        return frame
    return _kept(frame, frame["sku"].isin(skus) | frame["sku"].isna())


def _kept(frame: pd.DataFrame, rows: "pd.Series[bool] | np.ndarray") -> pd.DataFrame:
    return frame[np.asarray(rows, dtype=np.bool_)].reset_index(drop=True)


def _locations(snapshot: Snapshot) -> "pd.Series[str]":
    return pd.concat([snapshot["locations"]["location"], snapshot["stock"]["location"].astype(str)])


def _check_names(kind: str, named: Sequence[str], known: "pd.Series[str]") -> None:
    names = {str(each) for each in known}
    for name in named:
        if name not in names:
            raise UnknownName(kind, name, get_close_matches(name, sorted(names)))


def _named(scope: Scope) -> str:
    return blake2b(repr(scope).encode(), digest_size=6).hexdigest()
