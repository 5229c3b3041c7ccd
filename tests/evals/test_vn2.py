"""The VN2 harness: the game's rules by hand, what an order may know, and later weeks' files."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from engine.errors import InvalidInput
from evals.histories.history import History
from evals.vn2.benchmark import benchmark_order, forecast
from evals.vn2.files import ROUNDS, Stock, load_official
from evals.vn2.game import Policy, play
from evals.vn2.planner import CONFIG, Planner
from evals.vn2.rolling import origins, window_at
from evals.vn2.run import play_official, play_window, spread_of

Floats = NDArray[np.float64]
FIRST = date(2021, 4, 12)
WEEKS = 157  # 2021-04-12 .. 2024-04-08, as the competition's
WEEK_0 = date(2024, 4, 8)


def history_of(units: Floats) -> History:
    names = [f"P{row:04d}" for row in range(len(units))]
    return History(
        name="vn2", skus=names, locations=["S0000"] * len(units), categories=["a"] * len(units),
        units=units, first_day=FIRST, bucket_days=7,
    )  # fmt: skip


def stock_of(on_hand: float, arriving: float, next_week: float) -> Stock:
    return Stock(
        on_hand=np.asarray([on_hand]),
        arriving=np.asarray([arriving]),
        next_week=np.asarray([next_week]),
    )


def every_week(units: list[float]) -> Policy:
    def order(week: int, stock: Stock) -> Floats:
        del week, stock
        return np.asarray(units)

    return order


class Always:
    """Orders the same every week, and notes what it was shown."""

    def __init__(self, units: float) -> None:
        self.units = units
        self.shown: list[int] = []

    def order(self, history: History, stock: Stock) -> Floats:
        self.shown.append(history.buckets)
        return np.full(len(stock.on_hand), self.units)


def test_the_cost_of_eight_weeks_is_the_one_computed_by_hand() -> None:
    demand = np.asarray([[2.0, 5.0, 1.0, 4.0, 0.0, 3.0, 9.0, 2.0]])

    played = play(stock_of(3, 1, 2), demand, every_week([3.0]))

    # Week 1: 4 there, 2 sold. Week 2: 2 + 2 there, 5 wanted. From week 3 on three arrive weekly.
    assert played.left[0].tolist() == [2, 0, 2, 1, 4, 4, 0, 1]
    assert played.lost[0].tolist() == [0, 1, 0, 0, 0, 0, 2, 0]
    assert played.scored(np.asarray([True])) == pytest.approx(0.2 * (2 + 1 + 4 + 4 + 0 + 1) + 2)


def test_an_order_arrives_two_weeks_later_and_the_last_two_are_not_asked_for() -> None:
    asked: list[int] = []

    def once(week: int, _: Stock) -> Floats:
        asked.append(week)
        return np.asarray([7.0 if week == 0 else 0.0])

    played = play(stock_of(0, 0, 0), np.zeros((1, ROUNDS)), once)

    assert played.left[0].tolist() == [0, 0, 7, 7, 7, 7, 7, 7]
    assert asked == [0, 1, 2, 3, 4, 5]


def test_costs_are_scaled_to_all_series_where_some_do_not_count() -> None:
    demand = np.zeros((3, ROUNDS))
    start = Stock(on_hand=np.asarray([1.0, 1, 50]), arriving=np.zeros(3), next_week=np.zeros(3))

    played = play(start, demand, every_week([0.0, 0.0, 0.0]))

    assert played.scored(np.asarray([True, True, False])) == pytest.approx(0.2 * 6 * 2 * 3 / 2)


def test_origins_are_four_weeks_apart_with_eight_weeks_after_the_last() -> None:
    assert origins(WEEKS) == (105, 109, 113, 117, 121, 125, 129, 133, 137, 141, 145, 149)


def test_a_series_counts_if_it_was_in_stock_throughout_and_long_enough_before() -> None:
    units = np.full((4, 120), 2.0)
    units[1, 108] = np.nan  # out of stock in the window
    units[2, :93] = np.nan  # twelve weeks of history
    units[3, :92] = np.nan  # thirteen

    window = window_at(history_of(units), 105)

    assert window.counted.tolist() == [True, False, False, True]
    assert window.start.on_hand[0] == 2.0  # 8 ordered up to, 2 sold, 2 and 2 under way
    assert window.start.position[0] == 6.0


def test_every_order_knows_the_weeks_before_its_own_and_no_more() -> None:
    buyer = Always(2)

    figures = play_window(history_of(np.full((2, 130), 2.0)), 117, buyer)

    assert buyer.shown == [117, 118, 119, 120, 121, 122]
    assert figures["series"] == 2
    assert figures["lost_per_week"] == 0


def test_the_benchmark_orders_up_to_four_weeks_of_its_index_times_the_last_quarter() -> None:
    iso = np.asarray([(FIRST + timedelta(days=7 * week)).isocalendar().week for week in range(156)])
    doubled = np.isin(iso, (13, 14, 15, 16))
    history = history_of(np.stack([np.where(doubled, 20.0, 10.0), np.where(doubled, 4.0, 2.0)]))

    expected = forecast(history, 4)
    order = benchmark_order(history, Stock(
        on_hand=np.asarray([5.0, 100.0]), arriving=np.zeros(2), next_week=np.asarray([3.0, 0.0])
    ))  # fmt: skip

    # Week 156 begins on 2024-04-08, ISO week 15; two doubled weeks follow, then two usual ones.
    assert expected[0] == pytest.approx([20, 20, 10, 10])
    assert order.tolist() == [60 - 8, 0]


def test_the_spread_over_windows_is_shown_whole() -> None:
    windows = [
        {"ours": 80.0, "benchmark": 100.0, "left_per_week": 1.0, "lost_per_week": 2.0},
        {"ours": 120.0, "benchmark": 100.0, "left_per_week": 3.0, "lost_per_week": 2.0},
    ]

    found = spread_of(windows)

    assert (found["mean"], found["min"], found["max"]) == (100, 80, 120)
    assert found["sd"] == pytest.approx(28.2843, abs=1e-3)
    assert found["benchmark_mean"] == 100
    assert found["left_per_week"] == 2


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Two store-products of a demand of 2 and 1 a week, as the competition writes its files."""
    keys = pd.DataFrame({"Store": [0, 0], "Product": [126, 182]})
    days = [(FIRST + timedelta(days=7 * week)).isoformat() for week in range(WEEKS)]
    sales = pd.DataFrame(np.outer([2.0, 1.0], np.ones(WEEKS)), columns=days)
    pd.concat([keys, sales], axis=1).to_csv(
        tmp_path / "Week 0 - 2024-04-08 - Sales.csv", index=False
    )
    flags = pd.DataFrame(np.ones((2, WEEKS), dtype=np.bool_), columns=days)
    pd.concat([keys, flags], axis=1).to_csv(tmp_path / "Week 0 - In Stock.csv", index=False)
    about = ("ProductGroup", "Division", "Department", "DepartmentGroup", "StoreFormat", "Format")
    keys.assign(**dict.fromkeys(about, 1)).to_csv(tmp_path / "Week 0 - Master.csv", index=False)
    state = {"End Inventory": [3, 0], "In Transit W+1": [0, 1], "In Transit W+2": [3, 1]}
    keys.assign(**state).to_csv(tmp_path / "Week 0 - 2024-04-08 - Initial State.csv", index=False)
    return tmp_path


