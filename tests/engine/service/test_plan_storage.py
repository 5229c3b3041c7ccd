"""A plan comes back as it was stored, on both databases."""

from pathlib import Path

import pytest

from engine.errors import PlanningError
from engine.service import reading
from engine.store.database import Database
from support.plans import exception, line, plan_of, save, stores_for


def test_a_stored_plan_reads_back_line_by_line(database: Database, tmp_path: Path) -> None:
    stores = stores_for(database, tmp_path)
    stored = [line(1), line(2, sku="LAMP-ASH-02", units=36)]
    save(stores, plan_of(stored))
    read = reading.plan_lines(stores, "run-1").to_dict("records")
    assert read == stored
    assert reading.plan_line(stores, "run-1", "LAMP-ASH-02", "LEEDS")["units"] == 36
    assert reading.plan_line(stores, "run-1", "LAMP-ASH-02", "LONDON") is None
    assert reading.cuts(stores, "run-1").iloc[0]["expected_loss_minor"] == 4_000


def test_the_same_run_is_stored_once(database: Database, tmp_path: Path) -> None:
    stores = stores_for(database, tmp_path)
    first = save(stores, plan_of([line(1)]))
    again = save(stores, plan_of([line(1)]))
    assert again == first
    assert len(reading.plan_lines(stores, "run-1")) == 1


def test_equal_plans_have_equal_digests_and_different_ones_do_not(
    database: Database, tmp_path: Path
) -> None:
    stores = stores_for(database, tmp_path)
    one = save(stores, plan_of([line(1)]), "run-1")
    same = save(stores, plan_of([line(1)]), "run-2")
    other = save(stores, plan_of([line(1, units=36)]), "run-3")
    assert one.digest == same.digest != other.digest


def test_exceptions_are_new_open_or_resolved_against_the_run_before(
    database: Database, tmp_path: Path
) -> None:
    stores = stores_for(database, tmp_path)
    save(stores, plan_of([], [exception("stockout:A", 50), exception("overstock:B")]), "run-1")
    save(stores, plan_of([], [exception("stockout:A", 50), exception("late:C", 90)]), "run-2")
    found = reading.exceptions(stores, "run-2")
    assert list(found["key"]) == ["late:C", "stockout:A"]
    assert list(found["status"]) == ["new", "open"]
    assert list(reading.resolved_exceptions(stores, "run-2")["key"]) == ["overstock:B"]
    assert set(reading.exceptions(stores, "run-1")["status"]) == {"new"}


def test_a_what_if_run_never_becomes_the_plan_of_record(database: Database, tmp_path: Path) -> None:
    stores = stores_for(database, tmp_path)
    save(stores, plan_of([line(1)]), "run-1")
    save(stores, plan_of([]), "run-2", on_record=False)
    assert reading.latest_run(stores).id == "run-1"


def test_a_run_that_returns_is_the_plan_of_record_again(database: Database, tmp_path: Path) -> None:
    stores = stores_for(database, tmp_path)
    for run_id in ("run-1", "run-2", "run-1"):
        save(stores, plan_of([line(1)]), run_id)
    assert reading.latest_run(stores).id == "run-1"
    assert reading.previous_run(stores, "run-1").id == "run-2"


def test_without_a_plan_the_next_step_is_named(database: Database, tmp_path: Path) -> None:
    with pytest.raises(PlanningError, match="qm import"):
        reading.latest_run(stores_for(database, tmp_path))
