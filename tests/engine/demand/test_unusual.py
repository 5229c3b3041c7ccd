"""Spikes, panic and phantom stock: what sold, or did not, for reasons that are no demand."""

import numpy as np
import pytest

from engine.demand import clean_demand
from engine.model.config import PlanConfig
from engine.model.panel import DemandPanel
from support.demand import daily_sales, daily_stock, days_before, snapshot

DAYS = 364


def _panel(sold: np.ndarray, on_hand: np.ndarray | None = None, **tables: object) -> DemandPanel:
    if on_hand is not None:
        tables["stock"] = daily_stock("A", on_hand)
    whole = snapshot(
        sales=daily_sales("A", sold), first_day=days_before(len(sold))[0].date(), **tables
    )
    return clean_demand(whole, PlanConfig())


def _kinds(panel: DemandPanel) -> set[str]:
    return set(panel.corrections["kind"])


def test_phantom_stock_is_flagged_and_not_learned_as_no_demand() -> None:
    sold = np.full(DAYS, 3.0)
    sold[-56:] = 0
    panel = _panel(sold, np.full(DAYS, 12.0))

    assert "phantom-stock" in set(panel.findings["code"])
    assert panel.clean[0, -8:] == pytest.approx(np.full(8, 21.0), rel=0.1)
    assert (panel.in_stock[0, -8:] == 0).all()


def test_silence_without_stock_on_record_is_a_stockout_not_phantom_stock() -> None:
    sold, on_hand = np.full(DAYS, 3.0), np.full(DAYS, 12.0)
    sold[-56:] = on_hand[-56:] = 0
    panel = _panel(sold, on_hand)

    assert "phantom-stock" not in set(panel.findings["code"])
    assert "phantom stock" not in _kinds(panel)


def test_a_slow_item_may_be_silent_for_weeks_without_being_suspected() -> None:
    sold = np.zeros(DAYS)
    sold[::21] = 1
    panel = _panel(sold, np.full(DAYS, 5.0))

    assert "phantom stock" not in _kinds(panel)
    assert (panel.in_stock == 1).all()


def test_silence_of_more_than_half_a_year_is_the_end_of_demand() -> None:
    sold = np.full(DAYS, 3.0)
    sold[-240:] = 0
    panel = _panel(sold, np.full(DAYS, 12.0))

    assert "phantom stock" not in _kinds(panel)
    assert panel.clean[0, -1] == 0


def test_a_wholesale_order_is_damped_to_a_good_week_and_shown() -> None:
    random = np.random.default_rng(3)
    sold = random.poisson(2, DAYS).astype(float)
    sold[200] = 600
    panel = _panel(sold)
    spike = panel.corrections[panel.corrections["kind"] == "spike"]

    assert len(spike) == 1
    assert spike["before"].item() > 600
    assert 14 < spike["after"].item() < 40
    assert panel.findings.set_index("code").loc["spike-damped", "units"] == spike["before"].item()


def test_two_high_weeks_running_may_be_a_new_level_and_stay() -> None:
    sold = np.full(DAYS, 2.0)
    sold[-14:] = 40
    panel = _panel(sold)

    assert "spike" not in _kinds(panel)
    assert panel.clean[0, -2:].tolist() == [280, 280]


def test_the_same_peak_a_year_apart_is_a_season() -> None:
    sold = np.full(2 * DAYS, 2.0)
    sold[100:107] = sold[100 + DAYS : 107 + DAYS] = 60
    panel = _panel(sold)

    assert "spike" not in _kinds(panel)


def test_a_promoted_peak_is_no_anomaly() -> None:
    sold = np.full(DAYS, 2.0)
    sold[203:210] = 60
    day = days_before(DAYS)
    promotion = {"promotion": "P", "sku": "A", "start_date": day[203], "end_date": day[209]}
    panel = _panel(sold, promotions=[promotion | {"depth": 0.3}])

    assert "spike" not in _kinds(panel)
    assert panel.promoted[0].sum() == pytest.approx(1.0)


def test_a_lumpy_item_is_nothing_but_spikes_and_keeps_them() -> None:
    sold = np.zeros(DAYS)
    sold[[20, 90, 170, 230, 310]] = [60, 8, 120, 30, 90]
    panel = _panel(sold)

    assert "spike" not in _kinds(panel)
    whole = panel.in_stock[0] == 1
    assert (panel.clean[0] == panel.observed[0])[whole].all()
