"""A plan is a function of its inputs: same data, same decisions, same bytes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.model.config import PlanConfig
from engine.service import reading
from engine.service.importing import import_folder
from engine.service.planning import run_plan
from engine.service.stores import Stores
from engine.service.whatif import plan_with_budget
from engine.store.database import Database
from support.imported import NOW, copied, opened
from support.plans import stores_for


@pytest.fixture(scope="module")
def planned(imported_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """Planned once; tests only read it or add what-if runs."""
    for stores in opened(copied(imported_home, tmp_path_factory.mktemp("planned") / "home")):
        run_plan(stores, PlanConfig(), now=NOW)
        yield stores


@pytest.mark.slow  # test_repeatable.py keeps the small one
def test_a_repeated_plan_is_byte_identical_for_any_hash_seed_and_worker_count(
    company_folder: Path, tmp_path: Path
) -> None:
    first = _plan_in_a_fresh_process(company_folder, tmp_path / "one", hash_seed=1, workers=1)
    other = _plan_in_a_fresh_process(company_folder, tmp_path / "two", hash_seed=4242, workers=2)
    assert first == other
    assert json.loads(first)["lines"]


def test_planning_twice_finds_the_first_run(planned: Stores) -> None:
    first = reading.latest_run(planned)
    assert run_plan(planned, PlanConfig(), now=NOW + timedelta(hours=1)) == first


def test_another_seed_or_setting_is_another_run(planned: Stores) -> None:
    first = reading.latest_run(planned)
    other = run_plan(planned, PlanConfig(review_days=14), now=NOW)
    assert other.id != first.id
    assert reading.previous_run(planned, other.id) == first
    assert run_plan(planned, PlanConfig(), now=NOW) == first == reading.latest_run(planned)


def test_the_plan_keeps_to_its_budget_and_says_how_far_it_is_from_the_best(planned: Stores) -> None:
    run = reading.latest_run(planned)
    capped = plan_with_budget(planned, run.id, 500_000, now=NOW)
    lines = reading.plan_lines(planned, capped.id)
    assert 0 < lines["cost_minor"].sum() == capped.allocation.spent_minor <= 500_000
    assert capped.allocation.value_minor <= capped.allocation.bound_minor
    assert capped.allocation.gap < 0.08  # supplier minimums of each order bind at so small a cap
    assert len(reading.cuts(planned, capped.id)) > 0
    assert reading.latest_run(planned) == run  # a what-if is nobody's plan of record


def test_every_quantity_is_explained_to_the_unit(planned: Stores) -> None:
    lines = reading.plan_lines(planned, reading.latest_run(planned).id)
    assert len(lines) > 0
    for steps, units, pack in zip(lines["steps"], lines["units"], lines["case_pack"], strict=True):
        assert sum(step for _, step in steps) == units
        assert units % pack == 0


def test_a_plan_is_stored_and_read_alike_on_both_databases(
    planned: Stores, database: Database, company_folder: Path, tmp_path: Path
) -> None:
    stores = stores_for(database, tmp_path)
    import_folder(stores, company_folder, mapping=None, now=NOW)
    run = run_plan(stores, PlanConfig(), now=NOW)
    first = reading.run_header(planned, run.id)
    assert run.digest == first.digest
    there = reading.plan_lines(planned, run.id)
    assert reading.plan_lines(stores, run.id).equals(there)


def _plan_in_a_fresh_process(folder: Path, home: Path, *, hash_seed: int, workers: int) -> bytes:
    inherited = os.environ.items()  # noqa: TID251  a child process starts from ours
    environment = {k: v for k, v in inherited if not k.startswith("QM_")}
    environment |= {"QM_HOME": str(home), "PYTHONHASHSEED": str(hash_seed)}
    qm = [sys.executable, "-c", "from agent.cli import main; main()"]

    def run(*arguments: str) -> bytes:
        done = subprocess.run(
            [*qm, *arguments], env=environment, check=False, capture_output=True, cwd=folder
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    run("import", str(folder))
    return run("plan", "--json", "--workers", str(workers))
