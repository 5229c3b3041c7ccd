"""The rules of other buyers, at their best: levels, packs, minimums, tuning before the replay."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from engine.errors import InvalidInput
from engine.kernels.calendar import SupplierCalendar, parse_order_days
from engine.kernels.loss import normal_quantile
from engine.model.config import PlanConfig
from engine.simulate.bootstrap import differences, estimates
from engine.simulate.buying_terms import BuyingTerms, buying_terms
from engine.simulate.draws import drawn_lead_days
from engine.simulate.held_back import held_back
from engine.simulate.outcome import Scores
from engine.simulate.policy import Past, Situation, do_nothing
from engine.simulate.replay import run
from engine.simulate.rule_policy import RulePolicy
from engine.simulate.rules import RULES, Pace, levels_from, pace_of
from engine.simulate.tuning import Ground, groups_of, tune
from engine.simulate.world import World
from support.company import small_company, snapshot_of

CONFIG = PlanConfig()
MONDAY = date(2026, 11, 2)


def terms(**changed: object) -> BuyingTerms:
    """Three items of one supplier at one place."""
    usual: dict[str, object] = {
        "can_buy": np.array([True, True, True]), "pack": np.array([1, 6, 1]),
        "minimum": np.array([1, 1, 1]), "cost": np.array([10.0, 10.0, 10.0]),
        "lead_days": np.array([14.0, 14.0, 14.0]), "order": np.array([0, 0, 0]),
        "least_value": np.array([0.0]), "least_units": np.array([0.0]), "suppliers": ["KOLDING"],
        "calendars": {},
    }  # fmt: skip
    return BuyingTerms(**(usual | changed))  # type: ignore[arg-type]  a term by its name


PACE = Pace(daily=np.array([2.0, 1.0, 0.0]), weekly_sd=np.array([4.0, 2.0, 0.0]))


def every(**values: float) -> dict[str, np.ndarray]:
    return {name: np.full(3, value) for name, value in values.items()}


class Shop:
    """A situation of three items that sold 2, 1 and 0 a day."""

    day = MONDAY
    series = pd.DataFrame(
        {"sku": ["A", "B", "C"], "location": "MAIN", "supplier": "KOLDING", "cost": 10.0}
    )

    def __init__(self, position: list[int]) -> None:
        self.on_hand = np.asarray(position)
        self.on_order = np.zeros(3, np.int64)

    def past(self, days: int) -> Past:
        return Past(sold=np.tile([2, 1, 0], (days, 1)), present=np.ones((days, 3)))


def bought(position: list[int], the_terms: BuyingTerms, **more: object) -> list[int]:
    settings = every(reserve_days=9.0, cycle_days=14.0)
    policy = RulePolicy(kind="min_max", terms=the_terms, settings=settings, **more)  # type: ignore[arg-type]  a setting by its name
    orders = policy(Shop(position)).orders  # type: ignore[arg-type]  what a policy looks at, and no more
    units = dict(zip(orders["sku"], orders["units"], strict=True))
    return [int(units.get(sku, 0)) for sku in "ABC"]


def test_each_rule_sets_the_levels_it_is_known_for() -> None:
    min_max = RULES["min_max"](PACE, terms(), every(reserve_days=9.0, cycle_days=14.0), 7)
    point = RULES["reorder_point"](PACE, terms(), every(service=0.95, cycle_days=14.0), 7)
    cover = RULES["weeks_of_cover"](PACE, terms(), every(weeks=6.0), 7)

    assert min_max.low.tolist() == [60, 30, -1]  # 14 days of lead, 7 of review, 9 of reserve
    assert min_max.high[:2].tolist() == [88, 44]
    assert point.low[0] == pytest.approx(42 + normal_quantile(0.95) * 4 * np.sqrt(3))
    assert cover.needed(np.array([80, 0, 0])).tolist() == [4, 42, 0]
    # Lots of 28 until the position is above the reorder point.
    assert point.needed(np.array([20, 100, 5])).tolist() == [56, 0, 0]


def test_pace_is_that_of_the_time_in_stock() -> None:
    sold, present = np.full((91, 2), 3), np.ones((91, 2))
    sold[:45, 0], present[:45, 0] = 0, 0  # out of stock half of the quarter
    sold[:, 1] = 0
    sold[::7, 1] = 7

    found = pace_of(Past(sold=sold, present=present))

    assert found.daily.tolist() == [3.0, 1.0]
    assert found.weekly_sd[1] == 0.0  # seven each week
    assert found.weekly_sd[0] == pytest.approx(0.0, abs=1.0)


def test_orders_come_in_packs_and_reach_the_minimum_of_the_item() -> None:
    assert bought([60, 30, 0], terms()) == [28, 18, 0]  # 14 wanted of B, in sixes
    assert bought([61, 30, 0], terms()) == [0, 18, 0]
    assert bought([60, 99, 0], terms(minimum=np.array([40, 1, 1]))) == [40, 0, 0]


def test_an_order_below_the_suppliers_minimum_is_filled_up_evenly_or_waits() -> None:
    # A alone is 280; up to its maximum B adds 6 units, a week more of both 14 + 6, two 28 + 18.
    short = terms(least_value=np.array([360.0]))
    assert bought([60, 40, 0], short) == [42, 12, 0]
    assert bought([61, 31, 0], short) == [0, 0, 0]  # nothing is due
    assert bought([60, 40, 0], terms(least_value=np.array([9_999.0]))) == [0, 0, 0]
    assert bought([60, 40, 0], terms(least_units=np.array([30.0]))) == [28, 6, 0]


def test_a_supplier_takes_orders_on_its_days_or_not_at_all_this_week() -> None:
    thursdays = {"KOLDING": SupplierCalendar(order_days=parse_order_days("thu"))}
    monthly = {"KOLDING": SupplierCalendar(order_days=parse_order_days("25"))}
    settings = every(reserve_days=9.0, cycle_days=14.0)

    def placed(calendars: dict[str, SupplierCalendar]) -> list[pd.Timestamp]:
        policy = RulePolicy(kind="min_max", terms=terms(calendars=calendars), settings=settings)
        return policy(Shop([0, 99, 0])).orders["placed_on"].tolist()  # type: ignore[arg-type]  as above

    assert placed(thursdays) == [pd.Timestamp(MONDAY + timedelta(days=3))]
    assert placed(monthly) == []


def test_a_budget_buys_the_shortest_cover_first_and_never_more() -> None:
    # A covers 30 days, B 10: B goes first, and what is left does not pay for A.
    assert bought([60, 10, 0], terms(), budget=500.0) == [0, 36, 0]
    assert bought([60, 10, 0], terms(), budget=640.0) == [28, 36, 0]
    assert bought([60, 10, 0], terms(), budget=100.0) == [0, 0, 0]


def test_a_list_of_levels_names_places_or_holds_everywhere() -> None:
    listed = pd.DataFrame(
        {"sku": ["A", "A", "B"], "location": ["MAIN", None, None], "min": [5, 1, 2],
         "max": [9, 3, 4]}
    )  # fmt: skip
    series = pd.DataFrame(
        {"sku": ["A", "A", "B", "C"], "location": ["MAIN", "SHOP", "MAIN", "MAIN"]}
    )

    found = levels_from(listed, series)

    assert found["min"].tolist() == [5, 1, 2, -1]
    assert found["max"].tolist() == [9, 3, 4, -1]
    with pytest.raises(InvalidInput, match="names an item twice"):
        levels_from(pd.concat([listed, listed]), series)


@pytest.fixture(scope="module")
def ground() -> Ground:
    known = held_back(snapshot_of(small_company), 56, CONFIG).known
    world = held_back(known, 70, CONFIG)
    return Ground(
        world=world,
        terms=buying_terms(world, CONFIG),
        lead_days=drawn_lead_days(known, CONFIG, seed=1),
        warm_up_days=14,
        config=CONFIG,
    )


def scores_at(ground: Ground, weeks: float) -> Scores:
    settings = {"weeks": np.full(len(ground.world.series), weeks)}
    policy = RulePolicy(kind="weeks_of_cover", terms=ground.terms, settings=settings)
    return run(ground.world, policy, lead_days=ground.lead_days).scores(ground.warm_up_days)


def test_tuning_takes_the_cheapest_setting_of_the_time_before(ground: Ground) -> None:
    grid = {"weeks": (1.0, 6.0, 40.0)}
    rate = (CONFIG.holding_rate + CONFIG.capital_rate) * 56 / 365

    tuned = tune(ground, "weeks_of_cover", grid, by="all")

    tried = {weeks: scores_at(ground, weeks) for weeks in grid["weeks"]}
    cost = {
        weeks: each.lost_margin.sum() + rate * each.stock.sum() for weeks, each in tried.items()
    }
    assert tuned.groups == {"all": {"weeks": min(cost, key=lambda each: cost[each])}}
    assert tuned.tried == 3
    assert ground.world.first_day + timedelta(days=70) == date(2026, 9, 21)  # replay begins here


def test_tuning_for_a_fill_rate_takes_the_least_stock_that_reaches_it(ground: Ground) -> None:
    grid = {"weeks": (1.0, 6.0, 12.0, 40.0)}
    filled = {
        weeks: each.sold.sum() / each.wanted.sum()
        for weeks, each in ((weeks, scores_at(ground, weeks)) for weeks in grid["weeks"])
    }
    target = (filled[6.0] + filled[1.0]) / 2

    easy = tune(ground, "weeks_of_cover", grid, by="all", fill_rate=target)
    impossible = tune(ground, "weeks_of_cover", grid, by="all", fill_rate=0.99999)

    assert filled[1.0] < filled[6.0]
    assert easy.groups["all"]["weeks"] == 6.0
    assert filled[impossible.groups["all"]["weeks"]] == max(filled.values())


def test_groups_are_the_suppliers_or_the_classes_of_revenue(ground: Ground) -> None:
    revenue = ground.world.before.sold.sum(axis=0) * ground.world.series["price"].to_numpy()
    classes = np.asarray(groups_of(ground.world, "abc"))

    assert set(groups_of(ground.world, "supplier")) == set(ground.world.series["supplier"])
    assert revenue[classes == "A"].min() >= revenue[classes == "B"].max()
    assert revenue[classes == "A"].sum() / revenue.sum() == pytest.approx(0.8, abs=0.03)


def test_lead_times_are_drawn_once_for_all_policies_and_spread(ground: Ground) -> None:
    again = drawn_lead_days(ground.world.known, CONFIG, seed=1)
    other = drawn_lead_days(ground.world.known, CONFIG, seed=2)
    orders = ground.world.series.dropna(subset=["supplier"])
    days = [MONDAY + timedelta(days=7 * week) for week in range(6)]

    first = np.concatenate([again(orders, day) for day in days])
    shuffled = np.concatenate([again(orders[::-1], day)[::-1] for day in days])

    assert first.tolist() == shuffled.tolist()
    assert first.tolist() != np.concatenate([other(orders, day) for day in days]).tolist()
    assert first.min() >= 0
    assert len(set(first.tolist())) > 10


def test_the_same_seed_gives_the_same_intervals_and_pairs_what_is_compared(ground: Ground) -> None:
    scores = {"six": scores_at(ground, 6.0), "again": scores_at(ground, 6.0)}
    scores["none"] = run(ground.world, do_nothing, lead_days=ground.lead_days).scores(14)

    found = estimates(scores, seed=5, draws=300)
    apart = differences(scores, "six", seed=5, draws=300)

    six = scores["six"]
    assert found == estimates(scores, seed=5, draws=300)
    assert found["six"]["fill_rate"].value == pytest.approx(six.sold.sum() / six.wanted.sum())
    assert found["six"]["fill_rate"].low < found["six"]["fill_rate"].value
    assert found["six"]["fill_rate"].value < found["six"]["fill_rate"].high
    # Equal policies differ by nothing, whatever items are drawn.
    assert all((each.low, each.high) == (0.0, 0.0) for each in apart["again"].values())
    assert apart["none"]["fill_rate"].low > 0


def test_an_interval_over_items_is_as_wide_as_the_formula_says() -> None:
    random = np.random.default_rng(3)
    lost = random.normal(100.0, 20.0, 400)
    nothing = np.zeros(400)
    series = pd.DataFrame({"sku": [f"S{i}" for i in range(400)], "location": "MAIN"})
    scores = Scores(
        series=series, wanted=np.ones(400, np.int64), sold=np.ones(400, np.int64),
        lost_margin=lost, stock=nothing, ordered=nothing, lines=np.zeros(400, np.int64),
    )  # fmt: skip

    found = estimates({"it": scores}, seed=1)["it"]["lost_margin"]

    half = 1.96 * lost.std() * np.sqrt(400)
    assert (found.high - found.low) / 2 == pytest.approx(half, rel=0.08)


def test_places_of_one_item_are_drawn_together() -> None:
    """Two places that balance each other: chance among items cannot move their sum."""
    values = np.tile([10.0, -10.0], 30)
    series = pd.DataFrame({"sku": np.repeat([f"S{i}" for i in range(30)], 2), "location": "X"})
    scores = Scores(
        series=series, wanted=np.ones(60, np.int64), sold=np.ones(60, np.int64),
        lost_margin=values, stock=values, ordered=values, lines=np.ones(60, np.int64),
    )  # fmt: skip

    found = estimates({"it": scores}, seed=1)["it"]["lost_margin"]

    assert (found.low, found.high) == (0.0, 0.0)


def test_what_was_new_within_the_replay_is_left_out_for_everybody() -> None:
    world = held_back(snapshot_of(small_company), 28, CONFIG)
    first = np.zeros(len(world.series), dtype=np.bool_)
    first[0] = True
    fewer = replace(world, established=world.established & ~first)

    whole, part = (_idle(each) for each in (world, fewer))

    assert len(part.series) == len(whole.series) - 1
    assert part.wanted.tolist() == whole.wanted[1:].tolist()


def _idle(world: World) -> Scores:
    return run(
        world, do_nothing, lead_days=lambda orders, _day: np.zeros(len(orders), int)
    ).scores()


def test_a_situation_shows_stock_on_order(ground: Ground) -> None:
    """A rule that buys to a level does not buy the same again next week."""
    mornings: list[Situation] = []
    settings = {"weeks": np.full(len(ground.world.series), 6.0)}
    policy = RulePolicy(kind="weeks_of_cover", terms=ground.terms, settings=settings)

    def watched(situation: Situation, /) -> object:
        mornings.append(situation)
        return policy(situation)

    run(ground.world, watched, lead_days=ground.lead_days)  # type: ignore[arg-type]  a policy that only looks on

    ordered = policy(mornings[1]).orders["units"].sum()
    assert ordered < 0.5 * policy(mornings[0]).orders["units"].sum()
