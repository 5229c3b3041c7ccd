"""A person undoes a correction: demand stays as it was recorded."""

import numpy as np
import pandas as pd
import pytest

from engine.demand import clean_demand
from engine.model.config import PlanConfig
from engine.model.decisions import KEPT, Decisions
from engine.model.panel import DemandPanel
from engine.model.snapshot import Snapshot
from support.demand import daily_sales, daily_stock, days_before, snapshot

DAYS = 364


def _keep(
    first: int, last: int, *, kind: str = "", sku: str = "A", location: str = ""
) -> Decisions:
    day = days_before(DAYS)
    row = [1, sku, location, day[first], day[last], kind, "I was there.", "dana"]
    return Decisions(kept=pd.DataFrame([row], columns=list(KEPT)))


def _clean(whole: Snapshot, decisions: Decisions) -> DemandPanel:
    return clean_demand(whole, PlanConfig(), decisions)


def _out_for_six_weeks() -> Snapshot:
    sold, on_hand = np.full(DAYS, 10.0), np.full(DAYS, 100.0)
    sold[280:322] = on_hand[280:322] = 0
    sold[273:280] = 25
    return snapshot(sales=daily_sales("A", sold), stock=daily_stock("A", on_hand))


def _spike() -> Snapshot:
    sold = np.random.default_rng(3).poisson(2, DAYS).astype(float)
    sold[200] = 600
    return snapshot(sales=daily_sales("A", sold))


def test_a_stockout_kept_as_recorded_is_no_demand_for_those_days_alone() -> None:
    panel = _clean(_out_for_six_weeks(), _keep(287, 300, kind="stockout"))
    weeks = slice(287 // 7, 300 // 7 + 1)

    assert (panel.clean[0, weeks] == 0).all()
    assert (panel.in_stock[0, weeks] == 1).all()
    assert panel.clean[0, 304 // 7] == pytest.approx(
        70, rel=0.3
    )  # the other weeks are still filled


def test_panic_buying_kept_as_recorded_stays() -> None:
    panel = _clean(_out_for_six_weeks(), _keep(273, 279, kind="panic buying"))

    assert panel.clean[0, 39] == panel.observed[0, 39] == 175
    assert "panic buying" not in set(panel.corrections["kind"])


def test_a_spike_kept_as_recorded_stays_and_is_no_finding() -> None:
    panel = _clean(_spike(), _keep(200, 200, kind="spike"))

    assert panel.clean[0, 200 // 7] == panel.observed[0, 200 // 7] > 600
    assert "spike-damped" not in set(panel.findings["code"])


def test_phantom_stock_kept_as_recorded_is_silence_that_counts() -> None:
    sold = np.full(DAYS, 3.0)
    sold[-56:] = 0
    whole = snapshot(sales=daily_sales("A", sold), stock=daily_stock("A", np.full(DAYS, 12.0)))
    panel = _clean(whole, _keep(DAYS - 56, DAYS - 1, kind="phantom stock"))

    assert (panel.clean[0, -8:] == 0).all()
    assert (panel.in_stock[0, -8:] == 1).all()


def test_a_test_order_and_a_return_kept_as_recorded_count_as_written() -> None:
    day = days_before(DAYS)
    lines = [
        {"date": day[0], "sku": "A", "units": 1},
        {"date": day[100], "sku": "A", "units": 9, "kind": "test"},
        {"date": day[200], "sku": "A", "units": 5, "order_id": "7"},
        {"date": day[210], "sku": "A", "units": -5, "kind": "return", "order_id": "7"},
    ]
    kept = pd.concat([_keep(100, 100, kind="test order").kept, _keep(200, 200).kept])
    panel = _clean(snapshot(sales=lines), Decisions(kept=kept))

    assert panel.observed[0, 100 // 7] == 9
    assert panel.observed[0, 200 // 7] == 5


def test_a_decision_of_another_kind_or_place_changes_nothing() -> None:
    plain = _clean(_spike(), Decisions())

    for decision in (
        _keep(200, 200, kind="stockout"),
        _keep(200, 200, location="LEEDS"),
        _keep(200, 200, sku="B"),
    ):
        assert (_clean(_spike(), decision).clean == plain.clean).all()


def test_a_decision_that_fits_nothing_says_so() -> None:
    panel = _clean(_spike(), _keep(200, 200, sku="GONE"))

    assert "keep-as-recorded-unused" in set(panel.findings["code"])


def test_every_correction_carries_its_reason() -> None:
    for whole in (_spike(), _out_for_six_weeks()):
        reasons = _clean(whole, Decisions()).corrections["reason"]

        assert len(reasons)
        assert reasons.str.endswith(".").all()
