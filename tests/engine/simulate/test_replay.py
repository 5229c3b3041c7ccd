"""A replay follows the goods day by day, and history replayed is history."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from engine.demand import clean_demand
from engine.errors import InvalidInput
from engine.kernels.renames import under_current_names
from engine.model.config import PlanConfig
from engine.model.snapshot import Snapshot
from engine.simulate.held_back import held_back
from engine.simulate.history import as_it_happened
from engine.simulate.outcome import Outcome
from engine.simulate.policy import (
    ORDERS,
    TRANSFERS,
    Decision,
    Situation,
    do_nothing,
)
from engine.simulate.replay import run
from engine.simulate.world import World
from support.company import full_company, snapshot_of
from support.demand import snapshot

AS_OF = date(2026, 11, 9)
FIRST = date(2026, 11, 2)


def shop(**more: object) -> Snapshot:
    """LAMP in Leeds and London, ten on hand; the last week sold 4, 4, 4, 2 and then ran out."""
    days = pd.date_range(FIRST, periods=7)
    sold = [4, 4, 4, 2, 0, 0, 0]
    usual = pd.date_range(FIRST - timedelta(days=20), periods=20)
    rows: dict[str, object] = {
        "items": [{"sku": "LAMP", "price_micros": 50_000_000, "unit_cost_micros": 20_000_000}],
        "supplier_items": [{"supplier": "KOLDING", "sku": "LAMP", "unit_cost_micros": 20_000_000}],
        "sales": [
            {"date": day, "sku": "LAMP", "location": "LEEDS", "units": units, "kind": "sale",
             "net_revenue_micros": units * 40_000_000}
            for day, units in [*zip(usual, [4] * 20, strict=True), *zip(days, sold, strict=True)]
            if units
        ],
        "stock": [
            {"date": day, "sku": "LAMP", "location": "LEEDS", "on_hand": units,
             "in_stock_fraction": part}
            for day, units, part in [
                *((day, 10, 1.0) for day in usual),
                *zip(days, [6, 2, 2, 0, 0, 0, 0], [1, 1, 1, 0.5, 0, 0, 0], strict=True),
            ]
        ] + [
            {"date": FIRST - timedelta(days=1), "sku": "LAMP", "location": "LONDON", "on_hand": 9}
        ],
        "purchase_orders": [
            {"po": "P1", "line": 1, "supplier": "KOLDING", "sku": "LAMP", "location": "LEEDS",
             "ordered_on": "2026-10-20", "units": 4},
            {"po": "P2", "line": 1, "supplier": "KOLDING", "sku": "LAMP", "location": "LEEDS",
             "ordered_on": "2026-11-03", "units": 6},
        ],
        "receipts": [
            {"po": "P1", "line": 1, "received_on": "2026-11-04", "units": 4},
        ],
    }  # fmt: skip
    return snapshot(as_of=AS_OF, first_day=date(2026, 10, 13), **(rows | more))  # type: ignore[arg-type]  a table by its name


def steady(days: int = 7) -> World:
    """The last days of the shop, with four wanted in Leeds on each."""
    world = held_back(shop(), days, PlanConfig())
    wanted = np.zeros_like(world.wanted)
    wanted[:, 0] = 4
    return replace(world, wanted=wanted)


def after(days: int) -> Callable[[pd.DataFrame, date], NDArray[np.int64]]:
    return lambda orders, _day: np.full(len(orders), days)


def buys(units: int, *, on: date = FIRST) -> Callable[[Situation], Decision]:
    def policy(situation: Situation, /) -> Decision:
        if situation.day != on:
            return Decision()
        row = {"sku": "LAMP", "location": "LEEDS", "supplier": "KOLDING", "units": units,
               "cost": 20.0, "placed_on": None, "arrives_on": None}  # fmt: skip
        return Decision(orders=pd.DataFrame([row], columns=list(ORDERS)))

    return policy


def outcome(world: World, policy: Callable[[Situation], Decision], days: int) -> Outcome:
    return run(world, policy, lead_days=after(days)).outcome("it")


def test_a_cancellation_is_told_from_the_promised_day_on_and_no_longer_waited_for() -> None:
    """P1 comes; P3, out with it, was cancelled: heard of on the sixth, never to be counted on."""
    orders = [
        {"po": po, "line": 1, "supplier": "KOLDING", "sku": "LAMP", "location": "LEEDS",
         "ordered_on": "2026-10-20", "promised_on": "2026-11-05", "units": 4,
         "cancelled_units": cancelled}
        for po, cancelled in (("P1", 0), ("P3", 4))
    ]  # fmt: skip
    world = held_back(shop(purchase_orders=orders), 7, PlanConfig())
    told: dict[date, tuple[int, int]] = {}

    def watch(situation: Situation) -> Decision:
        found = situation.snapshot()["purchase_orders"].set_index("po")["cancelled_units"]
        told[situation.day] = (int(found["P3"]), int(situation.on_order[0]))
        return do_nothing(situation)

    run(world, watch, lead_days=after(5), review_days=1)

    assert told[date(2026, 11, 2)] == (0, 8)
    assert told[date(2026, 11, 5)] == (0, 4)  # P1 came on the fourth
    assert told[date(2026, 11, 6)] == (4, 0)


def test_customers_of_a_stockout_are_not_forgotten() -> None:
    company = shop()
    world = held_back(company, 7, PlanConfig())
    panel = clean_demand(company, PlanConfig())

    # Sold 14; out for half of the fourth day and three more, at 4 a day.
    leeds = world.wanted[:, 0]
    assert world.series["location"].tolist() == ["LEEDS", "LONDON"]
    assert leeds[:3].tolist() == [4, 4, 4]
    assert leeds.sum() == round(float(panel.clean[0, -1])) == 27
    assert (leeds[3:] >= 3).all()
    assert world.wanted[:, 1].sum() == 0
    assert world.opening.tolist() == [10, 9]
    assert world.arriving[:, 0].tolist() == [0, 0, 4, 0, 0, 0, 0]
    assert world.inbound.tolist() == [4, 0]  # P2 was not ordered yet


def test_doing_nothing_sells_what_there_is() -> None:
    result = outcome(steady(), do_nothing, 3)

    assert (result.wanted_units, result.sold_units, result.lost_units) == (28, 14, 14)
    assert result.fill_rate == 0.5
    assert result.lost_margin_minor == 14 * 2_000  # sold at 40, bought at 20
    assert result.opening_stock_minor == 19 * 2_000
    assert result.closing_stock_minor == 9 * 2_000
    assert result.series_days_out == 4
    assert result.stockout_rate == pytest.approx(4 / 7)
    assert result.ordered_minor == 0


def test_an_order_sells_from_the_day_it_arrives() -> None:
    result = outcome(steady(), buys(12), 4)

    # The fourth day sells 2 of 4; the twelve arrive on the fifth and last for three days.
    assert result.sold_units == 26
    assert result.ordered_units == 12
    assert result.ordered_minor == 12 * 2_000


def test_an_order_that_comes_too_late_only_costs() -> None:
    result = outcome(steady(), buys(12), 7)

    assert result.sold_units == 14
    assert result.ordered_minor == 12 * 2_000


def test_goods_that_come_at_once_sell_today() -> None:
    assert outcome(steady(), buys(100), 0).sold_units == 28


def test_a_transfer_takes_only_what_the_source_has() -> None:
    def moves(situation: Situation, /) -> Decision:
        row = {"sku": "LAMP", "from_location": "LONDON", "to_location": "LEEDS", "units": 50,
               "arrives_days": 2}  # fmt: skip
        return Decision(transfers=pd.DataFrame([row], columns=list(TRANSFERS)))

    result = outcome(steady(), moves, 3)

    assert result.moved_units == 9
    assert result.sold_units == 23
    assert result.closing_stock_minor == 0


@pytest.mark.parametrize(
    ("change", "named"),
    [({"to_location": "MARS"}, "MARS"), ({"from_location": "MARS"}, "MARS"), ({"units": -3}, "-3")],
)
def test_a_transfer_to_nowhere_or_of_nothing_is_refused(
    change: dict[str, object], named: str
) -> None:
    def moves(_situation: Situation, /) -> Decision:
        row = {"sku": "LAMP", "from_location": "LONDON", "to_location": "LEEDS", "units": 5,
               "arrives_days": 2}  # fmt: skip
        return Decision(transfers=pd.DataFrame([row | change], columns=list(TRANSFERS)))

    with pytest.raises(InvalidInput, match=named):
        outcome(steady(), moves, 3)


def test_a_policy_sees_its_morning_and_not_the_day_after() -> None:
    world = steady()
    mornings: list[Situation] = []

    def watches(situation: Situation, /) -> Decision:
        mornings.append(situation)
        return buys(12)(situation)

    run(world, watches, lead_days=after(3), review_days=2)

    assert [morning.day for morning in mornings] == [
        FIRST + timedelta(days=d) for d in (0, 2, 4, 6)
    ]
    known = mornings[1].snapshot()
    assert known.as_of == FIRST + timedelta(days=2)
    assert known["sales"]["date"].max() == pd.Timestamp(FIRST) + pd.Timedelta(days=1)
    assert known["purchase_orders"]["po"].tolist() == ["P1", "REPLAY-00001"]
    assert mornings[1].on_hand.tolist() == [6, 9]  # 10 less 8 sold, P1 came this morning
    assert mornings[1].on_order.tolist() == [12, 0]
    assert mornings[3].on_order.tolist() == [0, 0]
    later = mornings[3].snapshot()
    assert later["receipts"]["units"].tolist() == [4, 12]
    assert later["stock"].query("sku == 'LAMP' and location == 'LEEDS'")["on_hand"].iloc[-1] == 2
    assert later["sales"].dtypes.equals(world.known["sales"].dtypes)
    past = mornings[2].past(6)
    assert past.sold.shape == (6, 2)  # two days before the replay, four of it
    assert past.sold[:, 0].tolist() == [4, 4, 4, 4, 4, 4]
    assert past.present[:, 0].tolist() == [1, 1, 1, 1, 1, 1]
    assert len(mornings[0].past(400).sold) == 20  # no further back than there is history


def test_the_warm_up_is_lived_through_and_not_counted() -> None:
    world = steady()

    whole = run(world, buys(12), lead_days=after(4))
    counted = whole.outcome("it", warm_up_days=3)

    # The last four days: 2 of 4 sold, then twelve come and last for three days.
    assert (counted.wanted_units, counted.sold_units) == (16, 14)
    assert counted.first_day == FIRST + timedelta(days=3)
    assert (counted.orders, counted.order_lines, counted.ordered_minor) == (0, 0, 0)
    assert whole.outcome("it").orders == 1
    # Evenings: none of the fourth day, then 8, 4, 0; London keeps its nine at 20 each.
    assert counted.average_stock_minor == (3 + 9) * 2_000


def test_an_order_put_off_is_placed_on_its_day_and_takes_its_time_from_there() -> None:
    def waits(situation: Situation, /) -> Decision:
        orders = buys(12)(situation).orders
        return Decision(orders=orders.assign(placed_on=pd.Timestamp(FIRST + timedelta(days=2))))

    journal = run(steady(), waits, lead_days=after(2)).journal

    assert journal.placed()[["day", "due"]].to_numpy().tolist() == [[2, 4]]


def test_an_order_put_off_beyond_the_next_decision_is_refused() -> None:
    def waits(situation: Situation, /) -> Decision:
        orders = buys(12)(situation).orders
        return Decision(orders=orders.assign(placed_on=pd.Timestamp(FIRST + timedelta(days=7))))

    with pytest.raises(InvalidInput, match="within the 7 days until the next decision"):
        outcome(steady(), waits, 2)


def test_a_policy_cannot_write_into_the_books() -> None:
    def greedy(situation: Situation, /) -> Decision:
        situation.on_hand[:] = 1_000
        return Decision()

    assert outcome(steady(), greedy, 3).sold_units == 14


def test_an_order_for_nowhere_is_refused() -> None:
    def lost(_situation: Situation, /) -> Decision:
        row = {"sku": "LAMP", "location": "PARIS", "supplier": "KOLDING", "units": 1, "cost": 1.0}
        return Decision(orders=pd.DataFrame([row], columns=list(ORDERS)))

    with pytest.raises(InvalidInput, match="LAMP for PARIS, which is no series"):
        outcome(steady(), lost, 3)


@pytest.mark.parametrize(("days", "said"), [(0, "cannot be held back"), (400, "Choose fewer")])
def test_a_history_too_short_is_refused(days: int, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        held_back(shop(), days, PlanConfig())


def test_a_history_without_stock_is_refused() -> None:
    with pytest.raises(InvalidInput, match="No stock is on record before 2026-11-02"):
        held_back(shop(stock=[]), 7, PlanConfig())


def test_weekly_sales_are_refused() -> None:
    with pytest.raises(InvalidInput, match="import daily sales"):
        held_back(replace(shop(), sales_bucket="week"), 7, PlanConfig())


@pytest.mark.parametrize("days", [7, 28])
def test_history_replayed_ends_with_the_recorded_stock_of_every_series(days: int) -> None:
    company = under_current_names(snapshot_of(full_company))
    world = held_back(company, days, PlanConfig())

    result = run(world, as_it_happened(company), lead_days=after(1), hindsight=True)

    stock = company["stock"]
    last = stock[stock["date"] == stock["date"].max()]
    row = world.rows.place(last)
    assert (row >= 0).sum() > 900
    recorded = last["on_hand"].to_numpy(dtype=np.int64)[row >= 0]
    assert (result.journal.on_hand[row[row >= 0]] == recorded).all()


def test_what_was_really_done_beats_doing_nothing_over_a_month() -> None:
    company = snapshot_of(full_company)
    world = held_back(company, 28, PlanConfig())
    history = as_it_happened(company)

    done = run(world, history, lead_days=after(1), hindsight=True).outcome("done")
    nothing = outcome(world, do_nothing, 1)

    assert done.wanted_units == nothing.wanted_units
    assert done.sold_units > nothing.sold_units
    assert done.lost_margin_minor < nothing.lost_margin_minor
    assert done.ordered_minor > 0
