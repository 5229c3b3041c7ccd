"""Score orders in the order of their sending, each with what was known on its day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernels.columns import texts
from engine.model.config import PlanConfig
from engine.model.supply import LeadTimes
from engine.supply import day_quantiles, lane_rows, lead_times, remaining_pmf
from evals.lead_time.adapter import snapshot_at
from evals.lead_time.figures import LEVELS, by_history, scores
from evals.lead_time.peers import PEERS, history_of, peer_quantiles, seen_by, still_needed
from evals.lead_time.shipments import Days, Shipments

Floats = NDArray[np.float64]
CONFIG = PlanConfig()
_MEDIAN = LEVELS.index(0.5)


@dataclass(frozen=True, kw_only=True)
class Scored:
    """Quantiles [shipment, level] at sending, of ours and of the peers; `rows` are shipments."""

    rows: Days = field(repr=False)
    ours: Floats = field(repr=False)
    peers: dict[str, Floats] = field(repr=False)
    history: Days = field(repr=False)  # shipments of the vendor known at sending


def score_sent(
    shipments: Shipments, after: int, until: int, told: Callable[[str], None] = lambda _: None
) -> Scored:
    """Orders sent after the day `after` (an ordinal) and up to `until`."""
    rows = np.flatnonzero((shipments.sent > after) & (shipments.sent <= until))
    shape = (len(rows), len(LEVELS))
    ours, history = np.zeros(shape), np.zeros(len(rows), dtype=np.int64)
    peers = {name: np.zeros(shape) for name in PEERS}
    sent = shipments.sent[rows]
    for day in np.unique(sent):
        at = np.flatnonzero(sent == day)
        ours[at] = _at_sending(shipments, rows[at], int(day))
        history[at] = history_of(shipments, rows[at], int(day))
        for name, found in peer_quantiles(shipments, rows[at], int(day), LEVELS).items():
            peers[name][at] = found
        told(f"{int(at[-1]) + 1} of {len(rows)} orders")
    return Scored(rows=rows, ours=ours, peers=peers, history=history)


def _at_sending(shipments: Shipments, rows: Days, day: int) -> Floats:
    times = lead_times(snapshot_at(shipments, day), CONFIG)
    return day_quantiles(times.pmf[_lanes(shipments, rows, times)], LEVELS)


def _lanes(shipments: Shipments, rows: Days, times: LeadTimes) -> Days:
    which = shipments.frame.iloc[rows]
    return lane_rows(times, texts(which, "supplier"), texts(which, "sku"), texts(which, "place"))


def score_remaining(shipments: Shipments, scored: Scored) -> dict[str, Any]:
    """Days still needed, asked on the day on which half of the vendor's are usually there.

    Scored are the shipments still out at the end of that day, with all that is known by then.
    The peer is the vendor's deliveries that took longer than the order is out already.
    """
    asked = shipments.sent[scored.rows] + np.round(
        scored.peers["vendor_empirical"][:, _MEDIAN]
    ).astype(np.int64)
    out = shipments.delivered[scored.rows] > asked
    rows, asked = scored.rows[out], asked[out]
    ours, peer = np.zeros((len(rows), len(LEVELS))), np.zeros((len(rows), len(LEVELS)))
    for day in np.unique(asked):
        at = np.flatnonzero(asked == day)
        ours[at] = _still_needed(shipments, rows[at], int(day))
        for i in at:
            found = still_needed(shipments, int(rows[i]), int(day), LEVELS)
            peer[i] = ours[i] if found is None else found
    actual = (shipments.delivered[rows] - asked).astype(np.float64)
    return {
        **scores(ours, actual),
        "least_days": round(float(ours.min()), 2),
        "peers": {"vendor_conditional": scores(peer, actual)},
    }


def _still_needed(shipments: Shipments, rows: Days, day: int) -> Floats:
    """Counted from `day`; the first morning that the data does not cover is one day later."""
    times = lead_times(snapshot_at(shipments, day), CONFIG)
    elapsed = day + 1 - shipments.sent[rows]
    return 1 + day_quantiles(remaining_pmf(times, _lanes(shipments, rows, times), elapsed), LEVELS)


def figures(shipments: Shipments, scored: Scored, until: int) -> dict[str, Any]:
    """Every figure of the protocol, over the orders sent up to `until`."""
    kept = shipments.sent[scored.rows] <= until
    actual = shipments.lead_days[scored.rows[kept]].astype(np.float64)
    peers = {name: scores(found[kept], actual) for name, found in scored.peers.items()}
    ours = scores(scored.ours[kept], actual)
    best = min(peer["pinball"] for peer in peers.values())
    return {
        **ours,
        "ratio_to_best_peer": round(ours["pinball"] / best, 4),
        "peers": peers,
        "by_history": by_history(scored.ours[kept], actual, scored.history[kept]),
    }


def trained_on(shipments: Shipments, day: int) -> tuple[int, int]:
    """Shipments delivered by `day`, and those sent by then that were still out."""
    came = len(seen_by(shipments, day))
    return came, int((shipments.sent <= day).sum()) - came
