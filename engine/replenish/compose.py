"""From what could be bought to a plan under a budget."""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import reals, texts, whole
from engine.model.money import exponent
from engine.model.plan import Allocation, Plan
from engine.replenish.allocate.hull import Steps, hull_steps
from engine.replenish.allocate.problem import Cap, Minimum, Problem
from engine.replenish.allocate.solve import Solution, solve
from engine.replenish.candidates import Candidates
from engine.replenish.causes import TOTAL, causes_of
from engine.replenish.exceptions import exception_frame
from engine.replenish.lines import cut_frame, line_frame

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The choice under all budgets beside what would be chosen without any; options [item]."""

    choice: Ints = field(repr=False)
    free: Ints = field(repr=False)
    causes: list[str] = field(repr=False)  # [item] what keeps one from the other; "" where equal
    solution: Solution
    allocation: Allocation


def compose_plan(candidates: Candidates, budget_minor: int | None) -> Plan:
    """The best use of a budget: lines, cuts, transfers, exceptions. A pure function.

    `budget_minor` caps all buys together, in base currency; below zero counts as zero, None caps
    nothing. Category and supplier budgets among the candidates always hold.
    """
    decision = allocate(candidates, budget_minor)
    lines = line_frame(candidates, decision.choice, decision.free, decision.causes)
    cuts = cut_frame(candidates, decision.choice, decision.free, decision.causes)
    return Plan(
        lines=lines,
        cuts=cuts,
        transfers=candidates.transfers,
        exceptions=exception_frame(candidates, lines, cuts, decision.choice, decision.free),
        allocation=decision.allocation,
    )


def allocate(candidates: Candidates, budget_minor: int | None) -> Decision:
    """Solve under the budgets and without any, and price a little more of the total one."""
    problem = problem_of(candidates, None if budget_minor is None else max(budget_minor, 0))
    uncapped = replace(problem, caps=())
    steps = hull_steps(uncapped)
    free = solve(uncapped, steps=steps)
    start = free.choice if problem.is_feasible(free.choice) else None
    found = solve(problem, steps=steps, start=start) if problem.caps else free
    wanted = free.choice if free.value >= found.value else found.choice
    return Decision(
        choice=found.choice,
        free=wanted,
        causes=causes_of(problem, found.multipliers.price, found.choice, wanted),
        solution=found,
        allocation=_allocation(
            candidates, budget_minor, found, _next_thousand(candidates, budget_minor, found, steps)
        ),
    )


def _next_thousand(
    candidates: Candidates, budget_minor: int | None, found: Solution, steps: Steps
) -> int | None:
    """Value that a thousand more of the total budget adds; None without one.

    What fits now fits a larger budget, so it is never below nothing.
    """
    if budget_minor is None:
        return None
    thousand = 1_000 * 10 ** exponent(candidates.currency)
    price = found.multipliers.price
    more = solve(
        problem_of(candidates, max(budget_minor, 0) + thousand),
        steps=steps,
        start=found.choice,
        guess=float(price[0]) if len(price) else None,
    )
    return round(more.value - found.value)


def _allocation(
    candidates: Candidates,
    budget_minor: int | None,
    found: Solution,
    next_thousand_minor: int | None,
) -> Allocation:
    price = found.multipliers.price
    value = int(np.floor(found.value))
    return Allocation(
        budget_minor=budget_minor,
        spent_minor=int(candidates.cost_minor[found.choice].sum()),
        value_minor=value,
        bound_minor=max(int(np.ceil(found.bound)), value),
        shadow_price=float(price[0]) if budget_minor is not None and len(price) else 0.0,
        next_thousand_minor=next_thousand_minor,
    )


def problem_of(candidates: Candidates, budget_minor: int | None) -> Problem:
    """The candidates as arrays to solve; the total cap, where there is one, comes first."""
    items, groups = candidates.items, candidates.groups
    caps = [] if budget_minor is None else [_total(budget_minor, len(items))]
    caps += [
        Cap(scope=scope, minor=int(minor), member=_member(items, scope))
        for scope, minor in zip(
            texts(candidates.caps, "scope"), whole(candidates.caps, "cap_minor"), strict=True
        )
    ]
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
        caps=caps,
        minimums=minimums,
    )


def _total(budget_minor: int, items: int) -> Cap:
    return Cap(scope=TOTAL, minor=budget_minor, member=np.ones(items, dtype=np.bool_))


def _member(items: pd.DataFrame, scope: str) -> NDArray[np.bool_]:
    """Items that a budget covers: a supplier's, or a category's with all below it."""
    kind, _, name = scope.partition(":")
    if kind == "supplier":
        return np.asarray([each == name for each in texts(items, "supplier")], dtype=np.bool_)
    inside = [each == name or each.startswith(f"{name}/") for each in texts(items, "category")]
    return np.asarray(inside, dtype=np.bool_)
