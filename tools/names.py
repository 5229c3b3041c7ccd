"""What things are called: entities of a run by their codes, from the run's catalogue."""

from dataclasses import dataclass, field
from functools import lru_cache

import pandas as pd
from rapidfuzz import process

from engine.errors import Ambiguous, UnknownName
from engine.service.items import catalogue, find_items
from engine.service.reading import RunHeader
from engine.service.stores import Stores
from tools.facts import Entity


@dataclass(frozen=True, kw_only=True)
class Names:
    """Code -> name, per kind of thing."""

    items: dict[str, str] = field(repr=False)
    locations: dict[str, str] = field(repr=False)
    suppliers: dict[str, str] = field(repr=False)
    categories: tuple[str, ...] = field(repr=False)

    def item(self, sku: str) -> Entity:
        return Entity(kind="item", code=sku, name=self.items.get(sku, ""))

    def location(self, code: str) -> Entity:
        return Entity(kind="location", code=code, name=self.locations.get(code, ""))

    def supplier(self, code: str) -> Entity:
        return Entity(kind="supplier", code=code, name=self.suppliers.get(code, ""))


def names_of(stores: Stores, run: RunHeader) -> Names:
    """The names of a run; computed once per catalogue."""
    return _names(_Source(stores=stores, run=run))


@dataclass(frozen=True)
class _Source:
    """Hashed by the catalogue alone: a blob's name is its content."""

    stores: Stores = field(compare=False)
    run: RunHeader = field(compare=False)
    blob: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "blob", str(self.run.artefacts["catalogue"]))


@lru_cache(maxsize=8)
def _names(source: _Source) -> Names:
    rows = catalogue(source.stores, source.run)
    return Names(
        items=_column(rows, "sku", "name"),
        locations=_column(rows, "location", "location_name"),
        suppliers=_column(rows, "supplier", "supplier_name"),
        categories=tuple(sorted({str(c) for c in rows["category"].dropna().unique() if c})),
    )


def _column(rows: pd.DataFrame, code: str, name: str) -> dict[str, str]:
    pairs = rows[[code, name]].dropna(subset=[code]).drop_duplicates(code)
    return {str(c): str(n) if isinstance(n, str) else "" for c, n in pairs.itertuples(index=False)}


def require_item(stores: Stores, run: RunHeader, sku: str) -> Entity:
    """The item with exactly this SKU; raises UnknownName with the nearest ones."""
    names = names_of(stores, run)
    if sku not in names.items:
        raise UnknownName("SKU", sku, [match.sku for match in find_items(stores, run, sku, 3)])
    return names.item(sku)


def require_location(names: Names, text: str) -> Entity:
    """A location by code or name, whatever the case; raises UnknownName or Ambiguous."""
    return names.location(_require("location", text, names.locations))


def require_supplier(names: Names, text: str) -> Entity:
    """A supplier by code or name, whatever the case; raises UnknownName or Ambiguous."""
    return names.supplier(_require("supplier", text, names.suppliers))


def require_category(names: Names, text: str) -> str:
    """A category path or one above it as the catalogue writes it; raises UnknownName or Ambiguous.

    Its last part alone will do where only one path ends in it.
    """
    known = {path: path.rsplit("/", 1)[-1] for path in _paths(names.categories)}
    return _require("category", text.strip().strip("/"), known)


def _paths(categories: tuple[str, ...]) -> list[str]:
    """Every category with those above it: `Lighting/Table lamps` lies below `Lighting`."""
    parts = [path.split("/") for path in categories]
    return sorted({"/".join(part[:depth]) for part in parts for depth in range(1, len(part) + 1)})


def skus_below(stores: Stores, run: RunHeader, category: str) -> frozenset[str]:
    """SKUs of a category path and everything below it; empty for a category that is not there."""
    wanted = category.strip().casefold()
    rows = catalogue(stores, run)
    paths = rows["category"].fillna("").astype(str).str.casefold()
    below = [path == wanted or path.startswith(f"{wanted}/") for path in paths]
    return frozenset(str(sku) for sku in rows.loc[below, "sku"])


def _require(kind: str, text: str, known: dict[str, str]) -> str:
    wanted = text.strip().casefold()
    exact = [c for c, name in known.items() if wanted in (c.casefold(), name.casefold())]
    if len(exact) == 1:
        return exact[0]
    if exact:
        raise Ambiguous(kind, text, exact)
    near = process.extract(wanted, [*known, *known.values()], limit=3, score_cutoff=60)
    raise UnknownName(kind, text, [name for name, _, _ in near])
