"""The ladders of a decision: what each rule made of each item's quantity."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.kernels.columns import reals, texts, whole
from engine.kernels.ladder import Ladder, steps_of
from engine.model.plan import StepsOfLine
from engine.replenish.candidates import Candidates

Ints = NDArray[np.int64]


def ladders(
    candidates: Candidates,
    items: Ints,
    choice: Ints,
    free: Ints,
    causes: Sequence[str],
    kept: Ints | None = None,
) -> Iterator[Ladder]:
    """Of some items (rows): options and causes [item] as of the choice with and without budgets.

    `kept` [item] are units that are there for the supplier's minimum alone; None: not looked at.
    """
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
    )
    names = tuple(Ladder.__dataclass_fields__)
    for values in zip(*(column.tolist() for column in columns), strict=True):
        yield Ladder(**dict(zip(names, values, strict=True)))


def explain_line(
    candidates: Candidates, item: int, choice: Ints, free: Ints, causes: Sequence[str]
) -> StepsOfLine:
    """Steps (label, units) of one item's quantity; they sum to it exactly."""
    return steps_of(next(ladders(candidates, np.asarray([item]), choice, free, causes)))
