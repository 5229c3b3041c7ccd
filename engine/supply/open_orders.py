"""Order lines that are still to come: the snapshot's, and our own that it does not hold yet."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.calendar import SupplierCalendar
from engine.kernels.columns import optional_texts, ordinals, texts, whole
from engine.model.decisions import OPEN_ORDERS, Decisions
from engine.model.snapshot import Snapshot
from engine.supply.delays import date_kind
from engine.supply.evidence import lost_after_days
from engine.supply.orders import longest_seen, order_lines

Days = NDArray[np.int64]
Calendars = dict[str, SupplierCalendar]

# Sorted by (po, line, supplier); days are ordinals.
OPEN_LINES = (
    "po", "line", "supplier", "sku", "location", "units",
    "state",  # "sent" for orders of the snapshot, else the state of our own order
    "sent",  # False: expected to go out on `ordered_on`
    "ordered_on",
    "since",  # our own orders: the day they were drafted, at most today; -1 for the snapshot's
    "due_on",  # the confirmed, else promised date; -1 where none
    "due_kind",  # which of the two
    "elapsed_days",  # from the order to as-of, or to the next open day; 0 where not sent yet
    "lost",  # out for so long that it is not counted as supply
)  # fmt: skip
SENT = frozenset({"sent", "confirmed", "part_received", "send_unconfirmed"})
GONE = frozenset({"rejected", "cancelled", "superseded", "received", "closed"})


def open_lines(
    snapshot: Snapshot, decisions: Decisions, calendars: Calendars, today: int
) -> pd.DataFrame:
    """Everything that is to come, columns OPEN_LINES."""
    lines = order_lines(snapshot)
    limit = lost_after_days(longest_seen(snapshot, lines, calendars))
    placed = _placed(lines, calendars, today, limit)
    known = set(zip(texts(lines, "po"), texts(lines, "supplier"), strict=True))
    ours = _ours(decisions, calendars, today, limit, known)
    lines = pd.concat([placed, ours], ignore_index=True) if len(ours) else placed
    return lines.sort_values(["po", "line", "supplier"], ignore_index=True)[list(OPEN_LINES)]


def _placed(lines: pd.DataFrame, calendars: Calendars, today: int, limit: int) -> pd.DataFrame:
    out = lines[lines["open_units"] > 0].reset_index(drop=True)
    ordered = whole(out, "ordered")
    elapsed = _elapsed(texts(out, "supplier"), ordered, calendars, today)
    confirmed, promised = whole(out, "confirmed"), whole(out, "promised")
    return out.assign(
        units=out["open_units"],
        state="sent",
        sent=True,
        ordered_on=ordered,
        since=-1,
        due_on=np.where(confirmed > 0, confirmed, promised),
        due_kind=date_kind(confirmed),
        elapsed_days=elapsed,
        lost=elapsed > limit,
    )


def _ours(
    decisions: Decisions,
    calendars: Calendars,
    today: int,
    limit: int,
    known: set[tuple[str, str]],
) -> pd.DataFrame:
    """Our own open orders; one that the snapshot holds by now is counted there.

    One that was sent and never shows up in the data is lost after as long as any other.
    """
    orders = decisions.open_orders.reindex(columns=list(OPEN_ORDERS))
    states = [each or "draft" for each in optional_texts(orders, "state")]
    wanted = [
        (po, supplier) not in known and state not in GONE and units > 0
        for po, supplier, state, units in zip(
            texts(orders, "po"),
            texts(orders, "supplier"),
            states,
            whole(orders, "units"),
            strict=True,
        )
    ]
    keep = np.asarray(wanted, dtype=np.bool_)
    kept = orders.assign(state=states).loc[keep].reset_index(drop=True)
    sent = np.asarray([state in SENT for state in texts(kept, "state")], dtype=np.bool_)
    dated = ordinals(kept, "ordered_on")
    drafted = ordinals(kept, "drafted_on")
    confirmed = ordinals(kept, "confirmed_on")
    ordered = np.where(sent & (dated > 0), dated, np.maximum(dated, today))
    for i in np.flatnonzero(~sent):
        calendar = calendars.get(str(kept["supplier"].iloc[i]), SupplierCalendar())
        ordered[i] = calendar.next_order_day(int(ordered[i])) or ordered[i]
    elapsed = _elapsed(texts(kept, "supplier"), ordered, calendars, today)
    return kept.assign(
        line=whole(kept, "line"),
        units=whole(kept, "units"),
        sent=sent,
        ordered_on=ordered,
        since=np.where(drafted > 0, np.minimum(drafted, today), today),
        due_on=np.where(sent & (confirmed > 0), confirmed, -1),
        due_kind="confirmed",
        elapsed_days=elapsed,
        lost=sent & (elapsed > limit),
    )


def _elapsed(suppliers: list[str], ordered: Days, calendars: Calendars, today: int) -> Days:
    """Open days from each order to as-of, or to the next open day; 0 for one not sent yet.

    Those before the last have passed in vain; what happens on the as-of date is not known yet.
    """
    elapsed = np.maximum(today - ordered, 0)
    for i, supplier in enumerate(suppliers):
        calendar = calendars.get(supplier, SupplierCalendar())
        if len(calendar.shut) and elapsed[i] > 0:
            start = ordered[i : i + 1]
            elapsed[i] = 1 + calendar.open_days_between(start, np.full(1, today - 1))[0]
    return elapsed
