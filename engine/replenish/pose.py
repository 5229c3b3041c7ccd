"""The candidates of a plan as a problem to solve."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import reals, texts, whole
from engine.replenish.allocate.problem import Cap, Containers, Minimum, Problem
from engine.replenish.candidates import Candidates
from engine.replenish.causes import ROOM, TOTAL

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Containers of one order beyond which their freight is not a question of filling them.
MOST_CONTAINERS = 200


def problem_of(candidates: Candidates, budget_minor: int | None) -> Problem:
    """The total cap, where there is one, comes first; then other budgets, then rooms."""
    items, groups = candidates.items, candidates.groups
    volume = np.repeat(reals(items, "volume_l"), np.diff(candidates.first)) * candidates.units
    weights = {
        "minimum_minor": candidates.cost_minor.astype(np.float64),
        "minimum_units": candidates.units.astype(np.float64),
        "minimum_volume_l": volume,
    }
    minimums = [
        Minimum(kind=name, weight=weight, least=reals(groups, name))
        for name, weight in weights.items()
        if bool((reals(groups, name) > 0).any())
    ]
    return Problem(
        first=candidates.first,
        cost=candidates.cost_minor,
        value=candidates.value,
        group=whole(items, "group"),
        caps=[*_budgets(candidates, budget_minor), *_rooms(candidates, volume)],
        minimums=minimums,
        containers=_containers(candidates, volume),
    )


def _budgets(candidates: Candidates, budget_minor: int | None) -> list[Cap]:
    items = candidates.items
    every = np.ones(len(items), dtype=np.bool_)
    total = [] if budget_minor is None else [Cap(scope=TOTAL, limit=budget_minor, member=every)]
    scopes = texts(candidates.caps, "scope"), whole(candidates.caps, "cap_minor")
    return total + [
        Cap(scope=scope, limit=int(minor), member=_member(items, scope))
        for scope, minor in zip(*scopes, strict=True)
    ]


def _rooms(candidates: Candidates, volume: Floats) -> list[Cap]:
    """What purchases may add at each location that has a capacity."""
    rooms, at = candidates.rooms, texts(candidates.items, "location")
    weights = {
        "free_volume_l": volume,
        "free_units": candidates.units.astype(np.float64),
    }
    caps: list[Cap] = []
    for name, weight in weights.items():
        for location, free in zip(texts(rooms, "location"), reals(rooms, name), strict=True):
            member = np.asarray([each == location for each in at], dtype=np.bool_)
            if not np.isnan(free) and member.any():
                scope = f"{ROOM}:{location}"
                caps.append(Cap(scope=scope, limit=float(free), member=member, weight=weight))
    return caps


def _containers(candidates: Candidates, volume: Floats) -> Containers | None:
    """None where no order comes by container.

    Where an order could fill very many, a part of one more or less is no question.
    """
    groups = candidates.groups
    size = reals(groups, "container_volume_l")
    of_item = whole(candidates.items, "group")
    most = np.maximum.reduceat(volume, candidates.first[:-1]) if len(of_item) else volume
    reach = np.bincount(of_item, weights=most, minlength=len(groups))
    asks = (reals(groups, "container_cost_minor") > 0) | (reals(groups, "container_fill") > 0)
    size = np.where(asks & (reach <= MOST_CONTAINERS * size), size, 0.0)
    if not (size > 0).any():
        return None
    fee = np.where(size > 0, np.ceil(reals(groups, "container_cost_minor")), 0.0)
    return Containers(
        weight=volume,
        size=size,
        fee=fee.astype(np.int64),
        fill=reals(groups, "container_fill"),
    )


def _member(items: pd.DataFrame, scope: str) -> Flags:
    """Items that a budget covers: a supplier's, or a category's with all below it."""
    kind, _, name = scope.partition(":")
    if kind == "supplier":
        return np.asarray([each == name for each in texts(items, "supplier")], dtype=np.bool_)
    inside = [each == name or each.startswith(f"{name}/") for each in texts(items, "category")]
    return np.asarray(inside, dtype=np.bool_)
