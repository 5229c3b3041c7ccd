"""The process that talks stays light: what forecasts, solves and draws runs elsewhere."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
TALK = """
import json, sys
from pathlib import Path
from agent.terminal import loop
from agent.terminal.session import Session
from engine.store.database import open_database
from support.agent import assistant_for, open_planned
from support.purchasing import person
home = Path(sys.argv[1])
company = open_planned(open_database(f"sqlite:///{home}/qm.db"), home)
session = Session(assistant=assistant_for(company), person=person(company.stores, "bea"),
                  thread_id="light")
for line in ("What should I buy this week?", "Why LAMP-OAK-01?", "How sure are you about it?",
             "What needs me?", "Draft it", "/approvals"):
    list(session.handle(line))
heavy = {"statsforecast", "lightgbm", "mlforecast", "ortools", "matplotlib", "openai", "slack_bolt",
         "fastapi"}
print(json.dumps(sorted(heavy & set(sys.modules))))
"""


def test_a_conversation_imports_nothing_heavy(planned_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(planned_home, home)
    done = subprocess.run(
        [sys.executable, "-c", TALK, str(home)],
        check=False, capture_output=True, text=True, env={"PYTHONPATH": f"{ROOT / 'tests'}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
