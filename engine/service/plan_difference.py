"""Two stored runs side by side: which lines differ, and the money between them."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from engine.kernels.columns import reals, whole
from engine.service.plan_index import cut_index, line_index
from engine.service.reading import RunHeader
from engine.service.stores import Stores

# One row per SKU-location whose quantity differs, the most cash moved first.
CHANGED = (
    "sku", "location", "units_before", "units_after", "cost_before_minor", "cost_after_minor",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Side:
    """One run in a few figures; amounts in minor units of the base currency."""

    lines: int
    cost_minor: int
    value_minor: int
    cut_loss_minor: int  # expected profit of what the budgets cut
    unavoidable_minor: int | None  # margin lost before any order could arrive; None: not kept

    @property
    def net_minor(self) -> int | None:
        """What can be compared between worlds: a plan's gain is over buying nothing in its own."""
        lost = self.unavoidable_minor
        return None if lost is None else self.value_minor - lost


@dataclass(frozen=True, kw_only=True)
class Difference:
    before: Side
    after: Side
    changed: pd.DataFrame = field(repr=False)


def difference(stores: Stores, before: RunHeader, after: RunHeader) -> Difference:
    """What `after` decides otherwise than `before`."""
    return Difference(
        before=_side(stores, before),
        after=_side(stores, after),
        changed=_changed(line_index(stores, before), line_index(stores, after)),
    )


def _side(stores: Stores, run: RunHeader) -> Side:
    return Side(
        lines=len(line_index(stores, run)),
        cost_minor=run.allocation.spent_minor,
        value_minor=run.allocation.value_minor,
        cut_loss_minor=int(cut_index(stores, run)["expected_loss_minor"].sum()),
        unavoidable_minor=_unavoidable(stores, run),
    )


def _unavoidable(stores: Stores, run: RunHeader) -> int | None:
    blob = run.artefacts.get("candidate_items")
    if blob is None:
        return None
    columns = ["expected_lost_units", "lost_margin_minor", "lost_before_units"]
    items: pd.DataFrame = stores.blobs.get_table(blob, columns).to_pandas()
    margin = reals(items, "lost_margin_minor") / np.maximum(
        reals(items, "expected_lost_units"), 1e-9
    )
    return round(float((margin * reals(items, "lost_before_units")).sum()))


def _changed(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    keys = ["sku", "location"]
    both = before[[*keys, "units", "cost_minor"]].merge(
        after[[*keys, "units", "cost_minor"]], on=keys, how="outer", suffixes=("_b", "_a")
    )
    names = {
        "units_b": "units_before", "units_a": "units_after",
        "cost_minor_b": "cost_before_minor", "cost_minor_a": "cost_after_minor",
    }  # fmt: skip
    both = both.rename(columns=names)
    counted = both.assign(**{name: whole(both, name) for name in names.values()})
    changed = counted[counted["units_before"] != counted["units_after"]]
    moved = -(changed["cost_after_minor"] - changed["cost_before_minor"]).abs()
    ordered = changed.assign(moved=moved).sort_values(["moved", *keys], ignore_index=True)
    return ordered[list(CHANGED)]
