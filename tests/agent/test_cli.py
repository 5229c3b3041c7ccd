"""The edge of the command line: quick help, quiet endings, and a reference for a bug."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent import cli
from agent.crash import config_named


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("QM_")}  # noqa: TID251  passed on
    return kept | {"QM_HOME": str(home)} | more


def qm(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from agent.cli import main; main()", *arguments],
        capture_output=True, text=True, timeout=60, check=False,
        env=environment(home, **more), cwd=home.parent,
    )  # fmt: skip


LISTED = (
    "demo", "demo-data", "import", "quarantine", "doctor", "plan", "chat", "po", "approve",
    "budget", "policy", "audit", "outbox", "serve", "worker", "config", "db", "bench", "eval",
)  # fmt: skip
HELP_LOADS = """
import sys
from agent.cli import build_app
build_app()
heavy = {"pandas", "numpy", "sqlalchemy", "pydantic", "pyarrow", "langgraph", "fastapi", "alembic"}
print(sorted(heavy & set(sys.modules)))
"""


def test_help_loads_nothing_heavy() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", HELP_LOADS], capture_output=True, text=True, timeout=60, check=True
    )
    assert loaded.stdout.strip() == "[]"


def test_help_lists_commands_by_what_a_newcomer_needs_first(tmp_path: Path) -> None:
    shown = qm(tmp_path / "home", "--help", NO_COLOR="1").stdout
    words = [line.strip("│╭─╮ ").split("  ")[0].strip("─ ") for line in shown.splitlines()]
    order = [word for word in words if word in {*cli.PANELS, cli.OTHERS, *LISTED}]
    assert order == [
        "Start", "demo", "demo-data", "import", "quarantine", "doctor",
        "Buy", "plan", "chat", "po", "approve", "budget",
        "Promise",
        "Look back",
        "Look after", "policy", "audit", "outbox",
        "Run", "serve", "worker", "config", "db",
        "Measure", "bench", "eval",
    ]  # fmt: skip


def test_config_show_prints_origins_and_hides_secrets(tmp_path: Path) -> None:
    shown = qm(
        tmp_path / "home", "config", "show", "--json",
        QM_MODEL_API_KEY="sk-very-secret", QM_WEB_PORT="9009",
    )  # fmt: skip
    rows = {row["key"]: row for row in json.loads(shown.stdout)}
    assert rows["web.port"] | {"description": ""} == {
        "key": "web.port", "value": 9009, "origin": "$QM_WEB_PORT", "description": "",
        "variable": "QM_WEB_PORT",
    }  # fmt: skip
    assert "sk-very-secret" not in shown.stdout


def test_a_user_error_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    shown = qm(tmp_path / "home", "config", "show", QM_WEB_PORT="x")
    assert shown.returncode == 2
    assert shown.stderr.startswith("qm: Setting web.port ($QM_WEB_PORT)")
    assert "Traceback" not in shown.stderr


def test_a_bug_answers_a_reference_and_keeps_the_traceback_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash() -> None:
        raise RuntimeError("the key is sk-very-secret")

    monkeypatch.setenv("QM_HOME", str(tmp_path))
    monkeypatch.setenv("QM_MODEL_API_KEY", "sk-very-secret")
    monkeypatch.setattr(cli, "build_app", crash)
    with pytest.raises(SystemExit) as ending:
        cli.main()
    assert ending.value.code == 1
    (report,) = (tmp_path / "crashes").iterdir()
    told = capsys.readouterr().err
    assert told.startswith("qm: unexpected error, reference ")
    assert str(report) in told
    kept = report.read_text()
    assert "RuntimeError: the key is [hidden]" in kept
    assert kept.split()[1] in told
    assert "sk-very-secret" not in kept + told


def test_a_bug_on_a_disk_that_cannot_be_written_is_kept_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def crash() -> None:
        raise RuntimeError("oops")

    monkeypatch.setenv("QM_HOME", "/proc/nowhere")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(cli, "build_app", crash)
    with pytest.raises(SystemExit):
        cli.main()
    assert str(tmp_path) in capsys.readouterr().err


def test_an_interrupt_is_quiet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "build_app", interrupted)
    with pytest.raises(SystemExit) as ending:
        cli.main()
    assert ending.value.code == 130
    assert capsys.readouterr().err == ""


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    code = "from agent.cli import main; main()"
    command = f"{sys.executable} -c '{code}' config show | true"
    shown = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, timeout=60, check=True,
        env=environment(tmp_path), cwd=tmp_path,
    )  # fmt: skip
    assert shown.stderr == ""


def test_the_settings_file_is_known_even_when_the_command_line_was_not_read() -> None:
    assert config_named(["--config", "a.toml", "plan"]) == Path("a.toml")
    assert config_named(["--config=b.toml"]) == Path("b.toml")
    assert config_named(["plan", "--config"]) is None
    assert config_named([]) is None
