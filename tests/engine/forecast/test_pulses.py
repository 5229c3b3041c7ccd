"""Jumps and collapses: found at once, believed as far as the days since bear them out."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from engine.demand import clean_demand
from engine.forecast.assembly import training_and_plans
from engine.forecast.backtest import shape_of
from engine.forecast.pulse_alarms import Alarms, Watch, alarms_of, lines_of
from engine.forecast.pulse_filter import Watched, follow, level_before
from engine.forecast.pulse_learning import learn_rates
from engine.forecast.pulse_lines import begins, volume_classes
from engine.forecast.pulse_rates import PulseRates
from engine.forecast.pulse_scan import FALL, RISE
from engine.forecast.pulses import Pulses, carried, watch
from engine.forecast.structure import fit_structure
from engine.forecast.training import Training
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.forecast import DRIVERS, Forecast
from support.demand import AS_OF, daily_sales, daily_stock, snapshot
from support.forecast import forecast_of

DAYS, STEPS = 400, 28
CONFIG = PlanConfig(bucket="day", horizon=STEPS)


@cache
def _panel(series: int = 40, mean: float = 30.0, seed: int = 5) -> np.ndarray:
    """[series, day] steady overdispersed demand."""
    random = np.random.default_rng(seed)
    return random.poisson(mean * random.gamma(20.0, 1 / 20.0, (series, DAYS)))


def _watched(units: np.ndarray, **tables: object) -> tuple[Training, Watch]:
    """The panel as the engine sees it on the morning after its last day."""
    sales = pd.concat([daily_sales(f"S{k:02d}", row) for k, row in enumerate(units)])
    stock = pd.concat([daily_stock(f"S{k:02d}", np.full(DAYS, 99)) for k in range(len(units))])
    whole = snapshot(sales=sales, stock=stock, **tables)
    panel = clean_demand(whole, CONFIG)
    training, _ = training_and_plans(panel, whole, STEPS, Decisions())
    structure = fit_structure(training)
    return training, watch(training, structure, shape_of(structure, training))


def _alarms(units: np.ndarray, **tables: object) -> tuple[Pulses, Alarms]:
    training, seen = _watched(units, **tables)
    return carried(seen, training, STEPS), alarms_of(seen, lines_of(seen))


def _changed(first: int, last: int, times: float) -> np.ndarray:
    """Series 0 sells `times` as much on the days `first` .. `last - 1` before the as-of date."""
    units = _panel().copy()
    days = slice(DAYS - first, DAYS - last if last else None)
    units[0, days] = np.rint(units[0, days] * times)
    return units


def test_a_steady_panel_has_no_alarm_and_no_pulse() -> None:
    pulses, alarms = _alarms(_panel())

    assert (alarms.direction == 0).all()
    assert pulses.ahead == pytest.approx(np.ones((40, STEPS)), abs=0.1)


def test_a_tripling_is_found_by_its_second_day_and_moves_the_days_to_come() -> None:
    pulses, alarms = _alarms(_changed(2, 0, 3.0))

    assert alarms.direction[0] == 1
    assert alarms.raised[0]
    assert alarms.begun[0] == 2
    assert alarms.size[0] == pytest.approx(3.0, rel=0.3)
    assert alarms.noise[0] < 0.2
    assert pulses.ahead[0, 0] > 1.5
    assert (alarms.direction[1:] == 0).all()


def test_a_collapse_is_found_within_a_week() -> None:
    pulses, alarms = _alarms(_changed(6, 0, 0.2))

    assert alarms.direction[0] == -1
    assert pulses.ahead[0, 0] < 0.6


def test_a_pulse_moves_the_near_future_more_than_the_far_one_until_it_has_lasted() -> None:
    fresh, _ = _alarms(_changed(2, 0, 3.0))
    lasting, _ = _alarms(_changed(14, 0, 3.0))

    assert fresh.ahead[0, 0] - 1 > 1.5 * (fresh.ahead[0, -1] - 1)
    assert lasting.ahead[0, -1] > fresh.ahead[0, -1] + 0.2


def test_a_spike_that_is_over_is_forgotten_and_does_not_raise_the_level() -> None:
    pulses, alarms = _alarms(_changed(12, 8, 3.0))

    assert pulses.ahead[0] == pytest.approx(np.ones(STEPS), abs=0.12)
    assert alarms.direction[0] == 0
    assert pulses.past[0, DAYS - 11] > 2.0


def test_what_happened_before_a_stockout_is_not_a_collapse() -> None:
    units = _panel().copy()
    units[0, -5:] = 0
    sales = pd.concat([daily_sales(f"S{k:02d}", row) for k, row in enumerate(units)])
    on_hand = np.full((40, DAYS), 99.0)
    on_hand[0, -6:] = 0
    stock = pd.concat([daily_stock(f"S{k:02d}", row) for k, row in enumerate(on_hand)])
    whole = snapshot(sales=sales, stock=stock)
    training, _ = training_and_plans(clean_demand(whole, CONFIG), whole, STEPS, Decisions())
    structure = fit_structure(training)
    seen = watch(training, structure, shape_of(structure, training))

    assert alarms_of(seen, lines_of(seen)).direction[0] == 0
    assert carried(seen, training, STEPS).ahead[0] == pytest.approx(np.ones(STEPS), abs=0.1)


def test_the_lift_of_a_known_promotion_is_not_a_pulse() -> None:
    units = _panel().copy()
    day = pd.date_range(end=pd.Timestamp(AS_OF) - pd.Timedelta(days=1), periods=DAYS)
    promotions = []
    for k in range(len(units)):
        begins = 60 + 7 * k
        units[k, begins : begins + 7] = 3 * units[k, begins : begins + 7]
        promotions.append((f"P{k}", f"S{k:02d}", day[begins], day[begins + 6]))
    units[0, -3:] = 3 * units[0, -3:]
    unknown = [dict(zip(("promotion", "sku", "start_date", "end_date"), row, strict=True))
               | {"depth": 0.25} for row in promotions]  # fmt: skip
    known = [*unknown, {
        "promotion": "NOW", "sku": "S00", "depth": 0.25, "start_date": day[-3],
        "end_date": day[-1],
    }]  # fmt: skip

    assert _alarms(units, promotions=unknown)[1].direction[0] == 1
    assert _alarms(units, promotions=known)[1].direction[0] == 0


def test_an_empty_panel_and_one_of_three_days_have_no_pulse() -> None:
    short = snapshot(sales=daily_sales("A", [3.0, 4.0, 90.0]))
    training, _ = training_and_plans(clean_demand(short, CONFIG), short, STEPS, Decisions())
    structure = fit_structure(training)
    seen = watch(training, structure, shape_of(structure, training))

    assert (carried(seen, training, STEPS).ahead == 1.0).all()
    assert (alarms_of(seen, lines_of(seen)).direction == 0).all()


def _forecast(units: np.ndarray, **tables: object) -> Forecast:
    sales = pd.concat([daily_sales(f"S{k:02d}", row) for k, row in enumerate(units)])
    return forecast_of(snapshot(sales=sales, **tables), CONFIG)


def test_a_forecast_says_since_when_how_much_and_how_surely_demand_has_jumped() -> None:
    forecast = _forecast(_changed(3, 0, 3.0)[:20])
    pulse = forecast.pulses.iloc[0]

    assert forecast.pulses["sku"].tolist() == ["S00"]
    assert pulse["began"] == pd.Timestamp(AS_OF) - pd.Timedelta(days=3)
    assert pulse["cause"] == "no known cause"
    assert 0.0 <= pulse["noise"] < 0.1
    moved = forecast.drivers[0, :, DRIVERS.index("pulse")]
    assert pulse["units"] == pytest.approx(moved.sum())
    assert (moved > 0).all()
    assert (forecast.drivers.sum(axis=-1) == forecast.mean).all()
    assert np.isfinite(forecast.quantiles).all()


def test_a_cause_comes_from_the_data_alone() -> None:
    day = pd.Timestamp(AS_OF) - pd.Timedelta(days=3)
    holiday = [{"date": day, "country": None, "name": "Singles' Day"}]
    units = _changed(3, 0, 3.0)[:20]

    assert _forecast(units, holidays=holiday).pulses["cause"].tolist() == ["Singles' Day"]
    assert _forecast(_changed(6, 0, 0.2)[:20]).pulses["cause"].tolist() == ["no known cause"]


def test_alarms_on_a_panel_that_never_changes_stay_within_the_budget() -> None:
    """Four hundred series, sparse and busy, even and uneven, to which nothing ever happens."""
    random = np.random.default_rng(17)
    series, known, days = 400, 182, 364
    mean = np.exp(random.normal(1.0, 1.2, (series, 1)))
    spread = random.uniform(0.05, 0.8, (series, 1))
    units = random.poisson(mean * random.gamma(1 / spread, spread, (series, days))).astype(float)
    everything = Watched(
        sold=units, offered=np.ones_like(units), spread=np.broadcast_to(spread, units.shape)
    )
    past = _watch(everything.of(slice(None), slice(0, known)), units[:, :28])
    lines, later = lines_of(past), _watch(everything, units[:, :28], past.rates)
    scanned = later.scanner
    classes = volume_classes(scanned.usual, 1)
    raised = 0
    for size, line in ((RISE, lines.rise), (FALL, lines.fall)):
        hits = scanned.scan(size).statistic >= line[classes]
        raised += int(begins(hits[:, known:], 1).sum())

    item_weeks = series * (days - known) / 7
    assert raised <= 1.0 * item_weeks / 500


def test_the_budget_goes_to_series_that_sell_much_and_show_a_tripling_at_once() -> None:
    """Many that sell twice a day, few that sell forty, all with the same wild single days."""
    random = np.random.default_rng(3)
    mean = np.repeat([2.0, 40.0], [180, 20])[:, None]
    wild = np.where(random.random((200, 182)) < 0.004, 3.0, 1.0)
    units = random.poisson(mean * wild * random.gamma(10.0, 0.1, (200, 182))).astype(float)
    seen = Watched(sold=units, offered=np.ones_like(units), spread=np.full(units.shape, 0.1))
    past = _watch(seen, units[:, :28])
    lines = lines_of(past)
    found = (
        past.scanner.scan(RISE, 2).statistic >= lines.rise[volume_classes(past.scanner.usual, 1)]
    )

    few, many = lines.rise[volume_classes(np.array([2.5, 40.0]), 1)]
    assert many < few
    busy, slow = found[180:, 60:].mean(), found[:180, 60:].mean()
    assert busy > 0.7
    assert busy > 5 * slow


def _watch(watched: Watched, before: np.ndarray, rates: PulseRates | None = None) -> Watch:
    start = level_before(before.astype(float), np.ones(before.shape), 1)
    known = learn_rates(watched, start, 1) if rates is None else rates
    return Watch(
        watched=watched, start=start, followed=follow(watched, start, known, 1), rates=known,
        bucket_days=1,
    )  # fmt: skip
