"""What backtests teach: demand classes, shares of candidates, and the size of errors."""

from dataclasses import replace

import numpy as np
import pytest

from engine.forecast.accuracy import accuracy
from engine.forecast.backtest import Backtest, origins
from engine.forecast.classes import CLASSES, demand_classes
from engine.forecast.combine import learn_shares, mixed, samples, stretches
from engine.forecast.confidence import confidence
from engine.forecast.noise import Errors, effective_size, estimate_noise


def test_demand_classes_follow_the_published_cuts() -> None:
    demand = np.zeros((4, 40))
    demand[0] = 5 + np.arange(40) % 2
    demand[1] = np.where(np.arange(40) % 4 == 0, 40, 2)
    demand[2, ::3] = 4
    demand[3, ::6] = 1
    demand[3, ::12] = 30

    classes = demand_classes(demand, np.ones((4, 40)))

    assert [CLASSES[code] for code in classes] == ["smooth", "erratic", "intermittent", "lumpy"]


def test_buckets_out_of_stock_do_not_make_demand_intermittent() -> None:
    there = (np.arange(40) % 2 == 0).astype(float)[None]

    assert CLASSES[demand_classes(5.0 * there, there)[0]] == "smooth"


def test_origins_leave_their_span_and_enough_history() -> None:
    assert origins(104, 7) == tuple(range(96, 70, -2))
    assert origins(22, 7) == (14, 12)
    assert origins(12, 7) == ()


def test_very_many_series_need_fewer_origins_over_the_same_half_year() -> None:
    assert origins(104, 7, 10_000) == origins(104, 7)
    assert origins(104, 7, 30_000) == tuple(range(96, 71, -3))
    assert origins(22, 7, 30_000) == (14,)


def _backtest(*predictions: np.ndarray, names: tuple[str, ...]) -> Backtest:
    """One origin; the first prediction is also what happened, with counting noise."""
    truth = np.random.default_rng(1).poisson(predictions[0]).astype(float)
    return Backtest(
        names=names,
        rows=np.arange(len(truth)),
        actual=truth[None],
        seen=np.ones((1, *truth.shape), dtype=bool),
        predicted=np.stack(predictions)[:, None],
    )


def test_the_candidate_that_was_right_gets_the_say() -> None:
    right = np.random.default_rng(2).uniform(2, 9, (1000, 8))
    run = _backtest(right, np.full_like(right, 5.5), names=("right", "flat"))

    shares = learn_shares(run, {}, np.zeros(1000, dtype=np.int64), 7)

    assert (shares.weights[0] @ [1, 0] > 0.7).all()
    assert shares.weights.sum(axis=2) == pytest.approx(np.ones((4, 4)))


def test_without_a_backtest_the_flat_means_share_equally() -> None:
    empty = Backtest(
        names=("last weeks", "last year", "damped trend"),
        rows=np.arange(3),
        actual=np.zeros((0, 3, 8)),
        seen=np.zeros((0, 3, 8), dtype=bool),
        predicted=np.zeros((3, 0, 3, 8)),
    )

    shares = learn_shares(empty, {}, np.zeros(3, dtype=np.int64), 7)

    assert shares.weights[0].tolist() == [[0.5, 0.5, 0]] * 4


def test_a_model_that_cannot_serve_a_series_leaves_its_share_to_the_others() -> None:
    paths = np.array([[[4.0, 4.0]], [[np.nan, np.nan]]])

    assert mixed(paths, np.array([[[0.25]], [[0.75]]])).tolist() == [[4.0, 4.0]]


def test_samples_are_spread_through_each_class() -> None:
    classes = np.repeat([0, 2], [3000, 1000])

    chosen = samples(classes)

    assert set(chosen) == {"Croston-SBA", "TSB"}
    assert len(chosen["TSB"]) == 400
    assert chosen["TSB"].min() >= 3000
    assert (np.diff(chosen["TSB"]) > 0).all()


def test_steps_belong_to_the_stretch_in_which_they_end() -> None:
    assert stretches(6, 7).tolist() == [0, 1, 2, 2, 3, 3]
    assert stretches(30, 1)[[0, 6, 7, 13, 14, 27, 28]].tolist() == [0, 0, 1, 1, 2, 2, 3]


def test_near_and_far_may_trust_different_candidates() -> None:
    """One candidate is right in the first week, the other from the second on."""
    truth = np.random.default_rng(3).uniform(2, 9, (300, 8))
    other = np.full_like(truth, 5.5)
    near, far = truth.copy(), other.copy()
    near[:, 1:], far[:, 1:] = other[:, 1:], truth[:, 1:]
    run = _backtest(truth, near, far, names=("truth", "near", "far"))
    run = replace(run, names=run.names[1:], predicted=run.predicted[1:])

    weights = learn_shares(run, {}, np.zeros(300, dtype=np.int64), 7).weights[0]

    assert weights[0, 0] > 0.6
    assert (weights[1:, 1] > 0.6).all()


@pytest.mark.parametrize(("level_cv", "size"), [(0.15, 8.0), (0.45, 3.0)])
def test_noise_tells_what_lasts_from_what_passes(level_cv: float, size: float) -> None:
    random = np.random.default_rng(3)
    series, steps = 1500, 8
    predicted = np.full((4, series, steps), 12.0)
    level = random.gamma(level_cv**-2, level_cv**2, (4, series, 1))
    rate = random.gamma(size, 1 / size, predicted.shape)
    errors = Errors(
        predicted=predicted,
        actual=random.poisson(predicted * level * rate).astype(float),
        seen=np.ones(predicted.shape, dtype=bool),
    )
    noise = estimate_noise(
        errors, np.full(series, 1 / size), np.zeros(series, dtype=np.int64), np.full(series, 12.0)
    )

    assert noise.level_cv[0] == pytest.approx(level_cv, rel=0.25)
    assert effective_size(noise)[0] == pytest.approx(
        1 / ((1 + level_cv**2) * (1 + 1 / size) - 1), rel=0.25
    )


def test_accuracy_is_measured_where_it_was_in_stock() -> None:
    errors = Errors(
        predicted=np.array([[[10.0, 10.0]], [[10.0, 10.0]]]),
        actual=np.array([[[8.0, 0.0]], [[12.0, 10.0]]]),
        seen=np.array([[[True, False]], [[True, True]]]),
    )
    wape, bias = accuracy(errors, np.zeros(1, dtype=np.int64))

    assert wape[0] == pytest.approx(4 / 30)
    assert bias[0] == pytest.approx(0.0)


def test_confidence_has_a_reason_for_every_class() -> None:
    error, year = np.array([0.2, 0.7, 1.5, 0.2, 0.2, 0.3]), np.full(6, 700.0)
    year[3] = 200
    lately = np.array([1, 1, 1, 1, 0.2, 1])
    level, reason = confidence(error, year, lately, np.array([False] * 5 + [True]))

    assert level.tolist() == ["high", "medium", "low", "medium", "medium", "low"]
    assert len(set(reason)) == 6
