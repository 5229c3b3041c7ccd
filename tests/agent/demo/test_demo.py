"""`qm demo` without a terminal: the whole way, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path


def test_a_newcomer_without_a_terminal_sees_an_order_approved_and_the_audit_verified(
    tmp_path: Path,
) -> None:
    inherited = os.environ.items()  # noqa: TID251  a child process starts from ours
    environment = {k: v for k, v in inherited if not k.startswith("QM_")}
    # Whatever database the surroundings name, the demo must not touch it.
    environment |= {
        "QM_HOME": str(tmp_path),
        "QM_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/x",
    }
    done = subprocess.run(
        [sys.executable, "-c", "from agent.cli import main; main()", "demo"],
        env=environment, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Weekly digest" in done.stdout
    assert "is approved by Marcus Hale" in done.stdout
    assert "is approved and on its way" in done.stdout
    assert done.stdout.rstrip().splitlines()[-1].startswith("audit verified:")
    assert list(tmp_path.rglob("outgoing/PO-1001-r1.csv"))
