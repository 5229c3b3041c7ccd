"""Whole quantities for groups that must reach something."""

from dataclasses import dataclass, field

import numpy as np

from engine.replenish.allocate.problem import SLACK, Floats, Ints, Problem

ROUNDS = 60  # changes per group and call; most groups need a handful
LEAST_GAIN = 1e-7
PAIRED = 150  # changes that are tried two at a time where a group has several limits


@dataclass(frozen=True, kw_only=True)
class GroupOptions:
    """The options of one group's items; `option` and `owner` (a place in `item`) are aligned."""

    item: Ints = field(repr=False)
    option: Ints = field(repr=False)
    owner: Ints = field(repr=False)

    def places(self, choice: Ints) -> Ints:
        """Where in `option` the options `choice` [its items] are."""
        sizes = np.bincount(self.owner, minlength=len(self.item))
        first = np.cumsum(sizes) - sizes
        return first + choice - self.option[first]


def options_of_groups(problem: Problem, groups: Ints) -> dict[int, GroupOptions]:
    """Of the groups asked for."""
    found: dict[int, GroupOptions] = {}
    by_group = np.argsort(problem.group, kind="stable")
    edges = np.searchsorted(problem.group[by_group], np.arange(problem.groups + 1))
    for group in groups:
        item = by_group[edges[group] : edges[group + 1]]
        sizes = problem.first[item + 1] - problem.first[item]
        owner = np.repeat(np.arange(len(item)), sizes)
        within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        option = problem.first[item][owner] + within
        found[int(group)] = GroupOptions(item=item, option=option, owner=owner)
    return found


def group_limits(problem: Problem, members: GroupOptions, group: int) -> tuple[Floats, Floats]:
    """Rows of weights of a group's options and what they must reach."""
    mine = [minimum for minimum in problem.minimums if minimum.least[group] > 0]
    weight = np.zeros((len(mine), len(members.option)))
    for row, minimum in zip(weight, mine, strict=True):
        row[:] = minimum.weight[members.option]
    return weight, np.asarray([minimum.least[group] for minimum in mine], dtype=np.float64)


def polish(
    group: GroupOptions, score: Floats, weight: Floats, least: Floats, choice: Ints
) -> Ints | None:
    """The group's choice [its items] after reaching its limits and improving it.

    Maximises `score` [its options] while every row of `weight` [row, its options] sums up to
    `least` [row] (an upper limit is a row of weights below 0), by changing one item or two at a
    time, so that a large step can make room for small ones. None where that does not get there.
    """
    now = group.places(choice)
    for _ in range(ROUNDS):
        gain = score - score[now][group.owner]
        lift = weight - weight[:, now][:, group.owner]
        spare = weight[:, now].sum(axis=1) - least + SLACK * np.maximum(np.abs(least), 1.0)
        short = bool((spare < 0).any())
        moves = (
            _best_pair(group.owner, gain, lift[0], float(spare[0]))
            if len(spare) == 1
            else _best_two(group.owner, gain, lift, spare)
        )
        if moves is None:
            if not short:
                break
            moves = _most_lift(gain, lift, spare)
        elif not short and float(gain[moves].sum()) <= LEAST_GAIN:
            break
        if moves is None:
            return None
        now[group.owner[moves]] = moves
    total = weight[:, now].sum(axis=1)
    reached = total >= least - SLACK * np.maximum(np.abs(least), 1.0)
    return group.option[now] if bool(reached.all()) else None


def _best_pair(owner: Ints, gain: Floats, lift: Floats, spare: float) -> Ints | None:
    """The best one or two changes (options of different items) that leave the minimum reached."""
    order = np.argsort(-lift, kind="stable")
    sorted_gain, falling = gain[order], lift[order]
    best = np.maximum.accumulate(sorted_gain)
    leader = np.maximum.accumulate(np.where(sorted_gain == best, np.arange(len(order)), 0))
    # The partner must lift by at least what the first change lacks.
    partners = np.searchsorted(-falling, spare + lift, side="right") - 1
    possible = partners >= 0
    partner = order[leader[np.maximum(partners, 0)]]
    alone = spare + lift >= 0
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


def _best_two(owner: Ints, gain: Floats, lift: Floats, spare: Floats) -> Ints | None:
    """The best one or two changes that leave every limit kept, of those that lose least each."""
    kept = np.min(spare[:, None] + lift, axis=0) >= 0
    single = np.where(kept, gain, -np.inf)
    alone = int(single.argmax())
    near = np.argpartition(-gain, min(PAIRED, len(gain) - 1))[:PAIRED]
    near = near[np.isfinite(gain[near])]
    both = np.min((spare[:, None] + lift[:, near])[:, :, None] + lift[:, near][:, None], axis=0)
    fits = (both >= 0) & (owner[near][:, None] != owner[near][None, :])
    total = np.where(fits, gain[near][:, None] + gain[near][None, :], -np.inf)
    pair = int(total.argmax()) if total.size else 0
    best = float(total.ravel()[pair]) if total.size else -np.inf
    if not np.isfinite(max(best, single[alone])):
        return None
    if single[alone] >= best:
        return np.asarray([alone])
    first, second = divmod(pair, len(near))
    return np.asarray([int(near[first]), int(near[second])])


def _most_lift(gain: Floats, lift: Floats, spare: Floats) -> Ints | None:
    """The change that costs least for what it brings of all that is lacking."""
    share = np.maximum(np.abs(np.where(spare < 0, spare, 1.0)), 1e-9)[:, None]
    before = np.minimum(spare, 0.0)[:, None] / share
    after = np.minimum(spare[:, None] + lift, 0.0) / share
    helped = np.where(np.isfinite(gain), (after - before).sum(axis=0), -np.inf)
    # Of changes that gain, and of those that lose, the most help for the money.
    helps = np.flatnonzero(helped > 0)
    rate = np.full(len(gain), -np.inf)
    rate[helps] = helped[helps] / (np.maximum(-gain[helps], 0.0) + 1e-6)
    best = int(rate.argmax())
    return np.asarray([best]) if helped[best] > 0 else None
