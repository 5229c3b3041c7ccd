"""When an item could come that nobody has ordered yet: what lead times alone may promise."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import optional_texts, texts, whole
from engine.model.decisions import OPEN_ORDERS, Decisions
from engine.model.snapshot import Snapshot
from engine.model.supply import LeadTimes
from engine.promise.allocate import Place
from engine.supply import inbound, lane_rows

Floats = NDArray[np.float64]


def lead_chances(
    snapshot: Snapshot, times: LeadTimes, places: Sequence[Place], *, order_within_days: int
) -> dict[Place, Floats]:
    """Chance [day] of having come by then, were it ordered within `order_within_days` from now.

    From the preferred supplier, each day until then as likely as another. Places that another one
    supplies, items that are no longer bought and those without a supplier have none.
    """
    supplier = _preferred(snapshot)
    fed = supplied_from(snapshot)
    wanted = [(sku, at) for sku, at in places if sku in supplier and at not in fed]
    if not wanted:
        return {}
    sellers = [supplier[sku] for sku, _ in wanted]
    skus, locations = [sku for sku, _ in wanted], [at for _, at in wanted]
    lanes = lane_rows(times, sellers, skus, locations)
    # One order per lane tells all its items: they differ in nothing that lead times know.
    _, one, of = np.unique(lanes, return_index=True, return_inverse=True)
    rows = [
        (str(number), 1, sellers[i], skus[i], locations[i], 1, "draft", None, None, None)
        for number, i in enumerate(cast("list[int]", one.tolist()))
    ]
    frame = pd.DataFrame(rows, columns=list(OPEN_ORDERS))
    nothing = _without_orders(snapshot)
    found = inbound(nothing, times, Decisions(open_orders=frame), snapshot.as_of)
    lane = np.argsort(np.asarray(texts(found.lines, "po")).astype(np.int64))
    by = _ordered_later(np.cumsum(found.arrival[lane], axis=1), order_within_days)
    return {place: by[of[i]] for i, place in enumerate(wanted)}


def _ordered_later(by: Floats, within_days: int) -> Floats:
    """The same, with the order sent on any of the next `within_days` days with equal chance."""
    days = max(within_days, 1)
    padded = np.concatenate([np.zeros((len(by), days - 1)), by, by[:, -1:].repeat(days, axis=1)], 1)
    summed = np.cumsum(padded, axis=1)
    width = by.shape[1] + days
    ends = summed[:, days - 1 : days - 1 + width]
    starts = np.concatenate([np.zeros((len(by), 1)), summed], axis=1)[:, : ends.shape[1]]
    return np.clip((ends - starts) / days, 0.0, 1.0)


def _preferred(snapshot: Snapshot) -> Mapping[str, str]:
    """Supplier of the best rank, of items that are still bought."""
    items, offers = snapshot["items"], snapshot["supplier_items"]
    over = {
        sku
        for sku, status in zip(texts(items, "sku"), optional_texts(items, "status"), strict=True)
        if status == "discontinued"
    }
    ranked = sorted(
        zip(whole(offers, "rank", 1).tolist(), texts(offers, "supplier"), texts(offers, "sku"),
            strict=True),
        reverse=True,
    )  # fmt: skip
    return {sku: supplier for _, supplier, sku in ranked if sku not in over}


def supplied_from(snapshot: Snapshot) -> dict[str, str]:
    """Locations that another one replenishes, and which."""
    places = snapshot["locations"]
    pairs = zip(texts(places, "location"), optional_texts(places, "supplied_from"), strict=True)
    return {place: source for place, source in pairs if source and source != place}


def _without_orders(snapshot: Snapshot) -> Snapshot:
    none = {name: snapshot[name].head(0) for name in ("purchase_orders", "receipts")}
    return replace(snapshot, tables={**snapshot.tables, **none})
