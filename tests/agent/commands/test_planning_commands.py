"""A really planned company from a shell: exceptions, explanations, what-ifs, the budget curve."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agent.cli import build_app
from engine.service import people, reading
from engine.service.planning import run_plan
from support.imported import NOW, QUICK, copied, opened
from support.purchasing import POLICY, policy_file


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, imported_home: Path) -> Path:
    """Planned once under a budget that binds; tests work on copies."""
    home = copied(imported_home, tmp_path_factory.mktemp("commands") / "home")
    for stores in opened(home):
        people.sync(stores, policy_file(), now=NOW)
        free = run_plan(stores, QUICK, now=NOW)
        run_plan(stores, QUICK, now=NOW, budget_minor=free.allocation.spent_minor // 2)
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("QM_")]:  # noqa: TID251  a clean start
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    shutil.copytree(template, home)
    monkeypatch.setenv("QM_HOME", str(home))
    monkeypatch.setenv("QM_AUDIT_KEY", "a key for tests only")
    monkeypatch.chdir(home)
    (home / "people.yaml").write_text(POLICY)
    return home


def qm(*arguments: str) -> str:
    result = CliRunner().invoke(build_app(), [*arguments])
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def facts(*arguments: str) -> dict[str, Any]:
    told = json.loads(qm(*arguments, "--json", "--as", "bea"))
    return {name: fact["value"] for name, fact in told["facts"].items()}


def best_line(home: Path) -> dict[str, Any]:
    (line,) = (
        reading.plan_lines(stores, reading.latest_run(stores).id).iloc[0].to_dict()
        for stores in opened(home)
    )
    return {str(name): value for name, value in line.items()}


@pytest.mark.usefixtures("home")
def test_an_exception_is_listed_put_off_and_woken() -> None:
    before = facts("exceptions", "list")
    sku = str(before["exception.1.sku"])
    qm("exceptions", "snooze", "--sku", sku, "--grows", "50", "--reason", "known", "--as", "bea")
    after = facts("exceptions", "list")
    asleep = after["exceptions.snoozed"]
    assert asleep >= 1
    assert after["exceptions.count"] == before["exceptions.count"] - asleep
    assert facts("exceptions", "list", "--snoozed")["exception.1.sku"] == sku
    qm("exceptions", "wake", "--sku", sku, "--as", "bea")
    assert facts("exceptions", "list")["exceptions.count"] == before["exceptions.count"]
    assert "automation" in qm("exceptions", "rules")


def test_a_quantity_is_explained_and_its_steps_add_up(home: Path) -> None:
    line = best_line(home)
    found = facts("explain", str(line["sku"]), "--location", str(line["location"]))
    assert found["order.units"] == line["units"]
    steps = [value for name, value in found.items() if name.endswith(".units") and "step." in name]
    assert sum(steps) == line["units"]


def test_every_supposition_is_told_beside_the_plan_as_it_is(home: Path) -> None:
    line = best_line(home)
    sku, supplier = str(line["sku"]), str(line["supplier"])
    slower = facts("whatif", "--supplier", supplier, "--slower", "21")
    assert slower["then.lost"] > slower["now.lost"]
    service = facts("whatif", "--service", "99.5")
    assert service["if.service"] == 0.995
    assert service["then.cut_loss"] != service["now.cut_loss"]
    least = facts("whatif", "--sku", sku, "--minimum", str(3 * int(line["units"])))
    assert least["if.minimum"] == 3 * line["units"]
    assert least["if.changed"] >= 1
    dearer = line["unit_cost_micros"] * 5 / 1_000_000
    price = facts("whatif", "--sku", sku, "--price", str(dearer))
    assert price["if.price"] == round(dearer, 2) * 1_000_000
    assert price["then.value"] < price["now.value"]


def test_more_budget_earns_more_and_the_curve_says_how_much(home: Path) -> None:
    found = facts("budget", "curve", "--picture", str(home / "curve.png"))
    points = sum(name.startswith("point.") and name.endswith(".value") for name in found)
    values = [found[f"point.{n}.value"] for n in range(1, points + 1)]
    assert points > 3
    assert values == sorted(values)
    assert all(found[f"point.{n}.bound"] >= values[n - 1] for n in range(1, points + 1))
    assert found["curve.most_value"] == values[-1] > found["curve.now_value"]
    assert found["limit.1.scope"] == "total"
    assert found["limit.1.price"] > 0
    assert (home / "curve.png").read_bytes().startswith(b"\x89PNG")
