"""What a stored choice is worth and what a stored certificate proves, recomputed from nothing else.

It shares no code with the solver. A certificate is a set of prices (one row each: of cash, of
volume), a price per pool, and per row and mode of a supplier a reward for its minimum and a price
of its containers' volume; and a tree that splits what suppliers may do until some row of prices
shows for each leaf that no choice in it is worth more.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.allocation.evaluator_cases import Certificate, check_cases, limited
from evals.allocation.instance import Instance

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ROUNDING = 1e-6


def worth(instance: Instance, choice: Ints) -> float:
    """Value of a choice, container fees off. Raises ValueError where it is not feasible."""
    if not np.array_equal(instance.owner[choice], np.arange(instance.items)):
        raise ValueError("The choice does not have one option of each item.")
    fees = int((containers(instance, choice) * instance.fee).sum())
    spent = int(instance.cost[choice].sum()) + fees
    if spent > instance.budget:
        raise ValueError(f"{spent} is spent of a budget of {instance.budget}.")
    volume = float(instance.volume[choice].sum())
    if volume > instance.volume_cap * (1 + ROUNDING):
        raise ValueError(f"A volume of {volume} is bought where {instance.volume_cap} fits.")
    _check_minimums(instance, choice)
    _check_pools(instance, choice)
    return float(instance.value[choice].sum()) - fees


def containers(instance: Instance, choice: Ints) -> Ints:
    """Begun per supplier; raises ValueError where they are less full than agreed."""
    volume = np.bincount(
        instance.supplier, weights=instance.volume[choice], minlength=len(instance.minimum)
    )
    size = np.where(instance.size > 0, instance.size, np.inf)
    begun = np.ceil(volume / size * (1 - ROUNDING)).astype(np.int64)
    least = instance.fill * begun * np.where(begun > 0, size, 0.0)
    if (volume < least * (1 - ROUNDING)).any():
        supplier = int(np.argmax(least - volume))
        raise ValueError(f"Supplier {supplier} ships {volume[supplier]}, less than agreed.")
    return begun


def _check_minimums(instance: Instance, choice: Ints) -> None:
    bought = instance.units[choice] > 0
    spend = instance.cost[choice] - _freight(instance, choice)
    by = np.bincount(instance.supplier, weights=spend * bought, minlength=len(instance.minimum))
    used = np.bincount(instance.supplier[bought], minlength=len(instance.minimum)) > 0
    if (used & (by < instance.minimum - ROUNDING)).any():
        raise ValueError("A supplier's minimum is not reached.")


def _freight(instance: Instance, choice: Ints) -> Ints:
    """Cash that is not paid to the supplier."""
    return instance.freight[choice]


def _check_pools(instance: Instance, choice: Ints) -> None:
    moves = instance.pool[choice] >= 0
    left = np.bincount(
        instance.pool[choice][moves],
        weights=instance.draw[choice][moves],
        minlength=max(instance.pools, 1),
    )
    if (left > ROUNDING).any():
        raise ValueError("More is moved out of a pool than into it.")


def bound(instance: Instance, certificate: Certificate) -> float:
    """No choice is worth more. Raises ValueError for a tree that leaves a case out."""
    _check_prices(instance, certificate)
    check_cases(instance, certificate)
    restrictions = _leaves(certificate, _modes(instance, certificate))
    profits = {
        row: _profits(instance, certificate, row)
        for row in sorted({row for row, _ in restrictions})
    }
    return max(_leaf_bound(certificate, profits[row], *each) for row, each in restrictions)


def _check_prices(instance: Instance, certificate: Certificate) -> None:
    priced = (certificate.cash, certificate.volume, certificate.pool, certificate.reward)
    if any((each < 0).any() for each in priced):
        raise ValueError("A price or reward is below zero.")
    loose = instance.size[certificate.mode_group[certificate.case_mode]] <= 0
    if (certificate.load[:, loose] != 0).any():
        raise ValueError("Volume is priced for a supplier that has no containers.")


def _modes(instance: Instance, certificate: Certificate) -> Ints:
    """Modes per supplier; those with containers must count up to all that could be filled."""
    group = certificate.mode_group
    count = np.bincount(group, minlength=len(instance.minimum))
    if (count < 1).any() or (np.diff(group) < 0).any():
        raise ValueError("A supplier has no mode of buying, or modes are out of order.")
    most = np.maximum.reduceat(instance.volume, instance.first[:-1])
    reach = np.bincount(instance.supplier, weights=most, minlength=len(instance.minimum))
    boxed = instance.size > 0
    needed = np.ceil(reach[boxed] / instance.size[boxed])
    place = np.arange(len(group)) - np.repeat(np.cumsum(count) - count, count) + 1
    wrong = np.where(boxed[group], certificate.mode_containers != place, place > 1)
    if (count[boxed] < needed).any() or wrong.any():
        raise ValueError("The modes do not cover what a supplier could ship.")
    return count


Leaf = tuple[int, tuple[Ints, Ints]]


def _leaves(certificate: Certificate, modes: Ints) -> list[Leaf]:
    """(row, (lowest mode, highest mode [supplier])) of all leaves, after checking the splits."""
    size = len(certificate.node_parent)
    children: list[list[int]] = [[] for _ in range(size)]
    for node in range(1, size):
        children[int(certificate.node_parent[node])].append(node)
    found: list[Leaf] = []
    todo = [(0, np.zeros(len(modes), dtype=np.int64), modes.copy())]
    while todo:
        node, low, high = todo.pop()
        row = int(certificate.node_row[node])
        if row >= 0:
            found.append((row, (low, high)))
            continue
        todo += _split(certificate, children[node], low, high)
    return found


def _split(
    certificate: Certificate, children: list[int], low: Ints, high: Ints
) -> list[tuple[int, Ints, Ints]]:
    groups = {int(certificate.node_group[child]) for child in children}
    spans = sorted((int(certificate.node_low[c]), int(certificate.node_high[c])) for c in children)
    if len(groups) != 1:
        raise ValueError("A node of the tree is neither a leaf nor split by one supplier.")
    (group,) = groups
    reached = int(low[group])
    for first, last in spans:
        if first > reached:
            raise ValueError(f"The modes from {reached} to {first} of {group} are left out.")
        reached = max(reached, last + 1)
    if reached <= high[group]:
        raise ValueError(f"The modes of supplier {group} from {reached} on are left out.")
    made: list[tuple[int, Ints, Ints]] = []
    for child in children:
        lower, upper = low.copy(), high.copy()
        lower[group] = max(lower[group], certificate.node_low[child])
        upper[group] = min(upper[group], certificate.node_high[child])
        made.append((child, lower, upper))
    return made


@dataclass(frozen=True, kw_only=True)
class _Profits:
    base: float  # what the prices charge for all there is
    nothing: Floats  # [supplier] mode 0: no purchase
    modes: Floats  # [mode]


def _profits(instance: Instance, certificate: Certificate, row: int) -> _Profits:
    """What each mode of each supplier is worth at most at one row of prices."""
    cash, volume = float(certificate.cash[row]), float(certificate.volume[row])
    moved = np.where(
        instance.pool >= 0,
        np.append(certificate.pool[row], 0.0)[instance.pool] * instance.draw,
        0.0,
    )
    score = instance.value - cash * instance.cost - volume * instance.volume - moved
    idle = np.where(instance.units > 0, -np.inf, score)
    nothing = _by_supplier(instance, idle)
    modes = np.full(len(certificate.mode_group), -np.inf)
    rank = _rank(certificate.mode_group[certificate.case_mode])
    paid = np.where(instance.units > 0, instance.cost - instance.freight, 0)
    for each in range(int(rank.max()) + 1):
        mine = np.flatnonzero(rank == each)
        gained = _case_profits(instance, certificate, row, mine, score, paid)
        np.maximum.at(modes, certificate.case_mode[mine], gained)
    capped = volume * instance.volume_cap if volume > 0 else 0.0
    return _Profits(base=cash * max(instance.budget, 0) + capped, nothing=nothing, modes=modes)


def _case_profits(
    instance: Instance,
    certificate: Certificate,
    row: int,
    mine: Ints,
    score: Floats,
    paid: Floats | Ints,
) -> Floats:
    """Of one case per supplier in `mine`."""
    mode = certificate.case_mode[mine]
    group = certificate.mode_group[mode]
    reward, load = np.zeros(len(instance.minimum)), np.zeros(len(instance.minimum))
    reward[group], load[group] = certificate.reward[row, mine], certificate.load[row, mine]
    concerned = np.isin(instance.supplier, group)
    score = limited(instance, certificate, mine, score)
    sub = np.flatnonzero(concerned[instance.owner])
    of = instance.supplier[instance.owner[sub]]
    adjusted = score[sub] + reward[of] * paid[sub] - load[of] * instance.volume[sub]
    starts = np.flatnonzero(np.diff(instance.owner[sub], prepend=-1))
    best = np.maximum.reduceat(adjusted, starts)
    gained = np.bincount(
        instance.supplier[concerned], weights=best, minlength=len(instance.minimum)
    )[group]
    number = certificate.mode_containers[mode]
    edge = number * instance.size[group]
    reach = np.where(load[group] > 0, edge, instance.fill[group] * edge)
    fees = number * instance.fee[group] * (1.0 + float(certificate.cash[row]))
    return gained - reward[group] * instance.minimum[group] + load[group] * reach - fees


def _leaf_bound(certificate: Certificate, profits: _Profits, low: Ints, high: Ints) -> float:
    rank = _rank(certificate.mode_group) + 1
    group = certificate.mode_group
    allowed = (rank >= low[group]) & (rank <= high[group])
    best = np.where(low == 0, profits.nothing, -np.inf)
    np.maximum.at(best, group[allowed], profits.modes[allowed])
    return profits.base + float(best.sum())


def _rank(group: Ints) -> Ints:
    """Position of each mode within its supplier, from 0."""
    starts = np.searchsorted(group, group)
    return (np.arange(len(group)) - starts).astype(np.int64)


def _by_supplier(instance: Instance, score: Floats) -> Floats:
    best = np.maximum.reduceat(score, instance.first[:-1])
    return np.bincount(instance.supplier, weights=best, minlength=len(instance.minimum))
