"""From what could be bought to a plan under a budget."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.model.money import exponent
from engine.model.plan import Allocation, Plan
from engine.replenish.allocate.certificate import priced_score
from engine.replenish.allocate.hull import Steps, hull_steps
from engine.replenish.allocate.problem import Problem
from engine.replenish.allocate.realise import best_options
from engine.replenish.allocate.solve import Solution, solve
from engine.replenish.candidates import Candidates
from engine.replenish.causes import causes_of
from engine.replenish.exceptions import exception_frame
from engine.replenish.lines import cut_frame, line_frame
from engine.replenish.pose import problem_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The choice under all budgets beside what would be chosen without any; options [item]."""

    choice: Ints = field(repr=False)
    free: Ints = field(repr=False)
    causes: list[str] = field(repr=False)  # [item] what keeps one from the other; "" where equal
    kept: Ints = field(repr=False)  # [item] units that are there for the supplier's minimum alone
    solution: Solution
    allocation: Allocation


@dataclass(frozen=True, kw_only=True)
class Unlimited:
    """What would be bought without any budget, and what every budget's problem shares with it."""

    steps: Steps = field(repr=False)
    solution: Solution


def unlimited(candidates: Candidates) -> Unlimited:
    """Computed once for any number of budgets over the same candidates."""
    problem = replace(problem_of(candidates, None), caps=())
    steps = _hull(problem)
    return Unlimited(steps=steps, solution=solve(problem, steps=steps))


def compose_plan(
    candidates: Candidates, budget_minor: int | None, without: Unlimited | None = None
) -> Plan:
    """The best use of a budget: lines, cuts, transfers, exceptions. A pure function.

    `budget_minor` caps all buys together, in base currency; below zero counts as zero, None caps
    nothing. Category and supplier budgets among the candidates always hold. `without` is
    `unlimited` of the same candidates, where it is at hand.
    """
    decision = allocate(candidates, budget_minor, without)
    lines = line_frame(candidates, decision.choice, decision.free, decision.causes, decision.kept)
    cuts = cut_frame(candidates, decision.choice, decision.free, decision.causes)
    return Plan(
        lines=lines,
        cuts=cuts,
        transfers=candidates.transfers,
        exceptions=exception_frame(candidates, lines, cuts, decision.choice, decision.free),
        allocation=decision.allocation,
    )


def allocate(
    candidates: Candidates, budget_minor: int | None, without: Unlimited | None = None
) -> Decision:
    """Solve under the budgets and without any, and price a little more of the total one."""
    problem = problem_of(candidates, None if budget_minor is None else max(budget_minor, 0))
    without = unlimited(candidates) if without is None else without
    steps, free = without.steps, without.solution
    fits = problem.is_feasible(free.choice)
    found = _keeping_to(problem, free) if fits else solve(problem, steps=steps)
    wanted = free.choice if free.value >= found.value else found.choice
    return Decision(
        choice=found.choice,
        free=wanted,
        causes=causes_of(problem, found.price, found.choice, wanted),
        kept=_kept(candidates, problem, found),
        solution=found,
        allocation=_allocation(
            candidates,
            budget_minor,
            found,
            _next_thousand(candidates, budget_minor, found, steps, fits=fits),
        ),
    )


def _keeping_to(problem: Problem, free: Solution) -> Solution:
    """What is best without caps and keeps to all of them is best under them, too.

    Its bound needs no cap, so a little more of any of them brings nothing.
    """
    proof, caps = free.certificate, len(problem.caps)
    return replace(
        free,
        price=np.zeros(caps),
        certificate=replace(proof, price=np.zeros((len(proof.price), caps))),
    )


def _hull(problem: Problem) -> Steps:
    """Steps of cost and value, which do not depend on budgets."""
    cost = problem.cost.astype(np.float64)
    return hull_steps(problem.owner, np.arange(len(cost)), cost, problem.value)


def _kept(candidates: Candidates, problem: Problem, found: Solution) -> Ints:
    """Units [item] beyond what the item would get at the prices of the caps if on its own.

    Only where its order must reach something: the supplier's minimum, or a filled container.
    """
    score = priced_score(problem, found.price, np.zeros(0))
    own = best_options(problem, score) if problem.items else problem.nothing()
    must = (problem.has_minimum | problem.boxed)[problem.group]
    more = candidates.units[found.choice] - candidates.units[own]
    return np.where(must & (found.choice > problem.first[:-1]), np.maximum(more, 0), 0)


def _next_thousand(
    candidates: Candidates, budget_minor: int | None, found: Solution, steps: Steps, *, fits: bool
) -> int | None:
    """Value that a thousand more of the total budget adds; None without one.

    What fits now fits a larger budget, so it is never below nothing; it is nothing where no cap
    keeps anything from being bought (`fits`).
    """
    if budget_minor is None:
        return None
    if fits:
        return 0
    thousand = 1_000 * 10 ** exponent(candidates.currency)
    more = solve(
        problem_of(candidates, max(budget_minor, 0) + thousand), steps=steps, start=found.choice
    )
    return round(more.value - found.value)


def _allocation(
    candidates: Candidates,
    budget_minor: int | None,
    found: Solution,
    next_thousand_minor: int | None,
) -> Allocation:
    price, fees = found.price, found.fees
    value = int(np.floor(found.value))
    return Allocation(
        budget_minor=budget_minor,
        spent_minor=int(candidates.cost_minor[found.choice].sum()) + fees,
        value_minor=value,
        bound_minor=max(int(np.ceil(found.bound)), value),
        shadow_price=float(price[0]) if budget_minor is not None and len(price) else 0.0,
        next_thousand_minor=next_thousand_minor,
    )
