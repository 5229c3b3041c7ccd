"""What was ordered from here: the times of each order, and what came of it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from engine.measure.revenue_saved import OWN_RECEIPTS, Acted, nothing_acted
from engine.model.snapshot import Snapshot
from engine.service.company import local_zone
from engine.service.stores import Stores
from engine.service.told_windows import customers_served
from engine.store.orders import sent_orders
from engine.store.received import received_lines

# An order sent from here: its times are kept to the step, where an export often has none.
OWN_ORDERS = ("po", "supplier", "requested_on", "approved_on", "ordered_on")
_STEPS = ("proposed_at", "approved_at", "sent_at")


def own_times(stores: Stores) -> pd.DataFrame:
    """What was proposed, approved and sent here, by the company's calendar; columns OWN_ORDERS."""
    with stores.database.read() as look:
        zone = local_zone(look)
        rows = sent_orders(look)
    frame = pd.DataFrame(
        [(row["number"], row["supplier"], *(_day(row[at], zone) for at in _STEPS)) for row in rows],
        columns=list(OWN_ORDERS),
    )
    return frame.astype(dict.fromkeys(OWN_ORDERS[2:], "datetime64[ns]"))


def with_own(orders: pd.DataFrame, own: pd.DataFrame | None) -> pd.DataFrame:
    """Imported orders and our own; one in both counts once, by the times that were kept here."""
    imported = orders[list(OWN_ORDERS)]
    if own is None or own.empty:
        return imported
    ours = set(zip(own["po"], own["supplier"], strict=True))
    keys = zip(imported["po"], imported["supplier"], strict=True)
    others = imported[[key not in ours for key in keys]]
    # Another supplier's order may bear the same number; it stays an order of its own.
    own = own.assign(po="ours:" + own["po"].astype(str))
    return own if others.empty else pd.concat([others, own], ignore_index=True)


def own_acts(stores: Stores, snapshot: Snapshot) -> Acted:
    """What came of the orders sent from here, as the data tells it, else as it was told here."""
    with stores.database.read() as look:
        sent = {(str(row["number"]), str(row["supplier"])) for row in sent_orders(look)}
        told = received_lines(look)
    if not sent:
        return nothing_acted()
    orders = snapshot["purchase_orders"]
    keys = zip(orders["po"], orders["supplier"], strict=True)
    is_ours = np.asarray([key in sent for key in keys], dtype=np.bool_)
    ours = orders.loc[is_ours, ["po", "line", "sku", "location"]]
    came = ours.merge(snapshot["receipts"], on=["po", "line"])[list(OWN_RECEIPTS)]
    in_data = set(came["po"])
    rows = pd.DataFrame(
        [row for row in told if row["po"] not in in_data], columns=list(OWN_RECEIPTS)
    ).astype(came.dtypes.to_dict())
    both = came if rows.empty else pd.concat([came, rows], ignore_index=True)
    return Acted(receipts=both[both["units"] > 0], shipped=customers_served(stores))


def _day(at: datetime | None, zone: ZoneInfo) -> date | None:
    return None if at is None else at.astimezone(zone).date()
