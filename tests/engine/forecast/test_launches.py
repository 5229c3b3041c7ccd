"""Launches that take from their siblings, and items that take over from another."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from engine.forecast.assembly import _on_sale
from engine.forecast.launches_past import USUAL
from engine.model.decisions import LAUNCHES, Decisions
from engine.model.forecast import DRIVERS, Forecast
from engine.model.snapshot import Snapshot
from support.demand import AS_OF, daily_sales, snapshot
from support.forecast import column, forecast_of, row_of

DAYS, FAMILIES = 728, 30
EVENT = DRIVERS.index("event")
LAUNCH = pd.Timestamp(AS_OF) + pd.Timedelta(weeks=4)


def _company(taken: float | None, *, planned: bool = True) -> Snapshot:
    """Families of three; with `taken`, each got a fourth variant a year ago that took from them."""
    random = np.random.default_rng(8)
    sales, items = [], []
    for f in range(FAMILIES):
        level = random.uniform(4, 9, 3)
        begins = 250 + 6 * f
        after = (np.arange(DAYS) >= begins) & (taken is not None)
        lost = (taken or 0.0) * 4.0 * level / level.sum()
        for m in range(3):
            sales.append(daily_sales(f"F{f:02d}-{m}", random.poisson(level[m] - lost[m] * after)))
            items.append({"sku": f"F{f:02d}-{m}", "parent": f"F{f:02d}", "category": f"c/{f % 3}"})
        if taken is not None:
            sales.append(daily_sales(f"F{f:02d}-3", random.poisson(4.0 * after)))
            items.append({"sku": f"F{f:02d}-3", "parent": f"F{f:02d}", "category": f"c/{f % 3}"})
    if planned:
        items.append({
            "sku": "NEW", "parent": "F00", "category": "c/0", "status": "planned",
            "launch_date": LAUNCH,
        })  # fmt: skip
    return snapshot(sales=pd.concat(sales), items=items)


@cache
def _forecast(taken: float | None) -> Forecast:
    return forecast_of(_company(taken))


def _taken(forecast: Forecast) -> tuple[np.ndarray, np.ndarray]:
    """Per step: units of the new item, and what the event takes from its siblings."""
    members = [r for r, s in enumerate(forecast.series["sku"]) if s.startswith("F00-")]
    return forecast.mean[row_of(forecast, "NEW")], -forecast.drivers[members][:, :, EVENT].sum(0)


@pytest.mark.parametrize("taken", [0.2, 0.6])
def test_the_share_that_past_launches_took_is_taken_by_the_next(taken: float) -> None:
    new, lost = _taken(_forecast(taken))

    assert (new[:4] == 0).all()
    assert (lost[:4] == 0).all()
    assert lost[5:] / new[5:] == pytest.approx(np.full(8, taken), abs=0.15)


def test_without_a_launch_to_learn_from_a_usual_share_is_assumed_and_said() -> None:
    new, lost = _taken(_forecast(None))

    assert lost[5:] / new[5:] == pytest.approx(np.full(8, USUAL["variants"]), abs=1e-9)
    said = _forecast(None).launches
    assert said["sku"].tolist() == ["NEW"]
    assert "no launch has been seen" in said["reason"].item()
    assert said["taken"].item() == pytest.approx(lost.sum())


def test_the_family_moves_only_by_the_new_demand() -> None:
    with_launch, without = _forecast(0.6), forecast_of(_company(0.6, planned=False))
    members = [f"F00-{m}" for m in range(4)]
    before = sum(without.mean[row_of(without, sku)] for sku in members)
    after = sum(with_launch.mean[row_of(with_launch, sku)] for sku in [*members, "NEW"])
    new = with_launch.mean[row_of(with_launch, "NEW")]

    assert after[:4] == pytest.approx(before[:4], rel=1e-3)
    assert (after[5:] > before[5:]).all()
    assert (after[5:] < before[5:] + 0.75 * new[5:]).all()


def test_siblings_say_which_launch_lowers_them_and_others_say_nothing() -> None:
    forecast = _forecast(0.6)

    assert column(forecast, "family_reason", "F00-1") == (
        "The launch of NEW takes part of its demand."
    )
    assert column(forecast, "family_reason", "F01-1") == ""
    assert (forecast.drivers.sum(axis=2) == forecast.mean).all()


def test_siblings_that_a_person_names_give_way() -> None:
    row = dict.fromkeys(LAUNCHES) | {
        "sku": "NEW", "launch_date": LAUNCH, "siblings": "F07-0", "weekly_units": np.nan,
    }  # fmt: skip
    decisions = Decisions(launches=pd.DataFrame([row]))
    forecast = forecast_of(_company(0.6), decisions=decisions)

    assert forecast.drivers[row_of(forecast, "F07-0"), 6, EVENT] < 0
    assert forecast.drivers[row_of(forecast, "F00-0"), 6, EVENT] == 0


def _said(**values: object) -> Forecast:
    launch = {
        "sku": "NEW", "name": "NEW", "category": "", "location": "", "launch_date": LAUNCH,
        "analogue": "", "siblings": "", "weekly_units": np.nan,
    }  # fmt: skip
    said = pd.DataFrame([launch | values], columns=list(LAUNCHES))
    return forecast_of(_company(None), decisions=Decisions(launches=said))


def test_a_launch_sells_what_a_person_expects_and_says_so() -> None:
    forecast = _said(weekly_units=90.0)
    new = row_of(forecast, "NEW")

    assert forecast.mean[new, 5:].mean() == pytest.approx(90.0, rel=0.1)
    assert forecast.series["reason"][new].endswith("Its level is what a person expects of it.")


def test_a_launch_sells_like_the_item_that_a_person_names() -> None:
    plain = _forecast(None)
    levels = plain.series["level"].where(plain.series["sku"] != "NEW")
    ends = {"low": int(levels.idxmin()), "high": int(levels.idxmax())}
    found = {name: _said(analogue=str(plain.series["sku"][row])) for name, row in ends.items()}
    new = row_of(plain, "NEW")

    assert found["low"].mean[new].sum() < plain.mean[new].sum() < found["high"].mean[new].sum()
    for name, row in ends.items():
        assert found[name].series["proxies"][new].split("|")[0] == plain.series["sku"][row]


def _pair(*, sold_new: np.ndarray | None = None, **new: object) -> Snapshot:
    random = np.random.default_rng(2)
    old = random.poisson(20, DAYS) if sold_new is None else random.poisson(20 - sold_new)
    sales = [daily_sales("OLD", old)]
    sales += [daily_sales(f"X{k}", random.poisson(6, DAYS)) for k in range(8)]
    if sold_new is not None:
        sales.append(daily_sales("NEW", random.poisson(sold_new)))
    items = [{"sku": f"X{k}", "category": "goods"} for k in range(8)]
    items.append({"sku": "OLD", "category": "goods", "successor": "NEW"})
    items.append({"sku": "NEW", "category": "goods", **new})
    return snapshot(sales=pd.concat(sales), items=items)


def test_a_planned_successor_takes_over_from_its_launch_on_and_the_sum_stays() -> None:
    forecast = forecast_of(_pair(status="planned", launch_date=LAUNCH))
    old, new = (forecast.mean[row_of(forecast, sku)] for sku in ("OLD", "NEW"))

    assert old + new == pytest.approx(np.full(13, 140.0), rel=0.05)
    assert (new[:4] == 0).all()
    assert (np.diff(new[4:]) > 0).all()
    assert new[-1] > 0.7 * 140
    assert column(forecast, "method", "NEW") == "hand-over"


def test_a_successor_half_way_there_keeps_what_it_has_and_gets_the_rest() -> None:
    moved = np.where(np.arange(DAYS) < DAYS - 42, 0.0, 10.0)
    forecast = forecast_of(_pair(sold_new=moved))
    old, new = (forecast.mean[row_of(forecast, sku)] for sku in ("OLD", "NEW"))

    assert old + new == pytest.approx(np.full(13, 140.0), rel=0.08)
    assert new[0] == pytest.approx(78, rel=0.15)
    assert new[-1] > new[0]
    assert old[-1] < old[0]


def test_what_is_renamed_is_one_item_and_no_successor() -> None:
    whole = _pair()
    items = whole["items"].assign(successor=None)
    items.loc[items["sku"] == "NEW", "renamed_from"] = "OLD"
    items = items[items["sku"] != "OLD"]
    forecast = forecast_of(snapshot(sales=whole["sales"], items=items))

    assert "OLD" not in set(forecast.series["sku"])
    assert forecast.mean[row_of(forecast, "NEW")] == pytest.approx(np.full(13, 140.0), rel=0.05)


def test_what_is_discontinued_without_a_successor_just_ends() -> None:
    whole = _pair()
    items = whole["items"].assign(successor=None)
    items.loc[items["sku"] == "OLD", "status"] = "discontinued"
    forecast = forecast_of(snapshot(sales=whole["sales"], items=items))

    assert forecast.mean[row_of(forecast, "OLD")].sum() == 0


def test_a_launch_still_to_come_takes_nothing_off_sale_where_the_item_sells() -> None:
    series = pd.DataFrame(
        {"launch_date": pd.to_datetime(["2027-01-04"] * 2), "status": ["active", "active"]}
    )
    ahead = pd.date_range("2026-11-23", periods=3, freq="7D")
    on_sale = _on_sale(series, np.array([True, False]), ahead, 7)
    assert on_sale.tolist() == [[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]
