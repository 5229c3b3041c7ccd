"""From recorded sales to demand, in the order in which each step needs the one before."""

import numpy as np

from engine.demand.arrays import Bools, Floats
from engine.demand.fill import History, fill
from engine.demand.findings import corrections_frame
from engine.demand.groups import series_groups
from engine.demand.notes import panel_findings
from engine.demand.reading import Recorded, read
from engine.demand.series import discontinued
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.panel import DemandPanel
from engine.model.snapshot import Snapshot


def clean_demand(
    snapshot: Snapshot, config: PlanConfig, decisions: Decisions | None = None
) -> DemandPanel:
    """Demand per SKU x location and bucket: what would have been sold had it been there.

    Returns and cancellations are netted in the period of their sale, test orders left out, sets
    drawn from their components, renamed items joined, recorded units converted; buckets that were
    (partly) out of stock are filled, panic and lone spikes damped, phantom stock disregarded. Each
    change is a row of `corrections` with its reason, and does not happen where a person decided to
    keep what was recorded (`decisions.kept`). Corrections look at both sides of a bucket, so those
    of past buckets know what came after them. `in_stock` is the share that we believe: 0 where the
    records show stock that nobody can have seen on the shelf.
    """
    recorded = read(snapshot, config, decisions or Decisions())
    series, time = recorded.series, recorded.time
    filled = fill(_history(recorded))
    begun = recorded.live > 0
    in_stock = np.where(filled.phantom, 0.0, recorded.stock.in_stock) * recorded.live
    in_stock = _as_recorded(in_stock, recorded)
    corrections = (*recorded.observed.corrections, *filled.corrections)
    return DemandPanel(
        bucket=time.bucket,
        starts=time.starts,
        series=series,
        observed=np.where(begun, recorded.observed.units, np.nan),
        in_stock=in_stock,
        clean=np.where(begun, filled.clean, np.nan),
        promoted=recorded.levers.promoted,
        corrections=corrections_frame(corrections, series, time.starts),
        findings=panel_findings(recorded, filled),
        covered=recorded.live,
        channels=recorded.channels if recorded.channel_units.shape[1] else (),
        channel_units=recorded.channel_units,
    )


def _as_recorded(share: Floats, recorded: Recorded) -> Floats:
    """The share in stock, whole where a person says that what was sold is all there was."""
    kept = recorded.kept.of("stockout", "part of a period")
    return share if kept is None else np.where(kept & (recorded.live > 0), 1.0, share)


def _ended(recorded: Recorded) -> Bools:
    """Buckets after the last one in which a discontinued item was in stock or sold."""
    there = (recorded.stock.in_stock > 0) | (recorded.observed.units > 0)
    later = np.logical_or.accumulate(there[:, ::-1], axis=1)[:, ::-1]
    return ~later & discontinued(recorded.series)[:, None]


def _history(recorded: Recorded) -> History:
    return History(
        sold=recorded.observed.units,
        exposure=_as_recorded(recorded.stock.exposure * recorded.live_demand, recorded),
        recorded=recorded.stock.recorded,
        live=np.where(_ended(recorded), 0.0, recorded.live),
        levers=recorded.levers,
        groups=series_groups(recorded.series),
        starts=recorded.time.starts,
        bucket_days=recorded.time.bucket_days,
        events=recorded.events,
        kept=recorded.kept,
    )
