"""The ninety days: what passes, what is missing and which items are concerned."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.service.rollout import Rollout, due_by, rollout
from engine.service.rollout_items import LACKS, readiness
from engine.service.stores import Stores
from engine.store.database import Database
from support.company import small_company, snapshot_of
from support.imported import NOW, QUICK, copied, opened
from support.plans import stores_for
from support.shell import qm, use_home


@pytest.fixture(scope="module")
def stores(quick_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    yield from opened(copied(quick_home, tmp_path_factory.mktemp("rollout") / "home"))


@pytest.fixture(scope="module")
def rolled(stores: Stores) -> Rollout:
    return rollout(stores, QUICK, now=NOW + timedelta(days=9))


def test_it_begins_before_anything_is_there(database: Database, tmp_path: Path) -> None:
    empty = rollout(stores_for(database, tmp_path), QUICK, now=NOW)

    assert (empty.begun, empty.day, empty.share) == (None, 0, pytest.approx(1 / 7))
    assert [step.passes for step in empty.steps] == [False] * 4
    assert empty.step is not None
    assert "qm import" in empty.step.checks[0].missing


def test_a_planned_company_is_told_what_it_has_and_what_it_lacks(rolled: Rollout) -> None:
    passing = {check.name: check.passes for step in rolled.steps for check in step.checks}

    assert (rolled.day, rolled.begun) == (10, date(2026, 11, 16))
    assert passing["data are imported"]
    assert passing["a fixed cap"]
    assert not passing["one drafts, another approves"]  # no people file was put in force
    assert not passing["orders go out"]
    assert not passing["a review was held"]
    for step in rolled.steps:
        for check in step.checks:
            assert bool(check.missing) is not check.passes or check.passes
    assert due_by(rolled, rolled.steps[0]) == date(2026, 12, 15)


def test_the_cleanest_items_lack_nothing_and_the_others_say_what(rolled: Rollout) -> None:
    facts = rolled.steps[0].facts

    clean, lacking = set(facts["cleanest"]), facts["next"]
    assert len(clean) > 40
    assert all(each["lacks"] for each in lacking)
    assert clean.isdisjoint(each["sku"] for each in lacking)
    assert set(facts["lacks"]) == set(facts["how"]) <= set(LACKS)


def test_an_item_without_a_cost_or_a_supplier_is_not_clean() -> None:
    snapshot = snapshot_of(small_company)
    whole = readiness(snapshot, set())
    best = str(whole["sku"].iloc[0])
    items, offers = snapshot["items"].copy(), snapshot["supplier_items"]
    items.loc[items["sku"] == best, "unit_cost_micros"] = None
    tables = {**snapshot.tables, "items": items,
              "supplier_items": offers[offers["sku"] != best]}  # fmt: skip

    found = readiness(replace(snapshot, tables=tables), {str(whole["sku"].iloc[1])})
    rows = found.set_index("sku")

    assert whole["lacking"].iloc[0] == 0
    lacked = [name for name in LACKS if not rows.loc[best, name]]
    assert lacked == ["cost", "supplier", "packs"]
    assert not rows.loc[str(whole["sku"].iloc[1]), "no doubts"]
    assert rows["lacking"].is_monotonic_increasing


def test_sets_are_made_of_their_parts_and_not_asked_for_a_supplier() -> None:
    snapshot = snapshot_of(small_company)
    sets = set(snapshot["bundles"]["bundle_sku"])

    assert sets
    assert sets.isdisjoint(readiness(snapshot, set())["sku"])


def test_the_command_tells_the_step_we_are_at(
    quick_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_home(copied(quick_home, tmp_path / "home"), monkeypatch)

    told = json.loads(qm("rollout", "--json").output)

    assert [step["name"] for step in told["steps"]] == [
        "connect and clean", "forecast validation", "replenishment pilot", "close the loop",
    ]  # fmt: skip
    assert told["step"] in {step["name"] for step in told["steps"] if not step["passes"]}
    assert 0 < told["share"] < 1
    top = told["steps"][1]["facts"]["top"]
    assert len(top) > 50
    assert {"sku", "confidence", "wape", "bias", "signal"} <= set(top[0])
