"""Our plan, what was done and doing nothing meet the same customers."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.errors import InvalidInput
from engine.service.replay import HISTORY, NOTHING, OURS, replay_weeks
from engine.service.replay_rules import Rivals
from engine.service.rule_file import RuleSpec
from engine.service.stores import Stores
from engine.simulate.scope import Scope
from support.company import LAST_DAY
from support.imported import QUICK, opened


@pytest.fixture
def stores(imported_home: Path) -> Iterator[Stores]:
    """A replay reads the snapshot and writes nothing, so no copy is needed."""
    yield from opened(imported_home)


def test_a_week_is_replayed_under_our_plan_beside_history(stores: Stores) -> None:
    report = replay_weeks(stores, QUICK, weeks=1, budget_minor=800_000)

    ours, done, nothing = report.of(OURS), report.of(HISTORY), report.of(NOTHING)
    assert (report.first_day, report.last_day) == (LAST_DAY - timedelta(days=6), LAST_DAY)
    assert ours.wanted_units == done.wanted_units == nothing.wanted_units > 100
    assert ours.sold_units >= nothing.sold_units
    assert 0 < ours.ordered_minor <= 800_000
    assert done.ordered_minor > nothing.ordered_minor == 0
    assert report.currency == "GBP"
    assert (report.warm_up_weeks, report.rules) == (0, ())


@pytest.mark.slow  # a whole tuning
def test_rules_are_tuned_before_the_weeks_that_count_and_meet_the_same_customers(
    stores: Stores,
) -> None:
    rules = (
        RuleSpec(name="weeks", rule="weeks_of_cover", by="all", weeks=(4.0, 12.0)),
        RuleSpec(name="fixed", rule="min_max", reserve_days=14.0, cycle_days=28.0),
    )
    stages: list[str] = []

    report = replay_weeks(
        stores,
        QUICK,
        weeks=8,
        scope=Scope(sample=25, seed=1),
        rivals=Rivals(rules=rules),
        progress=lambda stage, _done, _total: stages.append(stage),
    )

    weeks, fixed = report.rules
    assert report.first_day == LAST_DAY - timedelta(days=55)
    assert weeks.tuned_to == report.first_day - timedelta(days=1)
    assert weeks.tuned_from == report.first_day - timedelta(days=56)
    assert weeks.tried == 2
    assert (fixed.tuned_from, dict(fixed.groups)) == (
        None, {"all": {"reserve_days": 14.0, "cycle_days": 28.0}},
    )  # fmt: skip
    assert report.warm_up_weeks == 2
    assert report.of(OURS).first_day == report.first_day + timedelta(days=14)
    assert {each.wanted_units for each in report.outcomes} == {report.of(OURS).wanted_units}
    assert report.series < 75
    fill = report.estimates["weeks"]["fill_rate"]
    assert fill.value == pytest.approx(report.of("weeks").fill_rate)
    assert fill.low <= fill.value <= fill.high
    assert set(report.against) == {HISTORY, "weeks", "fixed", NOTHING}
    assert {"tuning weeks", "replaying our plan", "replaying fixed"} <= set(stages)


def test_a_history_that_leaves_nothing_to_tune_on_says_what_to_do(stores: Stores) -> None:
    with pytest.raises(InvalidInput, match="give every setting a number"):
        replay_weeks(stores, QUICK, weeks=38, rivals=Rivals(), scope=Scope(sample=5))


def test_a_replay_longer_than_the_history_is_refused(stores: Stores) -> None:
    with pytest.raises(InvalidInput, match=r"364\. Choose fewer"):
        replay_weeks(stores, QUICK, weeks=60)
