"""Sets drawn from their components, once."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.demand.arrays import Bools, Floats, Ints, floats, ints
from engine.demand.catalogue import Catalogue
from engine.demand.findings import Finding
from engine.demand.ledger import Ledger

DEEPEST = 10  # sets within sets; more is a mistake in the data


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Components of every set down to single items, sorted by set; codes of the catalogue."""

    bundle: Ints
    component: Ints
    quantity: Floats
    findings: tuple[Finding, ...] = ()


def flatten(bundles: pd.DataFrame, catalogue: Catalogue) -> Recipe:
    """The recipe of each set with sets inside sets resolved; a set inside itself is left out."""
    if bundles.empty:
        none = np.zeros(0, dtype=np.int64)
        return Recipe(bundle=none, component=none, quantity=np.zeros(0))
    table = pd.DataFrame(
        {
            "bundle": catalogue.codes(list(bundles["bundle_sku"].astype(str))),
            "component": catalogue.codes(list(bundles["component_sku"].astype(str))),
            "quantity": floats(bundles["quantity"]),
        }
    )
    sets = set(table["bundle"])
    for _ in range(DEEPEST):
        nested = table["component"].isin(sets)
        if not nested.any():
            break
        table = pd.concat([table[~nested], _open_inner(table, nested)], ignore_index=True)
    circular = {int(code) for code in table.loc[table["component"].isin(sets), "bundle"]}
    table = table[~table["bundle"].isin(circular)]
    merged = table.groupby(["bundle", "component"], as_index=False)["quantity"].sum()
    return Recipe(
        bundle=ints(merged["bundle"]),
        component=ints(merged["component"]),
        quantity=floats(merged["quantity"]),
        findings=tuple(_circular(catalogue.skus[code]) for code in sorted(circular)),
    )


def _open_inner(table: pd.DataFrame, nested: "pd.Series[bool]") -> pd.DataFrame:
    outer = table[nested].rename(columns={"component": "inner", "quantity": "outer_quantity"})
    opened = outer.merge(table.rename(columns={"bundle": "inner"}), on="inner")
    opened["quantity"] = opened["quantity"] * opened["outer_quantity"]
    return opened[["bundle", "component", "quantity"]]


def _circular(sku: str) -> Finding:
    message = "This set contains itself; its sales are kept as its own demand."
    return Finding(code="bundle-circle", sku=sku, message=message)


def explode(ledger: Ledger, recipe: Recipe) -> tuple[Ledger, Bools]:
    """The ledger with each set's rows replaced by its components' rows, and which those are."""
    lower = np.searchsorted(recipe.bundle, ledger.sku, side="left")
    parts = np.searchsorted(recipe.bundle, ledger.sku, side="right") - lower
    if not parts.any():
        return ledger, np.zeros(len(ledger), dtype=np.bool_)
    copies = np.maximum(parts, 1)
    source = np.repeat(np.arange(len(ledger)), copies)
    nth = np.arange(len(source)) - np.repeat(np.cumsum(copies) - copies, copies)
    opened = ledger.where(source)
    from_set = parts[source] > 0
    line = (lower[source] + nth)[from_set]
    sku, units = opened.sku.copy(), opened.units.copy()
    sku[from_set] = recipe.component[line]
    units[from_set] *= recipe.quantity[line]
    return replace(opened, sku=sku, units=units), from_set
