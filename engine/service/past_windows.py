"""Windows as they would have been given on past days, and what became of each."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from engine.kernels.columns import ordinals, texts, whole
from engine.measure.promise_hit_rate import KEPT, no_windows
from engine.model.config import PlanConfig
from engine.model.snapshot import Snapshot
from engine.promise.windows import PromiseWindow


def windows_settled(
    snapshot: Snapshot, origins: Sequence[pd.Timestamp], config: PlanConfig
) -> pd.DataFrame:
    """Of each order line the first window that any of the days would have given it; columns KEPT.

    Known on each day is what was known then (engine.promise.backtest). A window is settled on the
    day the first goods came or on the day after its last, whichever is earlier; one that is still
    open is left out, and so is a line that came on the day itself or was cancelled first.
    """
    from engine.promise.backtest import windows_on

    arrived, gone = _arrivals(snapshot), _cancelled(snapshot)
    found: dict[tuple[str, int], dict[str, object]] = {}
    for origin in sorted(origins):
        for window in windows_on(snapshot, origin.date(), config):
            key = (window.po, window.line)
            if key in found or (key in gone and key not in arrived):
                continue
            row = _settled(window, origin.date(), arrived.get(key), snapshot.as_of)
            if row is not None:
                found[key] = row
    if not found:
        return no_windows()
    frame = pd.DataFrame(list(found.values()), columns=list(KEPT))
    dates = dict.fromkeys(("given_on", "first", "last", "settled_on"), "datetime64[ns]")
    return frame.astype(dates | {"level": float})


def days_taken(
    snapshot: Snapshot, origins: Sequence[pd.Timestamp], config: PlanConfig
) -> pd.DataFrame:
    """Of each line that has come, days from the first of `origins` that knew it to its receipt.

    Columns scope (supplier), start (that origin), expected (days, as likely sooner as later), took.
    Only lines whose origin left them time to come: the end of the history knows quick ones only.
    """
    from engine.promise.backtest import windows_on

    arrived = _arrivals(snapshot)
    found: dict[tuple[str, int], tuple[str, pd.Timestamp, float, float]] = {}
    for origin in sorted(origins):
        given = origin.date()
        for window in windows_on(snapshot, given, config):
            key = (window.po, window.line)
            days = [day for day in arrived.get(key, ()) if day > given.toordinal()]
            over = window.last + (window.last - given) < snapshot.as_of
            if key not in found and days and over:
                expected = float((window.likeliest - given).days)
                took = float(days[0] - given.toordinal())
                found[key] = (window.supplier, origin, expected, took)
    return pd.DataFrame(list(found.values()), columns=["scope", "start", "expected", "took"])


def _settled(
    window: PromiseWindow, given: date, days: Sequence[int] | None, today: date
) -> dict[str, object] | None:
    """The row of a window that is over; None while it is open or where nothing was promised."""
    first, last = window.first.toordinal(), window.last.toordinal()
    came = next((day for day in days or () if day >= given.toordinal()), None)
    if came == given.toordinal() or (came is None and last >= today.toordinal() - 1):
        return None
    late = came is None or came > last
    outcome = "late" if late else "early" if came is not None and came < first else "kept"
    over = window.last + timedelta(days=1) if late else date.fromordinal(came or last)
    return {
        "sku": window.sku, "location": window.location, "given_on": given, "first": window.first,
        "last": window.last, "level": window.level, "settled_on": over, "outcome": outcome,
    }  # fmt: skip


def _arrivals(snapshot: Snapshot) -> dict[tuple[str, int], list[int]]:
    receipts = snapshot["receipts"].sort_values("received_on")
    days: dict[tuple[str, int], list[int]] = {}
    for po, line, day in zip(
        texts(receipts, "po"), whole(receipts, "line").tolist(),
        ordinals(receipts, "received_on").tolist(), strict=True,
    ):  # fmt: skip
        days.setdefault((po, line), []).append(day)
    return days


def _cancelled(snapshot: Snapshot) -> frozenset[tuple[str, int]]:
    orders = snapshot["purchase_orders"]
    gone = orders[orders["cancelled_units"] >= orders["units"]]
    return frozenset(zip(texts(gone, "po"), whole(gone, "line").tolist(), strict=True))
