"""How far each of several groupings of past deliveries is to be believed."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.kernels.columns import texts
from engine.supply.evidence import Evidence

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Edges of classes of days, each about 1.4 times as long as the one before.
_EDGES = np.unique(np.round(2.0 ** np.arange(0.0, 10.5, 0.5)))
_ROUNDS = 30
_FLOOR = 0.1  # deliveries that each class is taken to have beyond those seen


def believed_shares(evidence: Evidence, groupings: Sequence[Ints], strength: float) -> Floats:
    """Shares [grouping], summing to 1, in which mixing the groups predicts deliveries best.

    Each delivery is predicted by the class of days in which the others of its group fell, those
    of its own order left out, for parts of one order come together; a group is shrunk to all
    deliveries with `strength`. The shares maximise the likelihood of the mixture by expectation
    and maximisation: Dempster, Laird & Rubin (1977). Without evidence they are equal.
    """
    came = evidence.came
    weight = evidence.weight[came]
    class_ = np.searchsorted(_EDGES, evidence.days[came], side="right").astype(np.int64)
    order = pd.factorize(np.asarray(texts(evidence.parts[came], "po"), dtype=object))[0]
    likely = [
        _left_out(grouping[came], order.astype(np.int64), class_, weight, strength)
        for grouping in groupings
    ]
    return _mixing_shares(np.stack(likely, axis=1), weight)


def _left_out(group: Ints, order: Ints, class_: Ints, weight: Floats, strength: float) -> Floats:
    """Chance of each delivery's class among the others of its group, its own order left out."""
    overall = np.bincount(class_, weights=weight, minlength=len(_EDGES) + 1) + _FLOOR
    overall /= overall.sum()
    groups, own = _tally(group, class_, weight), _tally(_pair(group, order), class_, weight)
    mine = _pair(group, order)
    seen = groups[group, class_] - own[mine, class_]
    of = groups.sum(axis=1)[group] - own.sum(axis=1)[mine]
    return (seen + strength * overall[class_]) / (of + strength)


def _pair(group: Ints, order: Ints) -> Ints:
    """Codes of (group, order): an order may have lines in several groups."""
    joint = group * (int(order.max(initial=0)) + 1) + order
    return np.unique(joint, return_inverse=True)[1].astype(np.int64)


def _tally(group: Ints, class_: Ints, weight: Floats) -> Floats:
    tally = np.zeros((int(group.max(initial=0)) + 1, len(_EDGES) + 1))
    np.add.at(tally, (group, class_), weight)
    return tally


def _mixing_shares(likely: Floats, weight: Floats) -> Floats:
    count = likely.shape[1]
    shares = np.full(count, 1 / count)
    for _ in range(_ROUNDS):
        each = likely * shares
        each /= np.maximum(each.sum(axis=1, keepdims=True), 1e-300)
        shares = (each.T @ weight + 1) / (weight.sum() + count)
    return shares
