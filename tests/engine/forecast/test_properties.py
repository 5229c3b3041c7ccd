"""What must hold for any data: scale, order, determinism, and what changes nothing."""

import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.demand import clean_demand
from engine.forecast import forecast_demand
from engine.forecast.assembly import training_and_plans
from engine.forecast.backtest import origins, span, stand_at
from engine.forecast.levels import pooled_candidates
from engine.forecast.paths import demand_paths
from engine.model.config import PlanConfig
from engine.model.decisions import Decisions
from engine.model.snapshot import Snapshot
from support.demand import AS_OF, daily_sales, daily_stock, snapshot
from support.forecast import forecast_of

DAYS = 546


def _company(scale: float = 1.0, **more: object) -> Snapshot:
    random = np.random.default_rng(9)
    sales, stock = [], []
    for k in range(24):
        mean = 0.3 * 1.35**k
        units = random.poisson(mean * (1 + 0.3 * np.sin(np.arange(DAYS) / 58)), DAYS)
        out = random.random(DAYS) < 0.05
        sales.append(daily_sales(f"S{k:02d}", np.where(out, 0, units * scale)))
        stock.append(daily_stock(f"S{k:02d}", np.where(out, 0.0, 50.0)))
    items = [{"sku": f"S{k:02d}", "category": f"c{k % 3}"} for k in range(24)]
    return snapshot(sales=pd.concat(sales), stock=pd.concat(stock), items=items, **more)


def test_selling_ten_times_as_much_is_forecast_ten_times_as_high() -> None:
    one, ten = forecast_of(_company()), forecast_of(_company(10.0))

    assert ten.mean.sum() == pytest.approx(10 * one.mean.sum(), rel=0.05)
    assert np.median(ten.mean / one.mean) == pytest.approx(10, rel=0.05)


def test_recording_in_cases_leaves_the_forecast_in_units_as_it_is() -> None:
    whole = _company()
    items = whole["items"].assign(units_per_record=6)
    sales = whole["sales"].assign(units=whole["sales"]["units"] * 6)
    in_cases = forecast_of(snapshot(sales=whole["sales"], stock=whole["stock"], items=items))
    in_units = forecast_of(snapshot(sales=sales, stock=whole["stock"], items=whole["items"]))

    assert (in_cases.mean == in_units.mean).all()


def test_the_order_of_rows_changes_nothing() -> None:
    whole = _company()
    mixed = snapshot(
        sales=whole["sales"].sample(frac=1, random_state=1),
        stock=whole["stock"].sample(frac=1, random_state=2),
        items=whole["items"].sample(frac=1, random_state=3),
    )
    one, two = forecast_of(whole), forecast_of(mixed)

    assert (one.mean == two.mean).all()
    assert (one.quantiles == two.quantiles).all()
    assert one.series.equals(two.series)


def test_a_planned_promotion_without_any_lift_learned_changes_nothing() -> None:
    planned = {
        "promotion": "P", "sku": "S20", "depth": 0.2, "start_date": pd.Timestamp(AS_OF),
        "end_date": pd.Timestamp(AS_OF) + pd.Timedelta(days=13),
    }  # fmt: skip
    plain, promoted = forecast_of(_company()), forecast_of(_company(promotions=[planned]))

    assert (plain.mean == promoted.mean).all()


def test_the_forecast_does_not_write_into_the_snapshot() -> None:
    whole = _company()
    before = {name: frame.copy(deep=True) for name, frame in whole.tables.items()}
    forecast_of(whole)

    assert all(before[name].equals(frame) for name, frame in whole.tables.items())


def test_past_forecasts_do_not_move_when_the_future_is_known() -> None:
    """Rolling origins forget: what a backtest predicts depends on earlier buckets only."""
    whole = _company()
    panel = clean_demand(whole, PlanConfig())
    training, _ = training_and_plans(panel, whole, 4, Decisions())
    origin = origins(training.shape[1], 7)[-1]
    changed = training.sold.copy()
    changed[:, origin:] *= 50
    predictions = []
    for known in (training, replace(training, sold=changed)):
        here = stand_at(known, origin, span(7))
        paths = pooled_candidates(here.training, here.shape, span(7))
        predictions.append(np.stack([c.course * here.ahead for c in paths]))

    assert (predictions[0] == predictions[1]).all()


def _digest() -> str:
    """Of everything that a plan uses of a forecast."""
    forecast = forecast_of(_company())
    drawn = demand_paths(forecast, np.arange(5), 64, 7)
    parts = (forecast.mean, forecast.quantiles, forecast.drivers, drawn)
    return sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


PROGRAM = """
import sys
sys.path.insert(0, "tests")
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("properties", "tests/engine/forecast/test_properties.py")
module = module_from_spec(spec)
spec.loader.exec_module(module)
print(module._digest())
"""


@pytest.mark.slow  # test_repeatable.py keeps the small one
def test_another_process_with_another_hash_seed_gives_the_same_bytes() -> None:
    other = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=Path(__file__).parents[3], env={"PYTHONHASHSEED": "77"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert other.stdout.strip() == _digest()


def test_importing_the_forecast_does_not_load_statsforecast() -> None:
    program = "import engine.forecast, sys; print('statsforecast' in sys.modules)"
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert out.stdout.strip() == "False"


def test_every_series_gets_the_same_forecast_object_shape() -> None:
    whole = _company()
    config = PlanConfig(horizon=7)
    forecast = forecast_demand(clean_demand(whole, config), whole, config, Decisions())

    assert forecast.mean.shape == (24, 7)
    assert forecast.quantiles.shape == (24, 7, 21)
    assert forecast.drivers.shape == (24, 7, 9)
    assert len(forecast.noise.size) == 24
