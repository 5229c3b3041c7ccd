"""A peak is kept, damped or put down to an event, and the reason is told."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from engine.demand import clean_demand
from engine.model.config import PlanConfig
from engine.model.panel import DemandPanel
from support.demand import daily_sales, days_before, snapshot

DAYS, PEAK = 364, 200
WEEK = PEAK // 7


def _panel(extra: Sequence[Mapping[str, object]], at: int = PEAK, **tables: object) -> DemandPanel:
    """Two a day, each its own order, and further lines on one day."""
    day = days_before(DAYS)
    usual = daily_sales("A", np.random.default_rng(3).poisson(2, DAYS) + 0.0)
    usual = usual.assign(order_id=[f"N{k}" for k in range(len(usual))])
    lines = pd.DataFrame(
        [{"date": day[at], "sku": "A", "location": "MAIN", **each} for each in extra]
    )
    sales = pd.concat([usual, lines], ignore_index=True)
    return clean_demand(snapshot(sales=sales, **tables), PlanConfig())


def _finding(panel: DemandPanel) -> tuple[str, str]:
    found = panel.findings[panel.findings["code"].str.startswith("spike")]
    assert len(found) == 1
    return found["code"].item(), found["message"].item()


def test_one_large_order_is_taken_out_and_the_rest_of_the_week_stays() -> None:
    panel = _panel([{"units": 600, "order_id": "BIG"}])
    usual = panel.observed[0, WEEK] - 600

    assert panel.clean[0, WEEK] == usual
    assert _finding(panel) == (
        "spike-damped",
        "Most of it is one large order, which is taken out: it will not come every week.",
    )


def test_an_order_of_which_part_came_back_leaves_nothing_and_never_less() -> None:
    """The order is then larger than what its week sold in the end."""
    lines: list[dict[str, object]] = [
        {"units": 600, "order_id": "BIG"},
        {"units": -60, "order_id": "BACK", "kind": "return"},
    ]
    panel = _panel(lines)

    assert panel.clean[0, WEEK] == 0
    assert np.nanmin(panel.clean) >= 0


def test_lines_of_one_order_are_one_order() -> None:
    panel = _panel([{"units": 60, "order_id": "BIG"}] * 10)

    assert "one large order" in _finding(panel)[1]


def test_a_wholesale_line_is_named_as_one() -> None:
    channels = [{"channel": "trade", "kind": "wholesale"}, {"channel": "web", "kind": "web"}]
    panel = _panel([{"units": 600, "order_id": "W1", "channel": "trade"}], channels=channels)

    assert "one wholesale order" in _finding(panel)[1]


def test_many_orders_on_a_holiday_are_kept_as_an_event() -> None:
    holiday = [{"date": days_before(DAYS)[PEAK], "name": "Singles Day", "country": None}]
    lines = [{"units": 6, "order_id": f"H{k}"} for k in range(100)]
    panel = _panel(lines, holidays=holiday)

    assert panel.clean[0, WEEK] == panel.observed[0, WEEK] > 600
    assert _finding(panel) == ("spike-kept", "It falls on Singles Day, so it is kept as an event.")


def test_what_nothing_explains_is_damped_and_says_so() -> None:
    panel = _panel([{"units": 6, "order_id": f"H{k}"} for k in range(100)])

    assert 14 < panel.clean[0, WEEK] < 40
    assert _finding(panel)[1].startswith("Nothing on record explains it")


def test_a_peak_in_the_latest_week_is_not_damped_before_anybody_can_know() -> None:
    panel = _panel([{"units": 6, "order_id": f"H{k}"} for k in range(100)], at=DAYS - 3)

    assert panel.clean[0, -1] == panel.observed[0, -1] > 600
    assert _finding(panel) == (
        "spike-kept",
        "It is the latest period, so it is kept until the next ones show whether it lasts.",
    )


def test_one_order_in_the_latest_week_is_taken_out_all_the_same() -> None:
    panel = _panel([{"units": 600, "order_id": "BIG"}], at=DAYS - 3)

    assert panel.clean[0, -1] == pytest.approx(14, abs=12)
    assert "one large order" in _finding(panel)[1]


def test_a_steady_seller_gone_silent_without_stock_history_is_a_suspicion_not_a_fact() -> None:
    sold = np.full(DAYS, 4.0)
    sold[250:285] = 0
    panel = clean_demand(snapshot(sales=daily_sales("A", sold)), PlanConfig())
    finding = panel.findings.set_index("code").loc["stockout-suspected"]

    assert finding["units"] == pytest.approx(112, rel=0.1)  # four whole weeks of four a day
    assert "A suspicion, not a fact" in finding["message"]
    assert np.nansum(panel.clean) == np.nansum(panel.observed)  # and nothing is corrected


def test_a_slow_seller_is_not_suspected() -> None:
    sold = np.zeros(DAYS)
    sold[::30] = 1
    panel = clean_demand(snapshot(sales=daily_sales("A", sold)), PlanConfig())

    assert "stockout-suspected" not in set(panel.findings["code"])
