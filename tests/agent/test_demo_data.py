"""`qm demo-data`: a folder that a newcomer can import, and the truth only where asked for."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from agent.cli import build_app
from agent.commands.demo_data import last_sunday
from engine.errors import InvalidInput
from engine.model import contract
from engine.model.people import Right
from engine.service.policy_file import load_policy

SMALL = ["--end", "2026-06-30", "--skus", "60", "--seed", "2"]


def demo_data(*arguments: object) -> str:
    result = CliRunner().invoke(build_app(), ["demo-data", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_the_folder_holds_tables_company_and_people(tmp_path: Path) -> None:
    printed = demo_data(tmp_path / "demo", *SMALL)

    names = {path.name for path in (tmp_path / "demo").iterdir()}
    tables = {f"{name}.csv" for name in contract.BY_NAME if name not in ("traffic", "prices")}
    assert names == tables | {"mapping.yaml", "people.yaml"}
    assert "60 items" in printed
    assert f"qm import {tmp_path / 'demo'}" in printed


def test_the_truth_is_written_only_where_asked_for(tmp_path: Path) -> None:
    demo_data(tmp_path / "demo", *SMALL, "--truth", tmp_path / "aside" / "truth.csv.gz", "--gzip")

    truth = pd.read_csv(tmp_path / "aside" / "truth.csv.gz")
    assert list(truth.columns) == ["date", "sku", "location", "channel", "units"]
    assert (truth["units"] > 0).all()
    assert not list((tmp_path / "demo").glob("*truth*"))


def test_earlier_data_is_kept_unless_forced(tmp_path: Path) -> None:
    demo_data(tmp_path / "demo", *SMALL)

    with pytest.raises(InvalidInput, match="--force"):
        demo_data(tmp_path / "demo", *SMALL)


def test_the_people_of_the_demo_can_ask_approve_and_set_budgets(tmp_path: Path) -> None:
    demo_data(tmp_path / "demo", *SMALL)

    policy = load_policy(tmp_path / "demo" / "people.yaml").policy
    approvers = [m.id for m in policy.members if Right.APPROVE in policy.rights_of(m.id)]
    assert {member.id for member in policy.members} == {"buyer", "manager", "deputy", "finance"}
    assert approvers == ["manager", "deputy", "finance"]
    assert policy.highest_limit("buyer") is None
    assert Right.SET_BUDGET in policy.rights_of("finance")


def test_the_history_ends_with_the_last_whole_week() -> None:
    assert last_sunday(date(2026, 11, 23)) == date(2026, 11, 22)  # a Monday
    assert last_sunday(date(2026, 11, 22)) == date(2026, 11, 15)  # a Sunday that is not over
