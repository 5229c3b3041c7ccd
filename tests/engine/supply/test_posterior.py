import numpy as np
import pytest

from engine.supply.posterior import condensed, day_quantiles, product_limit
from engine.supply.smoothing import smoothed


def test_the_product_limit_by_hand() -> None:
    """Kaplan & Meier: 1 of 4 at 10; one lost from view at 15; then 1 of 2 at 20, the rest at 30."""
    values, weight = np.array([10.0, 15.0, 20.0, 30.0]), np.ones(4)
    share = product_limit(values, weight, np.array([True, False, True, True]))

    assert share == pytest.approx([1 / 4, 0, 3 / 4 / 2, 3 / 4 / 2])


def test_what_outlasts_every_event_lies_on_the_longest_wait() -> None:
    share = product_limit(np.array([5.0, 40.0]), np.array([1.0, 3.0]), np.array([True, False]))

    assert share == pytest.approx([1 / 4, 3 / 4])


def test_quantiles_lie_between_whole_days() -> None:
    pmf = np.array([[0.0, 0.5, 0.5]])

    assert day_quantiles(pmf, (0.25, 0.5, 0.75))[0] == pytest.approx([0.5, 1.0, 1.5])


def test_many_samples_are_condensed_to_few_of_the_same_mean_and_quantiles() -> None:
    random = np.random.default_rng(3)
    values, weight = random.gamma(4, 5, 20_000), random.uniform(0.5, 1.5, 20_000)
    few, share = condensed(values, weight, most=100)

    assert len(few) <= 100
    assert share.sum() == pytest.approx(weight.sum())
    assert few @ share / share.sum() == pytest.approx(np.average(values, weights=weight))
    middle = few[np.searchsorted(np.cumsum(share) / share.sum(), 0.5)]
    assert middle == pytest.approx(np.median(values), rel=0.03)


def test_few_samples_stay_as_they_are() -> None:
    few, share = condensed(np.array([3.0, 1.0, 3.0]), np.array([1.0, 1.0, 2.0]))

    assert few.tolist() == [1.0, 3.0]
    assert share.tolist() == [1.0, 3.0]


def test_smoothing_fills_gaps_keeps_the_mean_and_leaves_a_certain_time_alone() -> None:
    pmf = np.zeros((2, 200))
    pmf[0, [20, 30, 60]] = [0.3, 0.5, 0.2]
    pmf[1, 14] = 1.0
    found = smoothed(pmf, np.array([3.0, 3.0]))
    days = np.arange(200)

    assert found.sum(axis=1) == pytest.approx(1.0)
    assert found[0] @ days == pytest.approx(pmf[0] @ days, rel=0.03)
    assert found[0, 40] > 0.002
    assert found[1].tolist() == pmf[1].tolist()


def test_the_more_is_known_the_less_is_smoothed() -> None:
    pmf = np.zeros((2, 200))
    pmf[:, [20, 60]] = 0.5
    few, many = smoothed(pmf, np.array([2.0, 2000.0]))

    assert few[35:40].sum() > many[35:40].sum()
