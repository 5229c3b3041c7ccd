"""Where promotions are felt, against a look at every bucket one by one."""

import numpy as np
import pytest

from engine.demand.levers import PARTS, Levers
from engine.demand.reach import reach_of, spans

SERIES, BUCKETS = 7, 40


@pytest.mark.parametrize("bucket_days", [1, 7])
def test_promotions_are_felt_where_a_look_at_every_bucket_finds_one(bucket_days: int) -> None:
    levers, lifts = _promoted()
    reach = reach_of(levers, bucket_days)
    per_cell = np.zeros((SERIES, BUCKETS))
    per_cell.ravel()[levers.cell] = (levers.layers.weight * lifts).sum(axis=1)

    felt = per_cell > 0
    for window, (first, last) in enumerate(spans(bucket_days)):
        mean = np.zeros((SERIES, BUCKETS))
        for bucket in range(BUCKETS):
            near = slice(max(bucket + first, 0), max(bucket + last + 1, 0))
            mean[:, bucket] = per_cell[:, near].sum(axis=1) / (last - first + 1)
        felt |= mean > 0
        found = np.zeros((SERIES, BUCKETS))
        found.ravel()[reach.cell] = reach.around(lifts)[window]
        assert found == pytest.approx(mean, abs=1e-12)
    assert reach.cell.tolist() == np.flatnonzero(felt).tolist()
    assert reach.cell[reach.promoted].tolist() == levers.cell.tolist()


def test_nothing_is_felt_without_promotions() -> None:
    levers, _ = _promoted()

    assert len(reach_of(levers.unpromoted(), 7).cell) == 0


def test_a_part_of_the_buckets_has_a_reach_of_its_own() -> None:
    levers, _ = _promoted()
    whole, part = reach_of(levers, 7), reach_of(levers.between(10, 30), 7)

    assert whole is reach_of(levers, 7)
    assert part.cell.max() < SERIES * 20


def _promoted() -> tuple[Levers, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    random = np.random.default_rng(5)
    cell = np.sort(random.choice(SERIES * BUCKETS, 30, replace=False)).astype(np.int64)
    share = np.zeros((len(cell), len(PARTS)))
    share[:, 0], share[::3, 1] = 1.0, 0.5
    levers = Levers(shape=(SERIES, BUCKETS), cell=cell, share=share, value=0.3 * share)
    return levers, random.uniform(0.1, 1.0, levers.layers.weight.shape)
