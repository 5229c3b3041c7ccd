"""Tracking signals and drifts: an alarm where demand has left the forecast, and only there."""

from dataclasses import replace

import numpy as np
import pytest

from engine.demand.arrays import Floats
from engine.forecast.noise import Errors
from engine.forecast.tracking import ALARM, _drift, _signal
from engine.model.forecast import DemandNoise

NOISE = DemandNoise(level_cv=np.full(3, 0.1), size=np.full(3, 20.0))


def _errors(actual: Floats) -> Errors:
    """One origin, eight weeks, 50 a week forecast; three series."""
    predicted = np.full((1, 3, 8), 50.0)
    return Errors(predicted=predicted, actual=actual[None], seen=np.ones((1, 3, 8), dtype=np.bool_))


def _actual(*means: float) -> Floats:
    wobble = np.array([4.0, -4.0, 2.0, -2.0, 3.0, -3.0, 1.0, -1.0])
    return np.array([mean + wobble for mean in means])


def test_the_signal_is_the_sum_of_errors_over_their_mean_size() -> None:
    errors = _errors(_actual(50.0, 60.0, 40.0))
    off = errors.actual - errors.predicted
    signal = _signal(off, errors.seen, 7)
    assert signal[0] == pytest.approx(0.0)
    assert signal[1:] == pytest.approx([8.0, -8.0])  # every miss on one side
    assert abs(signal[1]) >= ALARM


def test_a_drift_is_what_the_noise_does_not_explain() -> None:
    errors = _errors(_actual(52.0, 90.0, 20.0))
    units, share = _drift(errors, errors.actual - errors.predicted, NOISE)
    assert units.tolist() == pytest.approx([0.0, 320.0, -240.0])
    assert share.tolist() == pytest.approx([0.0, 0.8, -0.6])


def test_what_was_hardly_on_sale_did_not_drift() -> None:
    errors = replace(_errors(_actual(90.0, 90.0, 90.0)), predicted=np.full((1, 3, 8), 0.01))
    units, _ = _drift(errors, errors.actual - errors.predicted, NOISE)
    assert (units == 0).all()
