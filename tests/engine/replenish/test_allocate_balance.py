"""Several limits of one order met at once by whole quantities."""

import itertools

import numpy as np
from hypothesis import given, settings, strategies as st

from engine.replenish.allocate.balance import balanced

ROW = st.lists(st.integers(-6, 6), min_size=2, max_size=2)


@given(
    lift=st.lists(ROW, min_size=9, max_size=9),
    loss=st.lists(st.integers(0, 9), min_size=9, max_size=9),
    spare=st.lists(st.integers(-8, 3), min_size=2, max_size=2),
)
@settings(max_examples=100, deadline=None)
def test_few_changes_meet_all_limits_at_the_least_loss(
    lift: list[list[int]], loss: list[int], spare: list[int]
) -> None:
    owner = np.repeat(np.arange(3), 3)
    lifts, lost = np.asarray(lift, dtype=float).T, np.asarray(loss, dtype=float)
    stay = np.asarray(spare, dtype=float)

    found = balanced(owner, -lost, lost, lifts, stay)

    best = np.inf
    for picks in itertools.product(range(4), repeat=3):
        chosen = [3 * item + pick for item, pick in enumerate(picks) if pick < 3]
        if bool((lifts[:, chosen].sum(axis=1) + stay >= -1e-9).all()):
            best = min(best, float(lost[chosen].sum()))
    if found is None:
        assert np.isinf(best) or bool((stay >= 0).all())
    else:
        assert len(set(owner[found])) == len(found)
        assert bool((lifts[:, found].sum(axis=1) + stay >= -1e-9).all())
        assert lost[found].sum() == best
