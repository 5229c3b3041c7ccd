"""Promotions and launches from a shell: told, listed, taken back; what makes none is refused."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agent.cli import build_app
from agent.commands.promotion import depth
from engine.errors import InvalidInput, UnknownName
from engine.store import migrate
from engine.store.database import open_database
from support.agent import planned_stores
from support.purchasing import POLICY

WHEN = ("--from", "2026-12-07", "--to", "2026-12-13", "--as", "bea")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("QM_")]:  # noqa: TID251  a clean start
        monkeypatch.delenv(name)
    monkeypatch.setenv("QM_HOME", str(tmp_path))
    monkeypatch.setenv("QM_AUDIT_KEY", "a key for tests only")
    monkeypatch.setenv("QM_AUDIT_ANCHOR", str(tmp_path / "anchor.jsonl"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.yaml").write_text(POLICY)
    database = open_database(f"sqlite:///{tmp_path}/quartermaster.db")
    migrate.upgrade(database)
    planned_stores(database, tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(build_app(), [*arguments])


def qm(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


@pytest.mark.usefixtures("home")
def test_a_promotion_is_told_listed_and_taken_back() -> None:
    assert "Decision 1" in qm("promotion", "add", "LAMP-OAK-01", "--off", "12.5%", *WHEN)
    assert "LAMP-OAK-01 -12.5%, 2026-12-07 to 2026-12-13" in qm("promotion", "list")
    (told,) = json.loads(qm("promotion", "list", "--json"))
    assert (told["kind"], told["change"], told["state"]) == ("promotion", -0.125, "in force")
    qm("promotion", "withdraw", "1", "--as", "bea")
    assert "Nobody has told of a promotion" in qm("promotion", "list")
    assert "withdrawn" in qm("promotion", "list", "--past")


@pytest.mark.usefixtures("home")
def test_a_category_is_promoted_and_the_lists_keep_kinds_apart() -> None:
    qm("promotion", "add", "Lighting", "--category", *WHEN)
    qm("launch", "add", "LAMP-ELM-09", "--on", "2026-12-01", "--like", "LAMP-OAK-01",
       "--weekly", "40", "--as", "bea")  # fmt: skip
    assert "promotion of Lighting" in qm("promotion", "list")
    assert "LAMP-ELM-09" not in qm("promotion", "list")
    assert "launch of LAMP-ELM-09 40/week, 2026-12-01 on" in qm("launch", "list")
    assert len(qm("override", "list").splitlines()) == 2
    qm("launch", "withdraw", "2", "--as", "bea")
    assert "Nobody has told of a launch" in qm("launch", "list")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("change", ["-15%", "+20%", "1200 (in all)"])
def test_what_the_help_of_override_shows_is_taken(change: str) -> None:
    until = ("--end", "2026-12-13", "--as", "bea")
    assert "Decision 1" in qm("override", "add", "LAMP-OAK-01", change, *until)
    assert run("override", "add", "LAMP-OAK-01", change, "--lcoation", "LEEDS").exit_code != 0


@pytest.mark.usefixtures("home")
def test_what_makes_no_promotion_or_launch_is_refused() -> None:
    refused = {
        ("promotion", "add", "LAMP-OAK-01", "--kind", "sale", *WHEN): InvalidInput,
        ("promotion", "add", "LAMP-OAK-01", "--off", "97%", *WHEN): InvalidInput,
        ("promotion", "add", "LAMP-OAK-99", *WHEN): UnknownName,
        ("launch", "add", "NEW-1", "--on", "soon", "--as", "bea"): InvalidInput,
        ("launch", "add", "NEW-1", "--on", "2026-12-01", "--as", "bea"): InvalidInput,
    }
    for arguments, error in refused.items():
        assert isinstance(run(*arguments).exception, error), arguments
    assert "Nobody" in qm("override", "list")


def test_cuts_as_people_type_them() -> None:
    assert [depth(text) for text in ("20%", "12.5", "-30 %")] == [0.2, 0.125, 0.3]
    for text in ("half", "20-30%", ""):
        with pytest.raises(InvalidInput, match="no cut"):
            depth(text)
