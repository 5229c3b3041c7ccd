import numpy as np
import pytest

from engine.supply.posterior import day_quantiles, product_limit


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
