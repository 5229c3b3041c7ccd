"""Learnt corrections in a forecast: drivers still add up, bands widen, what people set stays."""

import numpy as np
import pandas as pd

from engine.forecast.recalibrate import OVERRIDE, recalibrated
from engine.model.decisions import LEARNT
from engine.model.forecast import DRIVERS, DemandNoise, Forecast
from engine.model.supply import LANES, LeadTimes
from engine.supply.shifted import shifted

LEVELS = (0.1, 0.5, 0.9)


def learnt(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(LEARNT))


def forecast() -> Forecast:
    """A lamp and a mug over three weeks; a person has set the lamp's second week."""
    drivers = np.zeros((2, 3, len(DRIVERS)))
    drivers[:, :, 0] = [[20.0] * 3, [8.0] * 3]
    drivers[:, :, 2] = [[4.0] * 3, [-2.0] * 3]
    drivers[0, 1, OVERRIDE] = 6.0
    mean = drivers.sum(axis=2)
    noise = DemandNoise(level_cv=np.array([0.3, 0.3]), size=np.array([5.0, 5.0]))
    plain = Forecast(
        bucket="week", starts=pd.date_range("2026-11-02", periods=3, freq="7D"),
        series=pd.DataFrame({"sku": ["LAMP", "MUG"], "location": ["L", "L"],
                             "category": ["Lighting/Table", "Kitchen"]}),
        levels=LEVELS, mean=mean, quantiles=np.zeros((2, 3, 3)), drivers=drivers, noise=noise,
    )  # fmt: skip
    # Quantiles as the engine makes them: through a factor of one on a scope of its own.
    ones = learnt(("bias", "Lighting", 1.0 + 1e-12), ("bias", "Kitchen", 1.0 + 1e-12))
    return recalibrated(plain, ones)


def test_a_factor_scales_mean_and_drivers_alike_but_not_what_a_person_set() -> None:
    before = forecast()

    after = recalibrated(before, learnt(("bias", "Lighting", 1.5)))

    np.testing.assert_allclose(after.mean[0], [36.0, 30.0, 36.0], rtol=1e-9)
    assert after.mean[1].tolist() == before.mean[1].tolist()
    np.testing.assert_allclose(after.drivers.sum(axis=2), after.mean, rtol=1e-12)
    assert (after.quantiles[0, 0] >= before.quantiles[0, 0]).all()
    np.testing.assert_array_equal(after.quantiles[1], before.quantiles[1])


def test_a_wider_band_reaches_further_on_both_sides_around_the_same_mean() -> None:
    before = forecast()

    after = recalibrated(before, learnt(("band", "Kitchen", 1.6)))

    np.testing.assert_array_equal(after.mean, before.mean)
    low, high = LEVELS.index(0.1), LEVELS.index(0.9)
    assert (after.quantiles[1, :, high] > before.quantiles[1, :, high]).all()
    assert (after.quantiles[1, :, low] <= before.quantiles[1, :, low]).all()


def test_without_corrections_the_forecast_is_the_same_object() -> None:
    before = forecast()

    assert recalibrated(before, learnt()) is before
    assert recalibrated(before, learnt(("bias", "Elsewhere", 2.0))) is before


def test_a_supplier_is_expected_days_later_and_nothing_is_lost_at_the_end() -> None:
    lanes = pd.DataFrame(
        [("KOLDING", None, None, 3.0, 2.0, 1.0, 9, "observed"),
         ("OAKHURST", None, None, 3.0, 2.0, 1.0, 9, "observed")],
        columns=list(LANES),
    )  # fmt: skip
    pmf = np.array([[0.0, 0.25, 0.5, 0.25, 0.0]] * 2)
    times = LeadTimes(lanes=lanes, pmf=pmf)

    later = shifted(times, learnt(("lead_time", "KOLDING", 2.0)))

    assert later.pmf[0].tolist() == [0.0, 0.0, 0.0, 0.25, 0.75]
    assert later.pmf[1].tolist() == pmf[1].tolist()
    assert later.lanes["mean_days"].tolist() == [3.75, 2.0]
    assert shifted(times, learnt()) is times
