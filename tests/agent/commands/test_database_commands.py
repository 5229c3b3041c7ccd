"""`qm db`: going down says what is lost, and asks."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agent.cli import build_app


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
