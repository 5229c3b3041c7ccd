"""When do open orders arrive? Windows from what each supplier has shown."""

from rapidfuzz import process

from engine.errors import UnknownName
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.snapshot import Snapshot
from engine.promise.windows import LEVEL, PromiseWindow, promise_windows as windows_of
from engine.service.decisions import orders_beside
from engine.service.reading import run_header
from engine.service.stores import Stores
from engine.store.snapshots import load_snapshot


def promise_windows(
    stores: Stores,
    config: PlanConfig,
    *,
    run_id: str | None = None,
    sku: str | None = None,
    location: str | None = None,
    po: str | None = None,
    level: float = LEVEL,
) -> tuple[PromiseWindow, ...]:
    """Windows of the lines that are out with suppliers, soonest first.

    Of the snapshot behind a plan run, or of the latest; our own orders count once they are sent.
    `sku`, `location` and `po` narrow the answer by exact code. Raises UnknownName for an order
    that is neither in the snapshot nor ours; one that is settled or not sent has no window.
    """
    snapshot_id = None if run_id is None else run_header(stores, run_id).snapshot_id
    snapshot = load_snapshot(stores.database, stores.blobs, snapshot_id)
    decisions = Decisions(open_orders=orders_beside(stores, snapshot))
    if po is not None:
        _require_order(po, snapshot, decisions)
    chosen = (
        window
        for window in _all_windows(snapshot, decisions, config, level)
        if sku in (None, window.sku)
        and location in (None, window.location)
        and po in (None, window.po)
    )
    return tuple(sorted(chosen, key=lambda window: (window.last, window.po, window.line)))


def _all_windows(
    snapshot: Snapshot, decisions: Decisions, config: PlanConfig, level: float
) -> tuple[PromiseWindow, ...]:
    from engine.supply import inbound, lead_times

    times = lead_times(snapshot, config)
    coming = inbound(snapshot, times, decisions, snapshot.as_of)
    return windows_of(coming, times, snapshot.as_of, level=level)


def _require_order(po: str, snapshot: Snapshot, decisions: Decisions) -> None:
    known = {*snapshot["purchase_orders"]["po"], *decisions.open_orders["po"]}
    if po not in known:
        near = process.extract(po, sorted(known), limit=3, score_cutoff=60)
        raise UnknownName("purchase order", po, [name for name, _, _ in near])
