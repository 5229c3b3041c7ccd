"""A snapshot as it would have been on an earlier morning: for replays and backtests."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from engine.errors import InvalidInput
from engine.model.snapshot import Snapshot

# Tables of plans and standing facts, which were known before the day they speak of.
_DATED = {"fx_rates": "date", "traffic": "date"}


def as_known_on(snapshot: Snapshot, day: date) -> Snapshot:
    """What the same company knew on the morning of `day`.

    Sales, stock and receipts before it; orders sent before it, without what became known later.
    The data does not say when a supplier confirmed or cancelled. Confirmed dates are left out, of
    settled lines too, so that what is learnt from those fits what is known of the open ones; a
    cancellation counts as known from the first receipt or the promised day on.
    Items launched later are planned; ended ones are active while they still sold. Prices, costs,
    terms and the calendar of promotions are today's. Raises InvalidInput outside the history.
    """
    if not snapshot.first_day < day <= snapshot.as_of:
        raise InvalidInput(
            f"{day} is not within the history; choose a day after {snapshot.first_day} and up to "
            f"{snapshot.as_of}."
        )
    if day == snapshot.as_of:
        return snapshot
    stamp = pd.Timestamp(day)
    bucket = pd.Timedelta(days=7 if snapshot.sales_bucket == "week" else 1)
    tables = {name: snapshot[name] for name in snapshot.tables}
    for name in ("sales", "stock"):
        tables[name] = _rows(tables[name], tables[name]["date"] + bucket <= stamp)
    for name, column in _DATED.items():
        tables[name] = _rows(tables[name], tables[name][column] <= stamp)
    received = tables["receipts"]["received_on"]
    tables["receipts"] = _rows(tables["receipts"], received < stamp)
    tables["purchase_orders"] = _orders(tables["purchase_orders"], tables["receipts"], stamp)
    waiting = tables["backorders"]
    tables["backorders"] = _rows(waiting, ~(waiting["ordered_at"] >= stamp))
    tables["items"] = _items(tables["items"], tables["sales"], stamp)
    return Snapshot(
        id=f"{snapshot.id}@{day.isoformat()}",
        company=snapshot.company,
        first_day=snapshot.first_day,
        as_of=day,
        sales_bucket=snapshot.sales_bucket,
        tables=tables,
    )


_RECORDS = {"stock": "date", "receipts": "received_on", "purchase_orders": "ordered_on"}


def up_to_as_of(snapshot: Snapshot) -> Snapshot:
    """The snapshot without stock, receipts and orders dated on or after its as-of date.

    Where a mapping states an earlier as-of than the files go to, these lie in the future of the
    plan. Stock is that of the end of its day, so a count of the as-of date is not known yet.
    """
    stamp = pd.Timestamp(snapshot.as_of)
    later = {name: snapshot[name][column] >= stamp for name, column in _RECORDS.items()}
    cut = {name: _rows(snapshot[name], ~rows) for name, rows in later.items() if bool(rows.any())}
    if not cut:
        return snapshot
    tables = {name: cut[name] if name in cut else snapshot[name] for name in snapshot.tables}
    return replace(snapshot, tables=tables)


def _rows(frame: pd.DataFrame, kept: "pd.Series[bool]") -> pd.DataFrame:
    return frame[kept].reset_index(drop=True)


def _orders(orders: pd.DataFrame, receipts: pd.DataFrame, stamp: pd.Timestamp) -> pd.DataFrame:
    known = _rows(orders, orders["ordered_on"] < stamp)
    keys = pd.MultiIndex.from_frame(known[["po", "line"]])
    seen = pd.Series(keys.isin(pd.MultiIndex.from_frame(receipts[["po", "line"]])))
    later = {
        name: known[name].where(known[name] < stamp)
        for name in ("requested_on", "approved_on", "shipped_on")
    }
    return known.assign(
        confirmed_on=pd.Series(pd.NaT, index=known.index, dtype="datetime64[ns]"),
        confirmed_units=known["confirmed_units"].where(seen),
        cancelled_units=known["cancelled_units"].where(seen | (known["promised_on"] < stamp), 0),
        **later,
    )


def _items(items: pd.DataFrame, sales: pd.DataFrame, stamp: pd.Timestamp) -> pd.DataFrame:
    recent = sales[sales["date"] >= stamp - pd.Timedelta(days=28)]
    selling = items["sku"].isin(set(recent["sku"].astype(str)))
    later = items["launch_date"] > stamp
    status = np.where(later, "planned", np.where(selling, "active", items["status"]))
    return items.assign(status=pd.Series(status, index=items.index, dtype=object))
