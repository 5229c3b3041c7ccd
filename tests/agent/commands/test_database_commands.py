"""`qm db`, `qm backup`, `qm restore`: what is lost is asked for, what is kept comes back."""

from pathlib import Path
from shutil import copyfile

import pytest
from typer.testing import CliRunner, Result

from agent.bootstrap import open_company
from agent.cli import build_app
from support.purchasing import POLICY as BASE

# The first file of a company must be one that somebody can replace.
POLICY = BASE.replace("over_budget]", "over_budget, administer]")

ADMIN = POLICY.replace("set_budget, over_budget]", "set_budget, over_budget, administer]")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QM_HOME", str(tmp_path))
    assert qm("upgrade").exit_code == 0
    return tmp_path


def qm(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(build_app(), ["db", *arguments], input=answer)


@pytest.mark.usefixtures("home")
def test_going_down_to_base_names_what_is_lost_and_asks() -> None:
    refused = qm("downgrade", "base", answer="n\n")
    assert refused.exit_code == 1
    assert "tables go, with the rows that they hold: audit_head (1)" in refused.output
    assert "current" in qm("status").output


@pytest.mark.usefixtures("home")
def test_no_answer_is_no_consent() -> None:
    assert qm("downgrade", "base").exit_code == 1
    assert "current" in qm("status").output


@pytest.mark.usefixtures("home")
def test_consent_goes_down() -> None:
    asked = qm("downgrade", "0001", answer="y\n")
    assert "came after revision 0001" in asked.output
    assert "is at revision 0001" in asked.output


@pytest.mark.usefixtures("home")
def test_a_script_says_yes_beforehand() -> None:
    assert "is at revision none" in qm("downgrade", "base", "--yes").output


@pytest.fixture
def decided(home: Path) -> Path:
    """A home whose people file is in force: its audit has events."""
    (home / "people.yaml").write_text(ADMIN)
    open_company().close()
    return home


def run(*arguments: str) -> str:
    result = CliRunner().invoke(build_app(), arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_company_is_kept_in_a_file_and_set_up_again_elsewhere(
    decided: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path_factory.mktemp("there")
    file = decided / "company.tar.gz"
    assert "audit events" in run("backup", str(file))
    monkeypatch.setenv("QM_HOME", str(there))
    copyfile(decided / "audit.key", there / "audit.key")
    assert "audit verified" in run("restore", str(file))
    assert (there / "people.yaml").read_text() == ADMIN


def test_an_upgrade_keeps_a_database_with_decisions_as_it_was(decided: Path) -> None:
    run("db", "downgrade", "0006", "--yes")
    assert "kept as it was in" in run("db", "upgrade")
    assert len(list((decided / "backups").glob("before-upgrade-*.tar.gz"))) == 1


def test_an_upgrade_of_an_undecided_database_keeps_nothing(home: Path) -> None:
    run("db", "downgrade", "0006", "--yes")
    assert "kept" not in run("db", "upgrade")
    assert not (home / "backups").exists()
