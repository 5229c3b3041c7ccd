"""Which groups buy at all: a knapsack of groups under the widest cap."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.hull import Steps
from engine.replenish.allocate.polish import GroupOptions, options_of_groups, polish
from engine.replenish.allocate.problem import Flags, Floats, Ints, Problem, item_prices
from engine.replenish.allocate.respond import as_choice, respond

# Prices of cash, relative to the one that fits the cap, at which every group makes an offer.
LADDER = (0.8, 0.95, 1.0, 1.05, 1.25)
CELLS = 1 << 15  # into which the cap is cut
RAISES = 40  # of the prices of caps that a combination of offers breaks


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What all groups would buy at a price; whole quantities, minimums reached."""

    choice: Ints = field(repr=False)
    cost: Floats = field(repr=False)  # [cap, group]
    value: Floats = field(repr=False)  # [group]; minus infinity where a minimum is out of reach


def choose_groups(problem: Problem, steps: Steps, price: Floats) -> Ints:
    """A choice within every cap: one offer, or nothing, per group; `price` [cap].

    Dynamic programme over groups under the widest cap, costs rounded up to cells, so that what
    it chooses fits. Groups without a minimum make their offers together. The other caps are kept
    by their prices, raised until they hold; what then still breaks one is left out.
    """
    base = item_prices(problem, price)
    ladder = LADDER if price.any() else (1.0,)
    members = options_of_groups(problem)
    offers = [_offer(problem, steps, members, base * rung) for rung in ladder]
    widest = _widest(problem)
    charged = price.copy()
    choice = problem.nothing()
    for _ in range(RAISES):
        choice = _knapsack_of_groups(problem, offers, charged, widest)
        over = _over(problem, choice)
        if not over.any():
            return choice
        charged[over] = np.maximum(charged[over] * 1.25, 1e-3)
    return _left_out(problem, choice)


def _over(problem: Problem, choice: Ints) -> Flags:
    spent = problem.spent(choice)
    return np.asarray(
        [s > cap.minor for s, cap in zip(spent, problem.caps, strict=True)], dtype=np.bool_
    )


def _left_out(problem: Problem, choice: Ints) -> Ints:
    """Without the groups that earn least on their cash under a broken cap, until all hold."""
    choice = choice.copy()
    value = problem.by_group(problem.group, problem.value[choice])
    for cap in problem.caps:
        cash = np.where(cap.member, problem.cost[choice], 0).astype(np.float64)
        cost = problem.by_group(problem.group, cash)
        for group in np.argsort(value / np.maximum(cost, 1.0), kind="stable"):
            if problem.cost[choice][cap.member].sum() <= cap.minor:
                break
            if cost[group] > 0:
                mine = problem.group == group
                choice[mine] = problem.first[:-1][mine]
    return choice


def _widest(problem: Problem) -> int | None:
    sizes = [int(cap.member.sum()) for cap in problem.caps]
    return sizes.index(max(sizes)) if sizes else None


def _knapsack_of_groups(
    problem: Problem, offers: list[Offer], price: Floats, widest: int | None
) -> Ints:
    bound_to = problem.has_minimum
    rows = [np.flatnonzero(~bound_to), *(np.asarray([g]) for g in np.flatnonzero(bound_to))]
    table = _Knapsack(None if widest is None else problem.caps[widest].minor)
    narrow = np.asarray([k for k in range(len(problem.caps)) if k != widest], dtype=np.int64)
    worth = [offer.value - price[narrow] @ offer.cost[narrow] for offer in offers]
    for row in rows:
        table.add(
            np.asarray([0.0 if widest is None else o.cost[widest][row].sum() for o in offers]),
            np.asarray([each[row].sum() for each in worth]),
        )
    choice = problem.nothing()
    for row, pick in zip(rows, table.picks(), strict=True):
        if pick >= 0:
            mine = np.isin(problem.group, row)
            choice[mine] = offers[pick].choice[mine]
    return choice


def _offer(
    problem: Problem,
    steps: Steps,
    members: dict[int, GroupOptions],
    price: Floats,
) -> Offer:
    """The groups' reply to `price` [item], each made whole."""
    everything = np.ones(problem.groups, dtype=np.bool_)
    reply = respond(problem, steps, price, everything)
    choice = as_choice(problem, steps, reply.taken)
    complete = np.isfinite(reply.profit)
    for group, options in members.items():
        if complete[group]:
            polished = polish(problem, options, choice, price)
            complete[group] = polished is not None
            if polished is not None:
                choice[options.item] = polished
    cost = problem.cost[choice].astype(np.float64)
    by_cap = [problem.by_group(problem.group, np.where(c.member, cost, 0.0)) for c in problem.caps]
    value = problem.by_group(problem.group, problem.value[choice])
    return Offer(
        choice=choice,
        cost=np.asarray(by_cap).reshape(len(problem.caps), problem.groups),
        value=np.where(complete, value, -np.inf),
    )


class _Knapsack:
    """Best value for every amount of cash, one group after another."""

    def __init__(self, cap: int | None) -> None:
        """`cap` None: no limit, every group takes its best."""
        self._cell = 1.0 if cap is None else max(cap / CELLS, 1.0)
        cells = 0 if cap is None or cap <= 0 else int(cap // self._cell)
        self._limited = cap is not None
        self._best = np.zeros(cells + 1)
        self._taken: list[tuple[Ints, Ints]] = []

    def add(self, cost: Floats, value: Floats) -> None:
        """One more group, which takes one of these offers or nothing."""
        cells = np.ceil(np.maximum(cost, 0.0) / self._cell - 1e-9).astype(np.int64)
        if not self._limited:
            cells[:] = 0
        best = self._best.copy()
        taken = np.full(len(best), -1, dtype=np.int64)
        for i in np.flatnonzero((value > 0) & (cells < len(best))):
            reach = len(best) - int(cells[i])
            offered = self._best[:reach] + value[i]
            better = offered > best[cells[i] :]
            best[cells[i] :][better] = offered[better]
            taken[cells[i] :][better] = i
        self._best = best
        self._taken.append((taken, cells))

    def picks(self) -> list[int]:
        """The offer of each group in the best combination; -1 for nothing."""
        place = int(self._best.argmax())
        found: list[int] = []
        for taken, cells in reversed(self._taken):
            pick = int(taken[place])
            found.append(pick)
            if pick >= 0:
                place -= int(cells[pick])
        return found[::-1]
