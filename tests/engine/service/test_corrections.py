"""Corrections of demand: seen per series, undone by a person, taken up again."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.errors import InvalidInput, NotAllowed, UnknownName
from engine.model.people_plans import KeepAsRecorded
from engine.service import audit, corrections
from engine.service.correction_tables import corrections_of
from engine.service.data_health import data_health
from engine.service.decisions import decisions_in_force
from engine.service.reading import latest_run
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.snapshots import load_snapshot
from support.agent import AS_OF, planned_stores
from support.purchasing import NOW, person

OUT = AS_OF - timedelta(weeks=20)  # the first of three weeks out of stock
KEEP = KeepAsRecorded(
    sku="LAMP-OAK-01", location="LEEDS", start=OUT, end=OUT + timedelta(days=13), kind="stockout",
    reason="The shop was closed for works.",
)  # fmt: skip


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return planned_stores(database, tmp_path)


def _kept(stores: Stores, days: int = 0) -> list[dict[str, object]]:
    snapshot = load_snapshot(stores.database, stores.blobs, latest_run(stores).snapshot_id)
    return decisions_in_force(stores, snapshot, NOW + timedelta(days=days)).kept.to_dict("records")


def test_a_run_says_what_was_corrected_of_an_item_and_why(stores: Stores) -> None:
    made = corrections_of(stores, latest_run(stores), "LAMP-OAK-01", "LEEDS")

    assert [each.start for each in made] == [OUT + timedelta(weeks=k) for k in range(3)]
    assert {each.kind for each in made} == {"stockout"}
    assert all(each.before == 0 < each.after for each in made)
    assert made[0].reason.startswith("It could not be bought all the time")


def test_an_undone_correction_counts_in_the_next_plan_until_it_is_taken_up_again(
    stores: Stores,
) -> None:
    decision = corrections.reverse(stores, KEEP, person=person(stores, "bea"), now=NOW)
    kept = _kept(stores)

    assert [row["sku"] for row in kept] == ["LAMP-OAK-01"]
    assert kept[0]["kind"] == "stockout"
    assert kept[0]["author"] == decision.author
    assert _kept(stores, days=400)  # what is past does not expire

    corrections.restore(stores, decision.id, person=person(stores, "bea"), now=NOW)

    assert _kept(stores) == []
    assert corrections.reversals(stores, NOW)[0].state == "withdrawn"
    assert audit.verify(stores).verified


def test_only_who_may_override_undoes_a_correction(stores: Stores) -> None:
    with pytest.raises(NotAllowed, match="Bea Marsh"):
        corrections.reverse(stores, KEEP, person=person(stores, "dana"), now=NOW)


@pytest.mark.parametrize(
    ("changed", "error", "match"),
    [
        ({"start": date(2026, 1, 1), "end": date(2026, 1, 2)}, InvalidInput, "corrects nothing"),
        ({"kind": "spike"}, InvalidInput, "corrects nothing .* as spike"),
        ({"end": OUT - timedelta(days=1)}, InvalidInput, "after its end"),
        ({"sku": "LAMP-OAK"}, UnknownName, "LAMP-OAK-01"),
        ({"location": "PARIS"}, UnknownName, "LEEDS"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(
    stores: Stores, changed: dict[str, Any], error: type[Exception], match: str
) -> None:
    keep = replace(KEEP, **changed)

    with pytest.raises(error, match=match):
        corrections.reverse(stores, keep, person=person(stores, "bea"), now=NOW)


def test_only_a_reversed_correction_is_restored(stores: Stores) -> None:
    with pytest.raises(UnknownName):
        corrections.restore(stores, 99, person=person(stores, "bea"), now=NOW)


def test_the_health_of_the_data_adds_up_what_was_corrected_and_ranks_what_to_fix(
    stores: Stores,
) -> None:
    health = data_health(stores, latest_run(stores), NOW)
    total = health.totals[0]

    assert (total.kind, total.series, total.periods, total.removed) == ("stockout", 12, 36, 0)
    assert total.added == pytest.approx(12 * (3 * 8 + (10 + 11 + 12) * 4 / 29))
    assert health.corrected_share == pytest.approx(total.added / (12 * 30 * 10))
    assert health.quarantined == 3
    assert [issue.code for issue in health.issues] == ["phantom-stock", "stock-history-missing"]
    assert health.issues[0].at_stake_minor == 4 * 11 * 4000  # weeks x units x pence
    assert health.reversed_by_people == 0
