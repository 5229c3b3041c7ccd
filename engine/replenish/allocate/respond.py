"""What each group would buy if cash had a price."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.hull import Steps
from engine.replenish.allocate.problem import SLACK, Flags, Floats, Ints, Problem


@dataclass(frozen=True, kw_only=True)
class Response:
    """The best reply to prices with the last step towards a minimum divisible.

    `taken` [item] counts the whole steps up the hull; a group's divided step is left out, and
    its cash and value up to the minimum are in `part_cost` and `part_value` [group]. `profit`
    [group] is value less priced cash, divided step included; a group with negative profit buys
    nothing. `reward` [minimum, group] is the dual of each minimum.
    """

    taken: Ints = field(repr=False)
    part_cost: Floats = field(repr=False)
    profit: Floats = field(repr=False)
    on: Flags = field(repr=False)
    reward: Floats = field(repr=False)


def respond(problem: Problem, steps: Steps, price: Floats, forced: Flags | None = None) -> Response:
    """Best reply to `price` [item], value per minor unit of cash.

    A step is taken where its value exceeds its priced cost. A group short of a minimum goes on
    with the steps that lose least per unit of weight until it is reached. Groups are on where
    that pays, or as `forced` says.
    """
    margin = steps.value - price[steps.item] * steps.cost
    wanted = margin > 0
    profit = problem.by_group(steps.group, np.where(wanted, margin, 0.0))
    reward = np.zeros((len(problem.minimums), problem.groups))
    part_cost = np.zeros(problem.groups)
    for group in _short(problem, steps, wanted):
        topped = _top_up(problem, steps, margin, wanted, reward, int(group))
        profit[group] += topped.profit
        part_cost[group] = topped.part_cost
    on = profit >= 0 if forced is None else forced & np.isfinite(profit)
    wanted &= on[steps.group]
    taken = np.bincount(steps.item[wanted], minlength=problem.items)
    return Response(
        taken=taken, part_cost=np.where(on, part_cost, 0.0), profit=profit, on=on, reward=reward
    )


def _short(problem: Problem, steps: Steps, wanted: Flags) -> Ints:
    """Groups whose wanted steps do not reach a minimum."""
    short = np.zeros(problem.groups, dtype=np.bool_)
    for minimum, weight in zip(problem.minimums, steps.weight, strict=True):
        reached = problem.by_group(steps.group, np.where(wanted, weight, 0.0))
        short |= reached < minimum.least - SLACK
    return np.flatnonzero(short)


@dataclass(frozen=True, kw_only=True)
class _ToppedUp:
    profit: float  # change; minus infinity where no quantity is enough
    part_cost: float


def _top_up(
    problem: Problem, steps: Steps, margin: Floats, wanted: Flags, reward: Floats, group: int
) -> _ToppedUp:
    """Take the cheapest further steps into `wanted` until every minimum holds."""
    span = slice(int(steps.group_first[group]), int(steps.group_first[group + 1]))
    profit = part_cost = 0.0
    for row, minimum in enumerate(problem.minimums):
        weight = steps.weight[row, span]
        missing = float(minimum.least[group]) - float(weight[wanted[span]].sum())
        if missing <= SLACK:
            continue
        open_: Ints = np.flatnonzero(~wanted[span] & (weight > 0))
        loss = -margin[span][open_] / weight[open_]
        rising = _rising_within_items(loss, steps.item[span][open_])
        order = np.argsort(rising, kind="stable")
        reached = np.cumsum(weight[open_][order])
        last = int(np.searchsorted(reached, missing - SLACK))
        if last == len(reached):
            # Not to be reached at all: a reward this high shows that nothing is best.
            gain = float(np.abs(margin[span]).sum()) + 1.0
            reward[row, group] = gain / (missing - float(reached.max(initial=0.0)))
            return _ToppedUp(profit=-np.inf, part_cost=0.0)
        chosen, divided = open_[order[:last]], span.start + int(open_[order[last]])
        wanted[span.start + chosen] = True
        share = 1 - (reached[last] - missing) / steps.weight[row, divided]
        profit += float(margin[span][chosen].sum()) + share * float(margin[divided])
        part_cost += share * float(steps.cost[divided])
        reward[row, group] = rising[order[last]]
    return _ToppedUp(profit=profit, part_cost=part_cost)


def _rising_within_items(loss: Floats, item: Ints) -> Floats:
    """Each step at least as dear as the steps before it in its item, so that prefixes are taken."""
    if np.all((np.diff(loss) >= 0) | (np.diff(item) != 0)):
        return loss
    spread = float(loss.max() - loss.min()) + 1.0
    rank = np.cumsum(np.diff(item, prepend=item[0]) != 0)
    return np.maximum.accumulate(loss + rank * spread) - rank * spread


def as_choice(problem: Problem, steps: Steps, taken: Ints) -> Ints:
    """Options [item] after so many steps."""
    choice = problem.nothing()
    last = steps.position == taken[steps.item] - 1
    choice[steps.item[last]] = steps.after[last]
    return choice
