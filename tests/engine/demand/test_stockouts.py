"""Buckets out of stock are censored demand, not zero demand."""

import numpy as np
import pytest

from engine.demand import clean_demand
from engine.demand.censoring import mean_above, uncensored
from engine.model.config import PlanConfig
from support.demand import daily_sales, daily_stock, snapshot

DAYS = 364
SIX_WEEKS = slice(DAYS - 84, DAYS - 42)


def _flat(units: float = 10.0) -> np.ndarray:
    return np.full(DAYS, units)


def test_six_weeks_out_of_stock_are_filled_with_what_was_sold_around_them() -> None:
    sold, on_hand = _flat(), _flat(100)
    sold[SIX_WEEKS] = on_hand[SIX_WEEKS] = 0
    panel = clean_demand(
        snapshot(sales=daily_sales("A", sold), stock=daily_stock("A", on_hand)), PlanConfig()
    )

    filled = panel.clean[0, -12:-6]

    assert filled.mean() == pytest.approx(70.0, rel=0.05)
    assert panel.observed[0, -11:-7].sum() == 0  # what was recorded stays visible
    assert panel.in_stock[0, -11:-7].sum() == 0


def test_half_days_in_stock_double_what_they_sold() -> None:
    sold, share = _flat(), _flat(1.0)
    sold[SIX_WEEKS], share[SIX_WEEKS] = 5, 0.5
    stock = daily_stock("A", _flat(50), fraction=share)
    panel = clean_demand(snapshot(sales=daily_sales("A", sold), stock=stock), PlanConfig())

    assert panel.clean[0, -12:-6] == pytest.approx(np.full(6, 70.0), rel=0.05)
    assert panel.in_stock[0, -12:-6] == pytest.approx(np.full(6, 0.5))


def test_a_rush_before_the_stockout_is_not_demand() -> None:
    sold, on_hand = _flat(), _flat(100)
    sold[SIX_WEEKS] = on_hand[SIX_WEEKS] = 0
    sold[SIX_WEEKS.start - 7 : SIX_WEEKS.start] = 25
    panel = clean_demand(
        snapshot(sales=daily_sales("A", sold), stock=daily_stock("A", on_hand)), PlanConfig()
    )

    rush = panel.corrections[panel.corrections["kind"] == "panic buying"]

    assert len(rush) == 1
    assert rush["before"].item() == pytest.approx(175)
    assert rush["after"].item() == pytest.approx(70, rel=0.05)


def test_every_filled_bucket_is_a_visible_correction() -> None:
    sold, on_hand = _flat(), _flat(100)
    sold[SIX_WEEKS] = on_hand[SIX_WEEKS] = 0
    panel = clean_demand(
        snapshot(sales=daily_sales("A", sold), stock=daily_stock("A", on_hand)), PlanConfig()
    )

    changed = np.flatnonzero(panel.clean[0] != panel.observed[0])

    assert list(panel.corrections["start"]) == list(panel.starts[changed])
    assert panel.corrections["after"].to_numpy() == pytest.approx(panel.clean[0, changed])


def test_without_stock_history_it_counts_as_in_stock_and_says_so() -> None:
    panel = clean_demand(snapshot(sales=daily_sales("A", _flat())), PlanConfig())

    assert (panel.in_stock == 1).all()
    assert "stock-history-missing" in set(panel.findings["code"])


def test_a_shop_that_records_changes_only_stays_out_until_it_is_refilled() -> None:
    sold = _flat()
    sold[SIX_WEEKS] = 0
    stock = daily_stock("A", _flat(100)).iloc[[0, SIX_WEEKS.start, SIX_WEEKS.stop]]
    stock = stock.assign(on_hand=[100.0, 0.0, 100.0])
    panel = clean_demand(snapshot(sales=daily_sales("A", sold), stock=stock), PlanConfig())

    assert panel.in_stock[0, -12:-7].sum() == pytest.approx(0, abs=1e-9)
    assert panel.clean[0, -11:-7] == pytest.approx(np.full(4, 70), rel=0.1)