def write_later(files: Path, weeks: int) -> None:
    """Each later file repeats all weeks and adds its own; rows in another order."""
    sales = pd.read_csv(files / "Week 0 - 2024-04-08 - Sales.csv")
    for week in range(1, weeks + 1):
        day = (WEEK_0 + timedelta(days=7 * week)).isoformat()
        new = pd.DataFrame({day: [float(week), 1.0]})
        sales = pd.concat([sales, new], axis=1)
        sales.iloc[::-1].to_csv(files / f"Week {week} - {day} - Sales.csv", index=False)


def test_the_official_replay_waits_for_all_eight_files(files: Path) -> None:
    write_later(files, 7)

    assert load_official(files) is None


def test_the_official_replay_takes_the_new_column_of_each_file(files: Path) -> None:
    write_later(files, 8)
    official = load_official(files)
    buyer = Always(4)

    assert official is not None
    figures = play_official(official, buyer)

    assert official.demand.tolist() == [[1, 2, 3, 4, 5, 6, 7, 8], [1] * 8]
    assert buyer.shown == [157, 158, 159, 160, 161, 162]
    # The second sells what comes for two weeks, then keeps three of four every week.
    # The first holds 3 + 3 for three weeks of 1 + 2, then gets 4 a week for 3, 4, .. 8.
    first_left, first_lost = [4, 4, 3, 1, 0, 0], [0, 0, 0, 0, 2, 4]
    second_left = [3, 6, 9, 12, 15, 18]
    assert figures["ours"] == pytest.approx(
        0.2 * (sum(first_left) + sum(second_left)) + sum(first_lost)
    )


def test_a_later_file_of_another_week_is_refused_with_its_name(files: Path) -> None:
    write_later(files, 8)
    day = (WEEK_0 + timedelta(days=21)).isoformat()
    (files / f"Week 3 - {day} - Sales.csv").write_bytes(
        (files / "Week 2 - 2024-04-22 - Sales.csv").read_bytes()
    )

    with pytest.raises(InvalidInput, match=r"Week 3 .* must add the one column"):
        load_official(files)


def test_ours_orders_the_newsvendors_level_of_steady_demand_and_beats_the_benchmark() -> None:
    random = np.random.default_rng(8)
    history = history_of(random.poisson(5.0, size=(40, 113)).astype(float))
    planner = Planner(config=replace(CONFIG, challenger=False))
    none = np.zeros(40)

    order = planner.order(
        history.between(0, 105), Stock(on_hand=none, arriving=none, next_week=none)
    )
    figures = play_window(history, 105, planner)

    # Poisson 5 at 1 / 1.2 of cycles: 7. Levels are learned, so single orders lie around it.
    assert 6.4 < order.mean() < 7.9
    assert figures["ours"] < 0.9 * figures["benchmark"]
