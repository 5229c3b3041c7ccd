"""Which part of a company somebody looks after: suppliers, categories, locations.

A row (of exceptions, of a plan) lies in a scope when something of the catalogue that it is about
does: its item at its place, else its item, its supplier or its place. What names none of them
concerns everybody. Codes are compared whatever their case; a category holds those below it.
"""

from dataclasses import dataclass

import pandas as pd

from engine.service.items import catalogue
from engine.service.reading import RunHeader
from engine.service.stores import Stores

NAMES = ("sku", "location", "supplier")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Empty means everything of that kind."""

    suppliers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        return not (self.suppliers or self.categories or self.locations)


EVERYTHING = Scope()


def within(stores: Stores, run: RunHeader, rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The rows of a frame with `sku`, `location` and `supplier` that lie in the scope."""
    if scope.is_everything or rows.empty:
        return rows
    return rows[_lies_in(rows, catalogue(stores, run), scope)].reset_index(drop=True)


def unknown_names(stores: Stores, run: RunHeader, scope: Scope) -> tuple[str, ...]:
    """What a scope names and the catalogue does not have: a digest of nothing, most likely."""
    known = catalogue(stores, run)
    paths = _plain(known["category"]).unique()
    return tuple(
        [s for s in scope.suppliers if s.casefold() not in set(_plain(known["supplier"]))]
        + [c for c in scope.categories if not any(_is_below(p, c) for p in paths)]
        + [p for p in scope.locations if p.casefold() not in set(_plain(known["location"]))]
    )


def _lies_in(rows: pd.DataFrame, known: pd.DataFrame, scope: Scope) -> pd.Series:
    held = known[_entries(known, scope)]
    sku, place, supplier = (_plain(rows[name]) for name in NAMES)
    skus, places, suppliers = (set(_plain(held[name])) for name in NAMES)
    at_place = pd.Series(
        pd.MultiIndex.from_arrays([sku, place]).isin(
            pd.MultiIndex.from_arrays([_plain(held["sku"]), _plain(held["location"])])
        ),
        index=rows.index,
    )
    by_item = at_place.where(place.ne(""), sku.isin(skus))
    fits = by_item.where(sku.ne(""), _or_unnamed(supplier, suppliers) & _or_unnamed(place, places))
    if scope.suppliers:  # a late order is its own supplier's, whoever delivers the item now
        named = {each.casefold() for each in scope.suppliers}
        fits &= supplier.isin(named) | supplier.eq("")
    return fits


def _or_unnamed(named: pd.Series, held: set[str]) -> pd.Series:
    return named.isin(held) | named.eq("")


def _entries(known: pd.DataFrame, scope: Scope) -> pd.Series:
    """Which entries of the catalogue the scope holds."""
    held = pd.Series(data=True, index=known.index)
    for names, column in ((scope.suppliers, "supplier"), (scope.locations, "location")):
        if names:
            held &= _plain(known[column]).isin({name.casefold() for name in names})
    if scope.categories:
        paths = _plain(known["category"])
        below = {p for p in paths.unique() if any(_is_below(p, c) for c in scope.categories)}
        held &= paths.isin(below)
    return held


def _is_below(path: str, category: str) -> bool:
    wanted = category.strip().strip("/").casefold()
    return path == wanted or path.startswith(f"{wanted}/")


def _plain(column: pd.Series) -> pd.Series:
    return column.fillna("").astype(str).str.casefold()
