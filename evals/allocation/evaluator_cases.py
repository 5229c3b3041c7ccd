"""The certificate of a bound, and the cases into which it splits what a supplier may do."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from evals.allocation.instance import Instance

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Modes are what a supplier may do besides nothing (mode 0): buy, in so many containers.

    A node of the tree restricts `node_group` to the modes from `node_low` to `node_high`; the
    root (first) restricts nothing. `node_row` is the row of prices of a leaf, -1 elsewhere.
    """

    cash: Floats = field(repr=False)  # [row] value per minor unit
    volume: Floats = field(repr=False)  # [row]
    pool: Floats = field(repr=False)  # [row, pool] per unit moved
    mode_group: Ints = field(repr=False)  # [mode], the modes of a group in order, from mode 1
    mode_containers: Ints = field(repr=False)  # 0 where the supplier has none
    case_mode: Ints = field(repr=False)  # [case]; a mode's cases cover all that it allows
    reward: Floats = field(repr=False)  # [row, case] per minor unit spent with the supplier
    load: Floats = field(repr=False)  # [row, case] per volume; below 0 it pays for filling
    limit_case: Ints = field(repr=False)  # [limit] in this case ...
    limit_item: Ints = field(repr=False)  # ... this item ...
    limit_low: Ints = field(repr=False)  # ... costs at least so much ...
    limit_high: Ints = field(repr=False)  # ... and at most so much
    node_parent: Ints = field(repr=False)
    node_group: Ints = field(repr=False)
    node_low: Ints = field(repr=False)
    node_high: Ints = field(repr=False)
    node_row: Ints = field(repr=False)


def limited(instance: Instance, certificate: Certificate, cases: Ints, score: Floats) -> Floats:
    """The scores without the options that the cases rule out."""
    mine = np.flatnonzero(np.isin(certificate.limit_case, cases))
    score = score.copy()
    for limit in mine:
        item = int(certificate.limit_item[limit])
        span = slice(int(instance.first[item]), int(instance.first[item + 1]))
        low, high = certificate.limit_low[limit], certificate.limit_high[limit]
        score[span][(instance.cost[span] < low) | (instance.cost[span] > high)] = -np.inf
    return score


def check_cases(instance: Instance, certificate: Certificate) -> None:
    """Raises ValueError where a mode's cases leave a combination of costs out."""
    limits: dict[int, dict[int, Span]] = defaultdict(dict)
    for case, item, low, high in zip(
        certificate.limit_case.tolist(),
        certificate.limit_item.tolist(),
        certificate.limit_low.tolist(),
        certificate.limit_high.tolist(),
        strict=True,
    ):
        before = limits[case].get(item, (low, high))
        limits[case][item] = (max(low, before[0]), min(high, before[1]))
    by_mode: dict[int, list[int]] = defaultdict(list)
    for case, mode in enumerate(certificate.case_mode.tolist()):
        by_mode[mode].append(case)
    for mode, group in enumerate(certificate.mode_group.tolist()):
        cases = [limits[case] for case in by_mode[mode]]
        _check_items(instance, group, cases)
        if not _covered(cases, {}, int(instance.cost.max(initial=0))):
            raise ValueError(f"The cases of mode {mode} leave something out.")


def _check_items(instance: Instance, group: int, cases: list[dict[int, Span]]) -> None:
    if any(int(instance.supplier[item]) != group for case in cases for item in case):
        raise ValueError(f"A case of supplier {group} limits an item of another.")


def _covered(cases: list[dict[int, Span]], box: dict[int, Span], most: int) -> bool:
    """Whether every combination of costs in `box` is in some case; items not in it are free."""
    open_ = [case for case in cases if _meets(case, box, most)]
    if not open_:
        return False
    outside = [
        (item, span)
        for item, span in sorted(open_[0].items())
        if not _inside(box.get(item, (0, most)), span)
    ]
    if not outside:
        return True
    # The part of the box within the first case's limit of one item, and what lies beside it.
    item, (low, high) = outside[0]
    first, last = box.get(item, (0, most))
    cuts = [(first, low - 1), (max(first, low), min(last, high)), (high + 1, last)]
    parts = [{**box, item: cut} for cut in cuts if cut[0] <= cut[1]]
    return all(_covered(open_, part, most) for part in parts)


def _meets(case: dict[int, Span], box: dict[int, Span], most: int) -> bool:
    return all(
        span[0] <= box.get(item, (0, most))[1] and span[1] >= box.get(item, (0, most))[0]
        for item, span in case.items()
    )


def _inside(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
