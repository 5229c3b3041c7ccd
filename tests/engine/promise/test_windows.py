"""Windows say when goods come, hold as often as they say, and never lie in the past."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from engine.errors import InvalidInput
from engine.model.config import PlanConfig
from engine.model.supply import LANES, LeadTimes
from engine.promise import PromiseWindow, hit_rate, promise_windows
from engine.promise.backtest import queue_hit_rate, windows_on
from engine.promise.windows import covering_days, window_days
from engine.supply.inbound import INBOUND, Inbound
from support.company import full_company, snapshot_of

AS_OF = date(2026, 11, 2)
TIMES = LeadTimes(
    lanes=pd.DataFrame([("KOLDING", None, None, 12.0, 13.0, 2.0, 44, "observed")],
                       columns=list(LANES)),
    pmf=np.full((1, 4), 0.25),
)  # fmt: skip


def coming(chances: list[float], **line: object) -> Inbound:
    row = {
        "po": "PO-1", "line": 1, "supplier": "KOLDING", "sku": "LAMP-OAK-01", "location": "LEEDS",
        "units": 48, "state": "sent", "sent": True, "ordered_on": AS_OF.toordinal() - 9,
        "due_on": AS_OF.toordinal() + 3, "elapsed_days": 9, "lost": False, "overdue": False,
    } | line  # fmt: skip
    return Inbound(lines=pd.DataFrame([row], columns=list(INBOUND)), arrival=np.array([chances]))


def only(windows: tuple[PromiseWindow, ...]) -> PromiseWindow:
    assert len(windows) == 1
    return windows[0]


def test_an_eighty_per_cent_window_leaves_a_tenth_on_each_side() -> None:
    chances = [0.0, 0.02, 0.07, 0.31, 0.25, 0.15, 0.12, 0.08]

    window = only(promise_windows(coming(chances), TIMES, AS_OF))

    # Arrived by the end of days 1 to 7: 2 %, 9 %, 40 %, 65 %, 80 %, 92 %, 100 %.
    assert window.first == AS_OF + timedelta(days=3)  # 9 % come before it
    assert window.likeliest == AS_OF + timedelta(days=4)
    assert window.last == AS_OF + timedelta(days=6)  # 8 % come after it
    assert window.units == 48
    assert window.due_on == AS_OF + timedelta(days=3)
    assert window.observations == 44


def test_days_on_which_nothing_can_come_are_not_in_the_window() -> None:
    sure = only(promise_windows(coming([0.0, 0.0, 0.0, 1.0, 0.0]), TIMES, AS_OF))

    assert sure.first == sure.likeliest == sure.last == AS_OF + timedelta(days=3)


def test_a_higher_level_makes_a_wider_window() -> None:
    chances = [0.0, 0.05, 0.10, 0.30, 0.25, 0.15, 0.10, 0.05]

    narrow = only(promise_windows(coming(chances), TIMES, AS_OF, level=0.5))
    wide = only(promise_windows(coming(chances), TIMES, AS_OF, level=0.95))

    assert wide.first < narrow.first
    assert narrow.last < wide.last


@pytest.mark.parametrize(
    "line", [{"sent": False, "state": "draft"}, {"sent": False, "state": "approved"},
             {"lost": True}],
)  # fmt: skip
def test_what_is_not_on_its_way_promises_nothing(line: dict[str, object]) -> None:
    assert promise_windows(coming([0.0, 1.0], **line), TIMES, AS_OF) == ()


def test_a_line_without_a_date_has_a_window_all_the_same() -> None:
    window = only(promise_windows(coming([0.0, 0.5, 0.5], due_on=-1), TIMES, AS_OF))

    assert window.due_on is None
    assert window.first == AS_OF + timedelta(days=1)


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=40), st.floats(0.05, 0.99))
def test_a_window_ends_no_earlier_than_it_begins(weights: list[float], level: float) -> None:
    chances = np.array([[0.0, *weights, 1e-6]])

    days = window_days(chances / chances.sum(), level)

    assert 1 <= days.first[0] <= days.middle[0] <= days.last[0]


@pytest.mark.parametrize("level", [0.0, 1.0, 80])
def test_an_impossible_level_is_refused(level: float) -> None:
    with pytest.raises(InvalidInput, match=r"between 0 and 1, such as 0\.8"):
        promise_windows(coming([0.0, 1.0]), TIMES, AS_OF, level=level)


def test_overdue_orders_of_the_demo_keep_days_ahead_of_them() -> None:
    snapshot = snapshot_of(full_company)

    windows = windows_on(snapshot, snapshot.as_of, PlanConfig())

    overdue = [window for window in windows if window.overdue]
    assert len(windows) > 200
    assert len(overdue) > 20
    assert all(snapshot.as_of <= window.first <= window.last for window in windows)


def test_eighty_per_cent_windows_hold_eighty_per_cent_of_the_time() -> None:
    snapshot = snapshot_of(full_company)
    origins = [snapshot.as_of - timedelta(days=days) for days in range(110, 500, 45)]

    held = hit_rate(snapshot, origins, PlanConfig())

    assert held.windows > 2_000
    assert held.rate == pytest.approx(0.8, abs=0.05)


def test_windows_of_customers_in_a_queue_hold_as_often_too() -> None:
    snapshot = snapshot_of(full_company)
    origins = [snapshot.as_of - timedelta(days=days) for days in range(110, 500, 90)]

    held = queue_hit_rate(snapshot, origins, PlanConfig())

    assert held.windows > 1_500
    assert held.rate == pytest.approx(0.8, abs=0.05)


def test_the_hit_rate_of_no_windows_is_unknown() -> None:
    snapshot = snapshot_of(full_company)
    empty = snapshot["purchase_orders"].head(0)
    nothing = replace(snapshot, tables={**snapshot.tables, "purchase_orders": empty})

    assert hit_rate(nothing, [snapshot.as_of - timedelta(days=9)], PlanConfig()).rate is None


def test_a_customers_window_holds_a_lump_rather_than_half_of_it() -> None:
    chances = np.array([[0.0, 0.15, 0.35, 0.35, 0.15, 0.0]])

    # A tenth may come outside on either side; 15 % on one day is more than that.
    nearest, covering = window_days(chances, 0.8), covering_days(chances, 0.8)

    assert (nearest.first[0], nearest.last[0]) == (2, 3)
    assert (covering.first[0], covering.last[0]) == (1, 4)


def test_where_orders_may_never_come_a_window_ends_with_the_last_chance() -> None:
    days = covering_days(np.array([[0.0, 0.3, 0.3, 0.0, 0.0]]), 0.8)

    assert (days.first[0], days.middle[0], days.last[0]) == (1, 1, 2)
