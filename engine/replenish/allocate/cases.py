"""A group's choices split by what its bulky items do, until whole quantities come near the bound.

Reaching a minimum by a part of one large step is worth more than any whole quantities. Where that
step is a large share of the order, the choices with and without it are two cases, each with a
tighter bound of its own.
"""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.frontier import Frontier, at_minimum
from engine.replenish.allocate.hull import hull_steps
from engine.replenish.allocate.problem import Floats, Ints, Problem


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The options of an item that cost from `low` to `high` minor units."""

    item: int
    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class Case:
    """One group's curve where some of its items are limited.

    Steps in falling order of rate; `cash` and `score` after 0, 1, ... of them.
    """

    limits: tuple[Limit, ...]
    rate: Floats = field(repr=False)
    item: Ints = field(repr=False)  # [step]
    before: Ints = field(repr=False)
    after: Ints = field(repr=False)
    cash: Floats = field(repr=False)
    score: Floats = field(repr=False)
    start: tuple[tuple[int, int], ...] = ()  # (item, option) of limited items before any step


def whole_case(frontier: Frontier, block: int) -> Case:
    """All that the block may do."""
    rate, cash, score = frontier.curve(block)
    mine = frontier.order[frontier.first[block] : frontier.first[block + 1]]
    steps = frontier.steps
    return Case(
        limits=(), rate=rate, item=steps.item[mine], before=steps.before[mine],
        after=steps.after[mine], cash=cash, score=score,
    )  # fmt: skip


def reply_of(case: Case, least: float, prices: Floats) -> tuple[Floats, Floats, Floats]:
    """Profit, cash and return on cash at each price, the last step towards `least` divisible."""
    count = np.searchsorted(-case.rate, -prices)
    used, gained, taken = case.cash[count], case.score[count], prices.copy()
    short = used < least
    if short.any():
        at, worth = at_minimum(case.rate, case.cash, case.score, least)
        used = np.where(short, least, used)
        gained = np.where(short, worth, gained)
        taken[short] = np.minimum(at, prices[short])
    return gained - prices * used, used, taken


def divided_step(case: Case, least: float, price: float) -> int | None:
    """The step that is taken in part at a price of cash; None where all are whole."""
    count = int(np.searchsorted(-case.rate, -price))
    if case.cash[count] >= least or case.cash[-1] < least:
        return None
    step = int(np.searchsorted(case.cash, least)) - 1
    return None if case.cash[step + 1] == least else step


def split(problem: Problem, scores: Floats, case: Case, step: int, begins: Ints) -> list[Case]:
    """Without and with at least this step of its item; items begin with the options `begins`."""
    item = int(case.item[step])
    edge = int(problem.cost[case.after[step]])
    now = next((each for each in case.limits if each.item == item), None)
    low, high = (0, np.iinfo(np.int64).max) if now is None else (now.low, now.high)
    spans = (Limit(item=item, low=low, high=edge - 1), Limit(item=item, low=edge, high=high))
    first = dict(case.start).get(item, int(begins[item]))
    return [_limited(problem, scores, case, span, first) for span in spans]


def _limited(problem: Problem, scores: Floats, case: Case, limit: Limit, first: int) -> Case:
    """The case with one item's steps replaced by those within its limit."""
    item = limit.item
    option = np.arange(int(problem.first[item]), int(problem.first[item + 1]))
    cost = problem.cost[option]
    option = option[(cost >= limit.low) & (cost <= limit.high)]
    made = hull_steps(
        np.zeros(len(option), dtype=np.int64), option,
        problem.cost[option].astype(np.float64), scores[option],
    )  # fmt: skip
    kept = case.item != item
    begin = int(made.start[0])
    cash = float(case.cash[0]) + float(problem.cost[begin] - problem.cost[first])
    score = float(case.score[0]) + float(scores[begin] - scores[first])
    rate = np.concatenate([case.rate[kept], made.rate])
    order = np.argsort(-rate, kind="stable")
    use = np.concatenate([np.diff(case.cash)[kept], made.use])[order]
    gain = np.concatenate([np.diff(case.score)[kept], made.score])[order]
    others = tuple(each for each in case.start if each[0] != item)
    return Case(
        limits=(*(each for each in case.limits if each.item != item), limit),
        rate=rate[order],
        item=np.concatenate([case.item[kept], np.full(len(made.use), item)])[order],
        before=np.concatenate([case.before[kept], made.before])[order],
        after=np.concatenate([case.after[kept], made.after])[order],
        cash=cash + np.concatenate([[0.0], np.cumsum(use)]),
        score=score + np.concatenate([[0.0], np.cumsum(gain)]),
        start=(*others, (item, begin)),
    )


def stepped(case: Case, start: Ints, place: Ints, rate: float) -> Ints:
    """Options after all steps with a return above `rate`; `start` [member] before any.

    `place` [item of the problem] is the member that an item is.
    """
    choice = start.copy()
    for item, option in case.start:
        choice[place[item]] = option
    taken = int(np.searchsorted(-case.rate, -rate))
    # Later steps of an item come later here and so overwrite earlier ones.
    choice[place[case.item[:taken]]] = case.after[:taken]
    return choice
