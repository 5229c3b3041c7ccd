"""Everything that is promised at one moment: who holds what, who waits until when, what is free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from engine.kernels.columns import texts, whole
from engine.kernels.latest import latest_records
from engine.kernels.renames import under_current_names
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.snapshot import Snapshot
from engine.promise.allocate import Allocation, Place, allocate
from engine.promise.cover import coming_of, cover
from engine.promise.leads import lead_chances, supplied_from
from engine.promise.lines import Ahead, LinePromise, line_promises
from engine.promise.offers import Offer
from engine.promise.places import offers_of
from engine.promise.policy import PromisePolicy
from engine.promise.queue import Waiting, queue_of
from engine.promise.recipes import Recipe, recipes
from engine.promise.transfers import with_transfers
from engine.supply import Inbound, inbound, lead_times


@dataclass(frozen=True, kw_only=True)
class Since:
    """What has happened that the snapshot does not hold.

    `came` are units put away since by order, line and place; `held` units by order line from the
    last allocation; `cancelled` order lines whose customers have gone; `moved` units by place that
    transfers have taken away since; `told` the window that each customer was told last, by line.
    """

    came: Mapping[tuple[str, int, str, str], int] = field(
        default_factory=dict[tuple[str, int, str, str], int]
    )
    held: Mapping[str, int] = field(default_factory=dict[str, int])
    cancelled: frozenset[str] = frozenset()
    moved: Mapping[Place, int] = field(default_factory=dict[Place, int])
    told: Mapping[str, tuple[date, date]] = field(default_factory=dict[str, tuple[date, date]])


@dataclass(frozen=True, kw_only=True)
class Book:
    """`lines` in the order of the queue; `offers` by item and place, sorted."""

    today: date
    lines: tuple[LinePromise, ...]
    allocation: Allocation = field(repr=False)
    offers: tuple[Offer, ...] = field(repr=False)
    recipes: Mapping[str, Recipe] = field(repr=False)


def promise_book(
    snapshot: Snapshot,
    decisions: Decisions,
    config: PlanConfig,
    policy: PromisePolicy,
    *,
    today: date,
    since: Since | None = None,
) -> Book:
    """Allocate what is there, then promise from what is sent; nothing else promises anything.

    `today` is the day on which it is told, at or after the snapshot's as-of day: windows show no
    day before it, but what came since counts only as far as `since` knows.
    """
    since = since or Since()
    snapshot = under_current_names(snapshot)
    sets = recipes(snapshot["bundles"])
    waiting = _as_told(queue_of(snapshot["backorders"], since.cancelled), since)
    supply = on_the_shelf(snapshot, since)
    allocation = allocate(supply, waiting, policy, recipes=sets, held=since.held)
    ahead = _ahead(snapshot, decisions, config, policy, today, since, supply)
    served = {grant.line.order_line for grant in allocation.grants}
    unserved = [line for line in waiting if line.order_line not in served]
    lines = line_promises(allocation, unserved, policy, ahead)
    offers = offers_of(snapshot, allocation, sets, policy, ahead, config.transfer_days)
    return Book(today=today, lines=lines, allocation=allocation, offers=offers, recipes=sets)


def _as_told(waiting: Sequence[Waiting], since: Since) -> list[Waiting]:
    return [
        replace(line, told_first=told[0], told_last=told[1])
        if (told := since.told.get(line.order_line))
        else line
        for line in waiting
    ]


def on_the_shelf(snapshot: Snapshot, since: Since) -> dict[Place, int]:
    """Units by place that may be promised: the last count less what is reserved, and what came.

    A count below zero is a mistake in the records and holds nothing. What came since the data ends
    is added whole.
    """
    stock = snapshot["stock"]
    latest = stock.iloc[latest_records(stock)]
    free = np.maximum(whole(latest, "on_hand") - np.maximum(whole(latest, "reserved"), 0), 0)
    keys = zip(texts(latest, "sku"), texts(latest, "location"), strict=True)
    shelf: dict[Place, int] = dict(zip(keys, free.tolist(), strict=True))
    for (_, _, sku, location), units in since.came.items():
        shelf[sku, location] = shelf.get((sku, location), 0) + units
    for place, units in since.moved.items():
        shelf[place] = max(shelf.get(place, 0) - units, 0)
    return shelf


def _ahead(
    snapshot: Snapshot, decisions: Decisions, config: PlanConfig, policy: PromisePolicy,
    today: date, since: Since, supply: Mapping[Place, int],
) -> Ahead:  # fmt: skip
    times = lead_times(snapshot, config)
    open_lines = inbound(snapshot, times, decisions, snapshot.as_of)
    still = with_transfers(_still_open(open_lines, since), decisions, snapshot.as_of)
    coming = coming_of(still)
    skus = dict.fromkeys(texts(snapshot["items"], "sku"))
    main = _main_locations(snapshot, supply)
    asked = {*supply, *coming.places, *((sku, place) for sku in skus for place in main)}
    leads = {}
    if policy.lead_time_promise:
        leads = lead_chances(
            snapshot, times, sorted(asked), order_within_days=policy.order_within_days
        )
    return Ahead(
        as_of=snapshot.as_of, today=today, coming=coming, cover=cover(coming),
        index={place: i for i, place in enumerate(coming.places)}, leads=leads,
    )  # fmt: skip


def _main_locations(snapshot: Snapshot, supply: Mapping[Place, int]) -> list[str]:
    """Where an item without any record would be: the places that buy for themselves."""
    fed = supplied_from(snapshot)
    named = texts(snapshot["locations"], "location") or sorted({place for _, place in supply})
    return [place for place in named if place not in fed][:1]


def _still_open(open_lines: Inbound, since: Since) -> Inbound:
    """Less what came since: it is on the shelf, and must not be promised a second time."""
    came = {(po, line): units for (po, line, _, _), units in since.came.items()}
    lines = open_lines.lines
    if not came or lines.empty:
        return open_lines
    known = zip(texts(lines, "po"), whole(lines, "line").tolist(), texts(lines, "state"),
                whole(lines, "since").tolist(), strict=True)  # fmt: skip
    # Our own orders that the snapshot does not hold are counted less their receipts already.
    gone = np.asarray([came.get((po, n), 0) if own < 0 else 0 for po, n, _, own in known])
    left = np.maximum(whole(lines, "units") - gone, 0)
    return replace(open_lines, lines=lines.assign(units=left))
