"""An allocation instance as the engine's problem, and its answer as plain arrays."""

from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from engine.replenish.allocate.problem import Cap, Containers, Minimum, Pools, Problem
from engine.replenish.allocate.solve import Solution, solve
from evals.allocation.evaluator_cases import Certificate
from evals.allocation.instance import Instance

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Answer:
    seconds: float
    choice: Ints = field(repr=False)
    certificate: Certificate = field(repr=False)
    claimed: float  # the bound as the engine states it


def solve_ours(instance: Instance) -> Answer:
    """The time is that of the solver, from value tables to choice and certificate."""
    problem = problem_of(instance)
    started = perf_counter()
    found = solve(problem)
    seconds = perf_counter() - started
    return Answer(
        seconds=seconds,
        choice=found.choice,
        certificate=certificate_of(instance, found),
        claimed=found.bound,
    )


def problem_of(instance: Instance) -> Problem:
    everything = np.ones(instance.items, dtype=np.bool_)
    caps = [Cap(scope="total", limit=instance.budget, member=everything)]
    if np.isfinite(instance.volume_cap):
        volume = Cap(
            scope="volume", limit=instance.volume_cap, member=everything, weight=instance.volume
        )
        caps.append(volume)
    paid = np.where(instance.units > 0, instance.cost - instance.freight, 0)
    boxed = bool((instance.size > 0).any())
    return Problem(
        first=instance.first,
        cost=instance.cost,
        value=instance.value,
        group=instance.supplier,
        caps=caps,
        minimums=[Minimum(kind="value", weight=paid.astype(np.float64), least=instance.minimum)],
        idle=instance.units == 0,
        containers=Containers(
            weight=instance.volume, size=instance.size, fee=instance.fee, fill=instance.fill
        )
        if boxed
        else None,
        pools=Pools(pool=instance.pool, draw=instance.draw, count=instance.pools)
        if instance.pools
        else None,
    )


def certificate_of(instance: Instance, found: Solution) -> Certificate:
    """The solver's certificate in the evaluator's terms."""
    made = found.certificate
    rows = len(made.price)
    capped = made.price.shape[1] > 1
    return Certificate(
        cash=made.price[:, 0],
        volume=made.price[:, 1] if capped else np.zeros(rows),
        pool=made.pool_price if instance.pools else np.zeros((rows, 0)),
        mode_group=made.mode_group,
        mode_containers=made.mode_boxes,
        case_mode=made.case_mode,
        reward=made.reward[:, :, 0],
        load=made.load,
        limit_case=made.limit_case,
        limit_item=made.limit_item,
        limit_low=made.limit_low,
        limit_high=made.limit_high,
        node_parent=made.node_parent,
        node_group=made.node_group,
        node_low=made.node_low,
        node_high=made.node_high,
        node_row=made.node_row,
    )
