"""From forecast, supply and stock to what could be bought."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import texts
from engine.kernels.known import up_to_as_of
from engine.kernels.renames import under_current_names
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import Forecast
from engine.model.progress import Progress, silent
from engine.model.rules import Rules
from engine.model.snapshot import Snapshot
from engine.model.supply import LeadTimes
from engine.replenish.appraise import Appraisal, appraise, joined
from engine.replenish.candidates import Candidates
from engine.replenish.circles import circles
from engine.replenish.context import Context, context_of, from_chosen
from engine.replenish.doubts import doubts
from engine.replenish.drifts import drift_notices
from engine.replenish.items import item_frame
from engine.replenish.journeys import routes_not_worth_it, transfer_frame, uses
from engine.replenish.limits import cap_frame, group_frame
from engine.replenish.notices import notices
from engine.replenish.rooms import crowded, room_frame, unplanned_stock

Ints = NDArray[np.int64]

Mapped = Callable[[Callable[[Ints], Appraisal], Iterable[Ints]], Iterable[Appraisal]]
CHUNK_PLACES = 128  # appraised at a time, to stay near the processor; no result depends on it


def build_candidates(
    snapshot: Snapshot,
    forecast: Forecast,
    lead_times: LeadTimes,
    decisions: Decisions,
    config: PlanConfig,
    *,
    findings: pd.DataFrame | None = None,
    rules: Rules | None = None,
    mapped: Mapped = map,
    progress: Progress = silent,
) -> Candidates:
    """What each quantity of each SKU-location is worth, transfers decided first.

    `findings` are the demand panel's. `mapped` runs the chunks, in order: the built-in map, or
    that of a pool of processes; the figures are the same. Raises InvalidInput for order days
    that cannot be read and for a supplier without lead time.
    """
    present = under_current_names(up_to_as_of(snapshot))
    context = context_of(
        present, forecast, lead_times, decisions, config, rules or config.rules, findings
    )
    chunks = chunks_of_skus(context.places.sku)
    appraisal = joined(_appraised(context.to_appraise(), chunks, mapped, progress))
    context = from_chosen(context, appraisal.rank)
    groups = group_frame(context.terms, context.places, present)
    orders = list(zip(texts(groups, "supplier"), texts(groups, "location"), strict=True))
    items = item_frame(context, appraisal, orders)
    unplanned = unplanned_stock(context, present)
    of_data = [
        *crowded(context, present, unplanned), *circles(context, present), *doubts(context, present)
    ]  # fmt: skip
    options = appraisal.options
    kept = items.index.to_numpy()
    allowed = np.asarray([why == "" for why in texts(items, "refused")], dtype=np.bool_)
    chosen = _options_of(options.count, kept, allowed)
    return Candidates(
        currency=context.currency,
        as_of=snapshot.as_of,
        rules=context.rules,
        automation=config.automation,
        items=items.reset_index(drop=True),
        groups=groups,
        rooms=room_frame(context, appraisal.outlook.stored, present, unplanned),
        caps=cap_frame(decisions),
        transfers=transfer_frame(context, appraisal.moves),
        notices=notices(context, appraisal, items, drift_notices(context), of_data),
        first=np.concatenate([[0], np.cumsum(np.where(allowed, options.count[kept], 1))]).astype(
            np.int64
        ),
        units=options.units[chosen],
        cost_minor=options.cost_minor[chosen],
        value=options.value[chosen],
    )


def _appraised(
    context: Context, chunks: list[Ints], mapped: Mapped, progress: Progress
) -> list[Appraisal]:
    """All chunks; those with moves on a route that does not pay once more without it."""
    parts: list[Appraisal] = []
    for part in mapped(partial(appraise, context), chunks):
        parts.append(part)
        progress("valuing packs", len(parts), len(chunks))
    # What one closed route carried may go, or have been given, elsewhere: look until all pay.
    closed = context.closed_routes
    while worthless := routes_not_worth_it(context, [m for part in parts for m in part.moves]):
        closed |= worthless
        without = partial(appraise, replace(context, closed_routes=closed))
        again = [i for i, part in enumerate(parts) if uses(context, part.moves, worthless)]
        for i, part in zip(again, mapped(without, [chunks[i] for i in again]), strict=True):
            parts[i] = part
    return parts


def chunks_of_skus(skus: list[str]) -> list[Ints]:
    """Consecutive places, cut between SKUs so that transfers see all places of one."""
    starts = [i for i, sku in enumerate(skus) if i == 0 or sku != skus[i - 1]]
    chunks: list[Ints] = []
    begin = 0
    for start, end in zip(starts, [*starts[1:], len(skus)], strict=True):
        del start
        if end - begin >= CHUNK_PLACES or end == len(skus):
            chunks.append(np.arange(begin, end))
            begin = end
    return chunks


def _options_of(count: Ints, places: Ints, allowed: NDArray[np.bool_]) -> Ints:
    """Indices of the options of some places; only "nothing" where buying is not allowed."""
    first = np.cumsum(count) - count
    sizes = np.where(allowed, count[places], 1)
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(first[places], sizes) + within
