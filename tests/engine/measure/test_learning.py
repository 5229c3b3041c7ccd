"""What past weeks teach: found where it is, refused where held-back weeks speak against it."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from engine.measure.learning import learn_band, learn_bias, learn_days, still_helps

RANDOM = np.random.default_rng(5)


def weeks(
    factor: float, *, count: int = 12, spread: float = 0.2, band: float = 1.0, late: float = 1.0
) -> pd.DataFrame:
    """Thirty series a week; demand is `factor` times what was said, `late` times in the last third.

    The band said is `band` times as wide as 80 % of outcomes are.
    """
    rows = []
    for week in range(count):
        level = factor * (late if week >= count - count // 3 else 1.0)
        for series in range(30):
            said = 20.0 + series
            actual = max(said * level * (1 + spread * RANDOM.standard_normal()), 0)
            half = 1.2816 * spread * said * band
            rows.append(("Lighting", date(2026, 6, 1) + timedelta(weeks=week), said, said - half,
                         said + half, actual))  # fmt: skip
    frame = pd.DataFrame(rows, columns=["scope", "start", "plain", "low", "high", "actual"])
    return frame.astype({"start": "datetime64[ns]"})


def test_a_steady_bias_is_learnt_with_its_evidence() -> None:
    (found,) = learn_bias(weeks(1.3))

    assert 1.1 < found.value < 1.3  # drawn towards no change
    assert found.improves
    assert found.after < found.before
    assert (found.fitted_points, found.held_points) == (8 * 30, 4 * 30)


def test_a_bias_that_turned_round_is_refused_by_the_weeks_held_back() -> None:
    (found,) = learn_bias(weeks(1.3, late=0.6))

    assert found.value > 1.1
    assert not found.improves


def test_no_bias_teaches_nothing() -> None:
    assert list(learn_bias(weeks(1.0))) == []


def test_few_weeks_teach_nothing() -> None:
    assert list(learn_bias(weeks(1.5, count=5))) == []


@pytest.mark.parametrize(("said", "wanted"), [(0.5, 1.5), (2.0, 0.7)])
def test_a_band_is_made_as_wide_as_outcomes_are(said: float, wanted: float) -> None:
    (found,) = learn_band(weeks(1.0, band=said, count=18))

    assert found.improves
    assert abs(found.inside_after - 0.8) < abs(found.inside_before - 0.8)
    assert found.value > wanted if wanted > 1 else found.value < wanted


def test_a_band_that_holds_what_it_says_is_left_alone() -> None:
    assert [each for each in learn_band(weeks(1.0, count=18)) if each.improves] == []


def deliveries(off: float) -> pd.DataFrame:
    rows = [
        ("KOLDING", date(2026, 6, 1) + timedelta(weeks=week), 14.0, 14.0 + off + noise)
        for week in range(12) for noise in RANDOM.integers(-2, 3, 10).tolist()
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["scope", "start", "expected", "took"])
    return frame.astype({"start": "datetime64[ns]"})


def test_a_supplier_that_comes_a_week_late_is_expected_a_week_later() -> None:
    (found,) = learn_days(deliveries(7))

    assert (found.kind, found.scope, found.value) == ("lead_time", "KOLDING", 7.0)
    assert found.improves
    assert list(learn_days(deliveries(0))) == []


def test_what_made_the_weeks_since_worse_is_told() -> None:
    # With a factor of 1.3 in them these forecasts are right; with it twice they would not be.
    good = still_helps("bias", weeks(1.0), 1.3)
    bad = still_helps("bias", weeks(1 / 1.3), 1.3)

    assert good is not None
    assert bad is not None
    assert good[1] < good[0]
    assert bad[1] > bad[0]
    assert still_helps("bias", weeks(1.0, count=2), 1.3) is None
