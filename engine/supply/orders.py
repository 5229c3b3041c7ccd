"""Purchase-order lines and what became of them."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.calendar import SupplierCalendar
from engine.kernels.columns import ordinals, reals, texts, whole
from engine.model.snapshot import Snapshot

Days = NDArray[np.int64]

# One row per order line; dates are day ordinals, -1 where there is none.
ORDER_LINES = (
    "po", "line", "supplier", "sku", "location", "ordered", "promised", "confirmed",
    "units",  # ordered less cancelled, or what the supplier confirmed where that is less
    "received_units",  # good and refused: what was refused does not come again by itself
    "open_units",
)  # fmt: skip

# One row per part of a line: what arrived, and what is still out ("censored": not yet).
DELIVERIES = (
    "po", "line", "supplier", "sku", "location", "ordered", "promised", "confirmed",
    "day",  # ordinal of the receipt, or of the last day covered (before as-of) where still out
    "open_days",  # days the supplier was open from the order to `day`
    "weight",  # share of the line's units
    "censored",
)  # fmt: skip


def order_lines(snapshot: Snapshot) -> pd.DataFrame:
    """The snapshot's purchase-order lines, columns ORDER_LINES, in order of (po, line)."""
    orders = snapshot["purchase_orders"].sort_values(["po", "line"], ignore_index=True)
    received = _received(orders, snapshot["receipts"])
    wanted = whole(orders, "units") - whole(orders, "cancelled_units")
    units = np.maximum(np.fmin(wanted, reals(orders, "confirmed_units")), 0).astype(np.int64)
    return pd.DataFrame(
        {
            "po": orders["po"],
            "line": whole(orders, "line"),
            "supplier": orders["supplier"],
            "sku": orders["sku"],
            "location": orders["location"],
            "ordered": ordinals(orders, "ordered_on"),
            "promised": ordinals(orders, "promised_on"),
            "confirmed": ordinals(orders, "confirmed_on"),
            "units": units,
            "received_units": received,
            "open_units": np.maximum(units - received, 0),
        }
    )


def _received(orders: pd.DataFrame, receipts: pd.DataFrame) -> Days:
    arrived = whole(receipts, "units") + whole(receipts, "rejected_units")
    totals: dict[tuple[str, int], int] = {}
    for po, line, units in zip(
        texts(receipts, "po"), whole(receipts, "line"), arrived, strict=True
    ):
        totals[po, int(line)] = totals.get((po, int(line)), 0) + int(units)
    keys = zip(texts(orders, "po"), whole(orders, "line"), strict=True)
    return np.asarray([totals.get((po, int(line)), 0) for po, line in keys], dtype=np.int64)


def deliveries(
    snapshot: Snapshot, lines: pd.DataFrame, calendars: dict[str, SupplierCalendar]
) -> pd.DataFrame:
    """Evidence on lead times, columns DELIVERIES: each receipt and each part still out.

    A receipt dated before its order is a typing error and no evidence.
    """
    receipts = snapshot["receipts"][["po", "line", "received_on", "units", "rejected_units"]]
    came = lines.merge(receipts, on=["po", "line"], suffixes=("", "_part"))
    size = np.maximum(whole(came, "received_units") + whole(came, "open_units"), 1)
    arrived = came.assign(
        day=ordinals(came, "received_on"),
        weight=(whole(came, "units_part") + whole(came, "rejected_units")) / size,
        censored=False,
    )
    out = lines[lines["open_units"] > 0]
    waiting = out.assign(
        day=snapshot.as_of.toordinal() - 1,
        weight=out["open_units"] / (out["received_units"] + out["open_units"]),
        censored=True,
    )
    parts = pd.concat([arrived, waiting]) if len(waiting) else arrived
    parts = parts[(parts["day"] >= parts["ordered"]) & (parts["weight"] > 0)]
    parts = parts.assign(open_days=_open_days(parts, calendars))
    keys = ["po", "line", "day", "censored"]
    return parts.sort_values(keys, ignore_index=True)[list(DELIVERIES)]


def longest_seen(
    snapshot: Snapshot, lines: pd.DataFrame, calendars: dict[str, SupplierCalendar]
) -> int:
    """Open days that the slowest receipt took; as `deliveries` has them, without building it."""
    receipts = snapshot["receipts"]
    if receipts.empty or lines.empty:
        return 0
    row = {key: i for i, key in enumerate(zip(texts(lines, "po"), whole(lines, "line").tolist(),
                                              strict=True))}  # fmt: skip
    keys = zip(texts(receipts, "po"), whole(receipts, "line").tolist(), strict=True)
    at = np.asarray([row.get(key, -1) for key in keys], dtype=np.int64)
    some = whole(receipts, "units") + whole(receipts, "rejected_units") > 0
    parts = pd.DataFrame({
        "ordered": whole(lines, "ordered")[at],
        "day": ordinals(receipts, "received_on"),
        "supplier": np.asarray(texts(lines, "supplier"), dtype=object)[at],
    })  # fmt: skip
    parts = parts[(at >= 0) & some & (parts["day"] >= parts["ordered"]).to_numpy()]
    return int(_open_days(parts, calendars).max(initial=0))


def _open_days(parts: pd.DataFrame, calendars: dict[str, SupplierCalendar]) -> Days:
    start, end = whole(parts, "ordered"), whole(parts, "day")
    days = end - start
    suppliers = np.asarray(texts(parts, "supplier"), dtype=object)
    for supplier in sorted(calendars):
        if len(calendars[supplier].shut):
            rows = suppliers == supplier
            days[rows] = calendars[supplier].open_days_between(start[rows], end[rows])
    return days
