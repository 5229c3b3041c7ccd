"""Why a stored run orders what it orders of one item in one place, and what a pack more would do.

Everything is read from what the run weighed, so it holds for what was not bought as well.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import sqlalchemy as sa

from engine.kernels.alternatives import Quantities
from engine.kernels.ladder import SUPPLIER_MINIMUM, Ladder, reason_of, steps_of
from engine.model.plan import StepsOfLine
from engine.service.reading import RunHeader, plan_line
from engine.service.stores import Stores
from engine.store.blobs import BlobStore
from engine.store.tables.plans import plan_cuts

Record = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One item in one place: the row that was weighed, and how its quantity came about.

    `steps` add up to `units`. `cause` is what keeps it from what would be bought without any
    budget (engine.replenish.causes), "" where nothing does; `cut_units` are those missing.
    """

    row: Record = field(repr=False)  # engine.replenish.candidates.ITEMS
    units: int
    cut_units: int
    cause: str
    reason: str
    steps: StepsOfLine
    quantities: Quantities = field(repr=False)

    @property
    def refused(self) -> str:
        return str(self.row["refused"] or "")


def explain(stores: Stores, run: RunHeader, sku: str, location: str) -> Explanation | None:
    """None where the run weighed nothing there: no supplier, or a run without its candidates."""
    items, options = run.artefacts.get("candidate_items"), run.artefacts.get("candidate_options")
    if items is None or options is None:
        return None
    place = _places(stores.blobs, items).get((sku, location))
    if place is None:
        return None
    row = stores.blobs.find_rows(items, {"sku": sku, "location": location}).to_pylist()[0]
    line = plan_line(stores, run.id, sku, location)
    cut = _cut(stores, run.id, sku, location)
    units = 0 if line is None else int(line["units"])
    cut_units, cause = (0, "") if cut is None else (int(cut.units), str(cut.cause))
    ladder = _ladder(row, units, units + cut_units, cause)
    return Explanation(
        row=row,
        units=units,
        cut_units=cut_units,
        cause=cause,
        reason=reason_of(ladder),
        steps=steps_of(ladder),
        quantities=_quantities(stores, options, place),
    )


def _ladder(row: Record, ordered: int, free: int, cause: str) -> Ladder:
    whole = {
        "on_hand": "on_hand", "reserved": "reserved", "waiting": "waiting_units",
        "inbound": "inbound_units", "drafted": "draft_units", "transfers": "transfer_units",
        "need": "need_units", "pack": "pack_units", "minimum": "minimum_units_step",
        "tier": "tier_units",
    }  # fmt: skip
    return Ladder(
        **{name: int(row[column]) for name, column in whole.items()},
        reaches=SUPPLIER_MINIMUM,
        demand=int(np.rint(row["demand_over_protection"])),
        lost_before=int(np.rint(row["lost_before_units"])),
        free=free,
        ordered=ordered,
        stockout_days=float(row["stockout_days_p50"]),
        protection_days=float(row["protection_days"]),
        cause=cause,
        refused=str(row["refused"] or ""),
    )


def _quantities(stores: Stores, options: str, place: int) -> Quantities:
    found = stores.blobs.find_rows(options, {"item": place})
    return Quantities(
        units=found["units"].to_numpy().astype(np.int64),
        cost_minor=found["cost_minor"].to_numpy().astype(np.int64),
        value=found["value"].to_numpy().astype(np.float64),
    )


def _cut(stores: Stores, run_id: str, sku: str, location: str) -> "sa.Row[Any] | None":
    table = plan_cuts.c
    query = sa.select(plan_cuts).where(
        table.run_id == run_id, table.sku == sku, table.location == location
    )
    with stores.database.read() as look:
        return look.execute(query).one_or_none()


@lru_cache(maxsize=4)
def _places(blobs: BlobStore, items: str) -> dict[tuple[str, str], int]:
    """Where each SKU-location stands among the candidates."""
    names = blobs.get_table(items, ["sku", "location"])
    pairs = zip(names["sku"].to_pylist(), names["location"].to_pylist(), strict=True)
    return {(str(sku), str(location)): i for i, (sku, location) in enumerate(pairs)}