def test_a_lost_saturday_counts_more_than_a_lost_tuesday() -> None:
    week = np.array([4, 4, 4, 4, 4, 20, 20.0])  # Monday first; the as-of date is a Monday
    sold, on_hand = np.tile(week, DAYS // 7), _flat(50)
    sold[-2:], on_hand[-3:] = 0, 0
    panel = clean_demand(
        snapshot(sales=daily_sales("A", sold), stock=daily_stock("A", on_hand)), PlanConfig()
    )

    assert panel.clean[0, -1] == pytest.approx(60, rel=0.15)


def test_sold_out_by_noon_day_after_day_is_half_a_day_each() -> None:
    """Deliveries come in the morning; every evening of six weeks the shelf is recorded empty."""
    sold, on_hand = _flat(), _flat(100)
    sold[SIX_WEEKS], on_hand[SIX_WEEKS] = 5, 0
    whole = snapshot(sales=daily_sales("A", sold), stock=daily_stock("A", on_hand))

    for config in (PlanConfig(), PlanConfig(bucket="day")):
        panel = clean_demand(whole, config)
        buckets = 42 // panel.bucket_days
        filled = panel.clean[0, -2 * buckets : -buckets]
        assert filled.mean() * 7 / panel.bucket_days == pytest.approx(70.0, rel=0.1)


def test_a_stockout_that_ends_with_the_weekend_is_filled_with_its_weekend_demand() -> None:
    week = np.array([4, 4, 4, 4, 4, 20, 20.0])  # Monday first; the as-of date is a Monday
    sold, on_hand = np.tile(week, DAYS // 7), _flat(50)
    sold[-16:-14] = on_hand[-16:-14] = 0  # a Saturday and a Sunday
    panel = clean_demand(
        snapshot(sales=daily_sales("A", sold), stock=daily_stock("A", on_hand)), PlanConfig()
    )

    assert panel.clean[0, -3] == pytest.approx(60, rel=0.2)


@pytest.mark.parametrize("times", [1.5, 2.5])
def test_a_mild_rush_of_a_week_is_seen_in_its_days_taken_together(times: float) -> None:
    sold, on_hand = _flat(), _flat(100)
    sold[SIX_WEEKS] = on_hand[SIX_WEEKS] = 0
    sold[SIX_WEEKS.start - 7 : SIX_WEEKS.start] = 10 * times
    panel = clean_demand(
        snapshot(sales=daily_sales("A", sold), stock=daily_stock("A", on_hand)),
        PlanConfig(bucket="day"),
    )

    assert panel.clean[0, -91:-84] == pytest.approx(np.full(7, 10.0), rel=0.1)


def test_a_list_of_stockouts_says_itself_when_they_end() -> None:
    sold = _flat(0.0)
    sold[::4] = 1  # a slow item: days without a sale are no stockouts
    out = slice(DAYS - 30, DAYS - 23)
    sold[out] = 0
    stock = daily_stock("A", _flat(0)).iloc[out]
    panel = clean_demand(
        snapshot(sales=daily_sales("A", sold), stock=stock), PlanConfig(bucket="day")
    )

    assert (panel.in_stock[0, out] == 0).all()
    assert (panel.in_stock[0, out.stop :] == 1).all()


@pytest.mark.parametrize(("mean", "size", "least"), [(2.0, 1.5, 3), (6.0, 4.0, 5), (0.4, 0.5, 1)])
def test_demand_above_recorded_sales_has_the_negative_binomial_tail_mean(
    mean: float, size: float, least: int
) -> None:
    from scipy.stats import nbinom

    counts = np.arange(2000)
    mass = nbinom.pmf(counts, size, size / (size + mean))
    expected = (counts * mass)[least:].sum() / mass[least:].sum()

    found = mean_above(np.array([float(least)]), np.array([mean]), np.array([size]))

    assert found[0] == pytest.approx(expected, rel=1e-9)


def test_a_sparse_series_is_filled_from_its_neighbours_and_a_busy_one_from_itself() -> None:
    rate = np.array([[0.5], [500.0]])
    filled = uncensored(np.array([[1.0], [400.0]]), np.full((2, 1), 0.5), rate, np.full(2, 0.3))

    assert filled[0, 0] == pytest.approx(1.0 + 0.5 * 0.605, rel=0.02)  # not doubled to 2
    assert filled[1, 0] == pytest.approx(800.0, rel=0.02)  # scaled by its own half
