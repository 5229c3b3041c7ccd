"""Whole quantities for groups that must reach a minimum."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.problem import SLACK, Floats, Ints, Problem

ROUNDS = 60  # changes per group and call; most groups need a handful
LEAST_GAIN = 1e-7


@dataclass(frozen=True, kw_only=True)
class GroupOptions:
    """The options of one group's items. Axis [option], but `item` [item] and `least` [minimum]."""

    item: Ints = field(repr=False)  # items of the group
    option: Ints = field(repr=False)  # index into the problem's options
    owner: Ints = field(repr=False)  # index into `item`
    weight: Floats = field(repr=False)  # [minimum, option], of the minimums that it has
    least: Floats = field(repr=False)


def options_of_groups(problem: Problem) -> dict[int, GroupOptions]:
    """Every group that has a minimum."""
    found: dict[int, GroupOptions] = {}
    by_group = np.argsort(problem.group, kind="stable")
    edges = np.searchsorted(problem.group[by_group], np.arange(problem.groups + 1))
    for group in np.flatnonzero(problem.has_minimum):
        item = by_group[edges[group] : edges[group + 1]]
        sizes = problem.first[item + 1] - problem.first[item]
        owner = np.repeat(np.arange(len(item)), sizes)
        within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        option = problem.first[item][owner] + within
        mine = [minimum for minimum in problem.minimums if minimum.least[group] > 0]
        found[int(group)] = GroupOptions(
            item=item,
            option=option,
            owner=owner,
            weight=np.stack([minimum.weight[option] for minimum in mine]),
            least=np.asarray([minimum.least[group] for minimum in mine], dtype=np.float64),
        )
    return found


def polish(problem: Problem, group: GroupOptions, choice: Ints, price: Floats) -> Ints | None:
    """The group's choice [its items] after reaching its minimums and improving it.

    Maximises value less priced cash, `price` [item], by changing one item or two at a time, so
    that a large step can make room for small ones. `choice` [item of the problem] may be short
    of the minimums, as the relaxation leaves it without its divided step. None where the
    minimums cannot be reached.
    """
    cost = problem.cost[group.option].astype(np.float64)
    score = problem.value[group.option] - price[group.item][group.owner] * cost
    start = np.searchsorted(group.option, choice[group.item])
    if not np.array_equal(group.option[start], choice[group.item]):
        # Options of a group are not in order where its items are not; look each up.
        place = {int(option): i for i, option in enumerate(group.option)}
        start = np.asarray([place[int(each)] for each in choice[group.item]], dtype=np.int64)
    now = _improved(group, score, start)
    return None if now is None else group.option[now]


def _improved(group: GroupOptions, score: Floats, now: Ints) -> Ints | None:
    now = now.copy()
    for _ in range(ROUNDS):
        gain = score - score[now][group.owner]
        lift = group.weight - group.weight[:, now][:, group.owner]
        spare = group.weight[:, now].sum(axis=1) - group.least
        short = bool((spare < -SLACK).any())
        moves = (
            _best_pair(group.owner, gain, lift[0], float(spare[0]))
            if len(spare) == 1
            else (_best_single(gain, lift, spare))
        )
        if moves is None:
            if not short:
                return now
            moves = _most_lift(lift, spare)
        elif not short and float(gain[moves].sum()) <= LEAST_GAIN:
            return now
        if moves is None:
            return None
        now[group.owner[moves]] = moves
    reached = group.weight[:, now].sum(axis=1) >= group.least - SLACK
    return now if bool(reached.all()) else None


def _best_pair(owner: Ints, gain: Floats, lift: Floats, spare: float) -> Ints | None:
    """The best one or two changes (options of different items) that leave the minimum reached."""
    order = np.argsort(-lift, kind="stable")
    sorted_gain, falling = gain[order], lift[order]
    best = np.maximum.accumulate(sorted_gain)
    leader = np.maximum.accumulate(np.where(sorted_gain == best, np.arange(len(order)), 0))
    # The partner must lift by at least what the first change lacks.
    partners = np.searchsorted(-falling, spare + lift + SLACK, side="right") - 1
    possible = partners >= 0
    partner = order[leader[np.maximum(partners, 0)]]
    alone = spare + lift >= -SLACK
    clash = owner[partner] == owner
    total = gain + np.where(possible & ~clash, gain[partner], -np.inf)
    single = np.where(alone, gain, -np.inf)
    total = np.maximum(total, single)
    first = int(total.argmax())
    if not np.isfinite(total[first]):
        return None
    if single[first] >= total[first]:
        return np.asarray([first])
    return np.asarray([first, int(partner[first])])


def _best_single(gain: Floats, lift: Floats, spare: Floats) -> Ints | None:
    """The best change of one item that leaves every minimum reached."""
    reached = np.min(spare[:, None] + lift, axis=0) >= -SLACK
    if not reached.any():
        return None
    return np.asarray([int(np.where(reached, gain, -np.inf).argmax())])


def _most_lift(lift: Floats, spare: Floats) -> Ints | None:
    """The change that brings most of what is lacking; for groups that need several."""
    lacking = spare < 0
    helped = np.minimum(lift[lacking], -spare[lacking][:, None]).sum(axis=0)
    best = int(helped.argmax())
    return np.asarray([best]) if helped[best] > 0 else None
