"""The command line on a home that a fixture made."""

import os
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from agent.cli import build_app


def use_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings but this home, and the key under which the fixtures sealed their audit."""
    for name in [name for name in os.environ if name.startswith("QM_")]:  # noqa: TID251  a clean start
        monkeypatch.delenv(name)
    monkeypatch.setenv("QM_HOME", str(home))
    monkeypatch.setenv("QM_AUDIT_KEY", "a key for tests only")
    monkeypatch.setenv("QM_AUDIT_ANCHOR", str(home / "anchor.jsonl"))


def qm(*arguments: str) -> Result:
    """What a command said; fails the test where it did not end well."""
    result = CliRunner().invoke(build_app(), list(arguments))
    assert result.exit_code == 0, (result.output, result.exception)
    return result
