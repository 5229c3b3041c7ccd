"""A snapshot in which suppliers ask for something else, as somebody supposes."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import InvalidInput
from engine.kernels.columns import optional_texts, texts
from engine.kernels.price_list import stated_tiers
from engine.model.money import MICROS
from engine.model.snapshot import Snapshot
from engine.model.supposed import Supposed

Flags = NDArray[np.bool_]


def with_terms(snapshot: Snapshot, supposed: Supposed) -> Snapshot:
    """The snapshot with another minimum, price or set of price breaks; the same where none is.

    Raises InvalidInput where nobody lists what is meant, or it has no such break.
    """
    if supposed.minimum_units is supposed.price_micros is supposed.no_break_at is None:
        return snapshot
    rows = snapshot["supplier_items"]
    meant = _meant(rows, supposed)
    if not meant.any():
        raise InvalidInput(
            f"No supplier lists {supposed.sku or supposed.supplier}, so its terms cannot be others."
        )
    if supposed.minimum_units is not None:
        rows = _put(rows, "minimum_units", meant, supposed.minimum_units)
    if supposed.price_micros is not None:
        rows = _put(rows, "unit_cost_micros", meant, supposed.price_micros)
    if supposed.no_break_at is not None:
        rows = _without_break(rows, meant, supposed.no_break_at)
    tables: Mapping[str, pd.DataFrame] = {
        name: rows if name == "supplier_items" else snapshot[name] for name in snapshot.tables
    }
    return replace(snapshot, tables=tables)


def _meant(rows: pd.DataFrame, supposed: Supposed) -> Flags:
    sku, supplier = supposed.sku, supposed.supplier
    named = zip(texts(rows, "sku"), texts(rows, "supplier"), strict=True)
    return np.asarray(
        [(sku in (None, item)) and (supplier in (None, seller)) for item, seller in named],
        dtype=np.bool_,
    )


def _put(rows: pd.DataFrame, column: str, meant: Flags, value: int) -> pd.DataFrame:
    return rows.assign(**{column: rows[column].where(~meant, value)})


def _without_break(rows: pd.DataFrame, meant: Flags, units: int) -> pd.DataFrame:
    stated, kinds = optional_texts(rows, "tiers"), optional_texts(rows, "tier_kind")
    there: set[int] = set()
    changed = 0
    for row in np.flatnonzero(meant):
        tiers = stated_tiers(stated[row], None, kinds[row]) if stated[row] else None
        breaks = {} if tiers is None else dict(zip(tiers.breaks, tiers.prices_micros, strict=True))
        there |= set(breaks) - {0}
        if breaks.pop(units, None) is not None:
            stated[row] = _written(breaks)
            changed += 1
    if not changed:
        known = ", ".join(str(each) for each in sorted(there)) or "none"
        raise InvalidInput(f"There is no price break at {units} units; there are: {known}.")
    return rows.assign(tiers=pd.Series(stated, index=rows.index, dtype=object))


def _written(breaks: Mapping[int, int]) -> str | None:
    """As `engine.kernels.price_list` reads it; the price below the first break is the item's."""
    parts = [f"{units}:{Decimal(price) / MICROS}" for units, price in breaks.items() if units]
    return "|".join(parts) or None
