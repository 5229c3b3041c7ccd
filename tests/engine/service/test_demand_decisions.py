"""What people decide about demand: who may, what makes sense, what a plan is given, its end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import IllegalTransition, InvalidInput, NotAllowed, PlanningError, UnknownName
from engine.model.people_plans import (
    Override,
    PlannedLaunch,
    PlannedPrice,
    PlannedPromotion,
)
from engine.model.snapshot import Snapshot
from engine.service import audit, demand_decisions
from engine.service.decisions import decisions_in_force
from engine.service.demand_decisions import DemandDecision
from engine.service.launches import add_launch
from engine.service.overrides import add_override, overrides
from engine.service.price_plans import add_price
from engine.service.promotions import add_promotion
from engine.service.reading import latest_run
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.snapshots import load_snapshot
from engine.store.tables.demand import demand_decisions as decided, demand_withdrawals
from support.agent import AS_OF, planned_stores
from support.purchasing import NOW, person

CHRISTMAS = date(2026, 12, 24)
RAISE = Override(sku="LAMP-OAK-01", start=AS_OF, end=CHRISTMAS, factor=1.2, reason="the fair")
PROMOTION = PlannedPromotion(sku="LAMP-OAK-01", start=AS_OF, end=CHRISTMAS, depth=0.2)
LAUNCH = PlannedLaunch(sku="LAMP-ELM-03", launch_on=CHRISTMAS, analogue="LAMP-OAK-01")


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return planned_stores(database, tmp_path)


def set_by(stores: Stores, override: Override, who: str = "bea") -> DemandDecision[Override]:
    return add_override(stores, override, person=person(stores, who), now=NOW)


def planned_from(stores: Stores) -> Snapshot:
    return load_snapshot(stores.database, stores.blobs, latest_run(stores).snapshot_id)


def in_plan(stores: Stores) -> list[dict[str, object]]:
    snapshot = planned_from(stores)
    found = decisions_in_force(stores, snapshot, NOW).overrides
    return found.to_dict("records")


def test_an_override_counts_in_the_next_plan_with_its_author_and_reason(stores: Stores) -> None:
    made = set_by(stores, RAISE)

    (row,) = in_plan(stores)
    assert (row["sku"], row["factor"], row["author"]) == ("LAMP-OAK-01", 1.2, "bea")
    assert (row["reason"], row["id"]) == ("the fair", made.id)
    assert made.expires_on == CHRISTMAS + timedelta(days=1)


def test_units_a_week_become_units_of_the_period(stores: Stores) -> None:
    end = AS_OF + timedelta(days=20)
    set_by(stores, replace(RAISE, factor=None, units=300, per="week", end=end))
    set_by(stores, replace(RAISE, factor=None, low=10, high=20, per="day", end=end))

    weekly, daily = in_plan(stores)
    assert weekly["units"] == pytest.approx(900)
    assert (daily["low"], daily["high"]) == (210, 420)


def test_what_has_no_end_is_looked_at_again_after_a_quarter(stores: Stores) -> None:
    made = set_by(stores, replace(RAISE, end=None))

    assert made.expires_on == AS_OF + timedelta(days=91)
    with stores.database.read() as look:
        counts = [
            len(demand_decisions.in_force(look, "override", Override, AS_OF + timedelta(days=days)))
            for days in (90, 91)
        ]
    assert counts == [1, 0]


def test_a_withdrawn_override_does_not_count_and_keeps_its_history(stores: Stores) -> None:
    made = set_by(stores, RAISE)
    demand_decisions.withdraw(stores, made.id, person=person(stores, "ben"), now=NOW)

    assert in_plan(stores) == []
    (kept,) = overrides(stores, NOW)
    assert (kept.state, kept.withdrawn_by, kept.content) == ("withdrawn", "ben", made.content)
    with pytest.raises(IllegalTransition, match="withdrawn"):
        demand_decisions.withdraw(stores, made.id, person=person(stores, "bea"), now=NOW)


def test_whoever_may_not_override_can_neither_set_nor_withdraw(stores: Stores) -> None:
    made = set_by(stores, RAISE)
    with pytest.raises(NotAllowed, match="Bea Marsh"):
        set_by(stores, RAISE, who="dana")
    with pytest.raises(NotAllowed):
        demand_decisions.withdraw(stores, made.id, person=person(stores, "dana"), now=NOW)
    assert len(in_plan(stores)) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"factor": None}, "one thing"),
        ({"units": 3.0}, "one thing"),
        ({"factor": 40.0}, "not possible"),
        ({"factor": None, "units": -3.0}, "no forecast"),
        ({"factor": None, "low": 9.0, "high": 3.0}, "lower to the higher"),
        ({"factor": None, "units": 3.0, "end": None}, "until when"),
        ({"end": AS_OF - timedelta(days=1)}, "no period"),
        ({"start": date(2026, 1, 1), "end": date(2026, 2, 1)}, "has passed"),
        ({"sku": "LAMP-OAK-1"}, "LAMP-OAK-01"),
        ({"location": "PARIS"}, "LEEDS"),
    ],
)
def test_what_makes_no_forecast_is_refused(
    stores: Stores, change: dict[str, object], told: str
) -> None:
    with pytest.raises(InvalidInput, match=told):
        set_by(stores, replace(RAISE, **change))  # type: ignore[arg-type]  # fields by name
    assert overrides(stores, NOW) == ()


def test_every_decision_and_its_end_is_sealed_in_the_audit(stores: Stores) -> None:
    made = set_by(stores, RAISE)
    demand_decisions.withdraw(stores, made.id, person=person(stores, "bea"), now=NOW, reason="no")

    told = [event.kind for event in audit.events(stores, subject=f"demand:{made.id}")]
    assert told == ["demand.decided", "demand.withdrawn"]
    assert audit.verify(stores).verified


ATTACKS: dict[str, Callable[[], sa.Executable]] = {
    "content": lambda: sa.update(decided).values(
        content=sa.func.replace(decided.c.content, "1.2", "9.2")
    ),
    "author": lambda: sa.update(decided).values(author="dana"),
    "expiry": lambda: sa.update(decided).values(expires_on=date(2030, 1, 1)),
    "gone": lambda: sa.delete(decided),
    "ended": lambda: sa.insert(demand_withdrawals).values(decision_id=1, author="bea", at=NOW),
}


@pytest.mark.parametrize("attack", sorted(ATTACKS))
def test_a_decision_changed_beside_the_audit_is_found(stores: Stores, attack: str) -> None:
    set_by(stores, RAISE)
    with stores.database.write() as work:
        work.execute(ATTACKS[attack]())
    assert "demand:1" in audit.verify(stores).findings[0].sentence


def test_promotions_launches_and_prices_join_the_decisions(stores: Stores) -> None:
    bea = person(stores, "bea")
    add_promotion(stores, PROMOTION, person=bea, now=NOW)
    add_promotion(stores, replace(PROMOTION, sku="", category="Lighting"), person=bea, now=NOW)
    add_launch(stores, LAUNCH, person=bea, now=NOW)
    add_price(
        stores, PlannedPrice(sku="CHAIR-1", price_micros=24_900_000, start=CHRISTMAS),
        person=bea, now=NOW,
    )  # fmt: skip

    snapshot = planned_from(stores)
    found = decisions_in_force(stores, snapshot, NOW)
    assert found.promotions["promotion"].tolist() == ["person-1", "person-2"]
    assert found.promotions["category"].tolist() == [None, "Lighting"]
    assert found.launches["analogue"].tolist() == ["LAMP-OAK-01"]
    assert found.prices["price_micros"].tolist() == [24_900_000]
    assert audit.verify(stores).verified


def test_a_past_promotion_still_explains_what_was_sold(stores: Stores) -> None:
    past = replace(PROMOTION, start=AS_OF - timedelta(days=30), end=AS_OF - timedelta(days=20))
    add_promotion(stores, past, person=person(stores, "bea"), now=NOW)

    snapshot = planned_from(stores)
    later = decisions_in_force(stores, snapshot, NOW + timedelta(days=40))
    assert len(later.promotions) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"depth": 1.4}, "no promotion"),
        ({"depth": 0.0}, "no promotion"),
        ({"category": "Lighting"}, "one item or for one category"),
        ({"sku": ""}, "one item or for one category"),
        ({"sku": "", "category": "Lightning"}, "No category"),
        ({"end": AS_OF - timedelta(days=1)}, "no period"),
        ({"location": "PARIS"}, "No place"),
    ],
)
def test_a_promotion_of_nothing_is_refused(
    stores: Stores, change: dict[str, object], told: str
) -> None:
    with pytest.raises(InvalidInput, match=told):
        add_promotion(
            stores,
            replace(PROMOTION, **change),
            person=person(stores, "bea"),
            now=NOW,  # type: ignore[arg-type]  # fields by name
        )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"analogue": "LAMP-OAK-1"}, "LAMP-OAK-01"),
        ({"siblings": ("LAMP-OAK-1",)}, "LAMP-OAK-01"),
        ({"analogue": ""}, "is new"),
        ({"weekly_units": 0.0}, "no launch"),
        ({"sku": " "}, "needs the code"),
        ({"launch_on": date(2031, 1, 1)}, "two years"),
    ],
)
def test_a_launch_of_which_nothing_is_known_is_refused(
    stores: Stores, change: dict[str, object], told: str
) -> None:
    with pytest.raises(InvalidInput, match=told):
        add_launch(
            stores,
            replace(LAUNCH, **change),
            person=person(stores, "bea"),
            now=NOW,  # type: ignore[arg-type]  # fields by name
        )


def test_a_price_out_of_all_proportion_is_taken_for_a_slip(stores: Stores) -> None:
    with pytest.raises(InvalidInput, match="out of proportion"):
        add_price(
            stores, PlannedPrice(sku="CHAIR-1", price_micros=10**10, start=CHRISTMAS),
            person=person(stores, "bea"), now=NOW,
        )  # fmt: skip


def test_nothing_can_be_set_before_there_is_a_plan(database: Database, tmp_path: Path) -> None:
    from support.purchasing import purchasing_stores

    stores = purchasing_stores(database, tmp_path)
    with pytest.raises(PlanningError, match="no plan yet"):
        set_by(stores, RAISE)


def test_an_unknown_decision_cannot_be_withdrawn(stores: Stores) -> None:
    with pytest.raises(UnknownName, match="77"):
        demand_decisions.withdraw(stores, 77, person=person(stores, "bea"), now=NOW)
