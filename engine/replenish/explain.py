"""The ladders of a decision: what each rule made of each item's quantity."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import reals, texts, whole
from engine.kernels.ladder import FULL_CONTAINER, SUPPLIER_MINIMUM, Ladder, steps_of
from engine.model.plan import StepsOfLine
from engine.replenish.candidates import Candidates

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def ladders(
    candidates: Candidates,
    items: Ints,
    choice: Ints,
    free: Ints,
    causes: Sequence[str],
    kept: Ints | None = None,
) -> Iterator[Ladder]:
    """Of some items (rows): options and causes [item] as of the choice with and without budgets.

    `kept` [item] are units that are there for what their order must reach alone; None: not looked
    at.
    """
    reaches = reached_by(candidates, choice, free)
    group = whole(candidates.items, "group")[items]
    frame = candidates.items.iloc[items]
    columns = (
        np.rint(reals(frame, "demand_over_protection")).astype(np.int64),
        np.rint(reals(frame, "lost_before_units")).astype(np.int64),
        *(whole(frame, name) for name in ("on_hand", "reserved", "waiting_units")),
        *(whole(frame, name) for name in ("inbound_units", "draft_units", "transfer_units")),
        *(whole(frame, name) for name in ("need_units", "pack_units", "minimum_units_step")),
        whole(frame, "tier_units"),
        candidates.units[free[items]],
        candidates.units[choice[items]],
        reals(frame, "stockout_days_p50"),
        reals(frame, "protection_days"),
        np.asarray([causes[int(item)] for item in items], dtype=object),
        np.asarray(texts(frame, "refused"), dtype=object),
        np.zeros(len(items), dtype=np.int64) if kept is None else kept[items],
        np.asarray([reaches[int(each)] for each in group], dtype=object),
    )
    names = tuple(Ladder.__dataclass_fields__)
    for values in zip(*(column.tolist() for column in columns), strict=True):
        yield Ladder(**dict(zip(names, values, strict=True)))


def reached_by(candidates: Candidates, choice: Ints, free: Ints) -> list[str]:
    """Which of what each order [group] must reach it just reaches: a minimum, or full containers.

    An order that is not placed is looked at as it would be without budgets.
    """
    groups, group = candidates.groups, whole(candidates.items, "group")
    volume = np.repeat(reals(candidates.items, "volume_l"), np.diff(candidates.first))
    volume = volume * candidates.units
    weights = {
        "minimum_minor": candidates.cost_minor,
        "minimum_units": candidates.units,
        "minimum_volume_l": volume,
    }
    bought = np.bincount(group, weights=candidates.units[choice], minlength=len(groups)) > 0
    looked = np.where(bought[group], choice, free)

    def total(weight: Floats | Ints) -> Floats:
        sums = np.bincount(group, weights=weight[looked], minlength=len(groups))
        return sums.astype(np.float64)

    nearest = np.full(len(groups), np.inf)  # how often the minimum that is nearest is reached
    for name, weight in weights.items():
        least = reals(groups, name)
        times = total(weight) / np.where(least > 0, least, 1.0)
        nearest = np.where(least > 0, np.minimum(nearest, times), nearest)
    filled = _times_filled(total(volume), groups)
    return [FULL_CONTAINER if full else SUPPLIER_MINIMUM for full in (filled < nearest).tolist()]


def _times_filled(volume: Floats, groups: pd.DataFrame) -> Floats:
    """What is shipped over what the containers must hold at least; infinite without containers.

    1 where they may go as empty as they like: filling up what is paid for is all that is asked.
    """
    size = reals(groups, "container_volume_l")
    edge = np.ceil(volume / np.where(size > 0, size, np.inf) - 1e-9) * size
    least = edge * reals(groups, "container_fill")
    times = np.where(least > 0, volume / np.where(least > 0, least, 1.0), 1.0)
    return np.where(size > 0, times, np.inf)


def explain_line(
    candidates: Candidates, item: int, choice: Ints, free: Ints, causes: Sequence[str]
) -> StepsOfLine:
    """Steps (label, units) of one item's quantity; they sum to it exactly."""
    return steps_of(next(ladders(candidates, np.asarray([item]), choice, free, causes)))
