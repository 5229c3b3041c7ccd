"""Workers killed with SIGKILL at every point of a delivery: nothing doubled, nothing lost."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.service import jobs, outbox
from engine.store.database import Database
from support.carriers import DieAt
from support.work import post

KILLED = -signal.SIGKILL


def work(
    database: Database, home: Path, *, repeatable: bool, die_at: DieAt = "never", late: int = 0
) -> int:
    """Run one worker process to its end and return how it ended."""
    url = database.engine.url.render_as_string(hide_password=False)
    words = [url, str(home), "yes" if repeatable else "no", die_at, str(late)]
    ended = subprocess.run(
        [sys.executable, "-m", "support.carriers", *words],
        env={**os.environ, "PYTHONPATH": "tests"},  # noqa: TID251  passed on
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return ended.returncode


@pytest.mark.parametrize("die_at", ["before handing over", "after handing over"])
def test_a_repeatable_delivery_survives_a_kill_whole_and_single(
    database: Database, tmp_path: Path, die_at: DieAt
) -> None:
    post(database, "po-7")
    assert work(database, tmp_path, repeatable=True, die_at=die_at) == KILLED
    assert outbox.counts(database) == {"sending": 1}
    assert work(database, tmp_path, repeatable=True, late=30) == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["po-7"]
    assert outbox.counts(database) == {"delivered": 1}
    assert jobs.counts(database) == {"queued": 1}  # settled once


def test_a_delivery_that_cannot_be_repeated_is_in_doubt_after_a_kill(
    database: Database, tmp_path: Path
) -> None:
    post(database, "po-7")
    assert work(database, tmp_path, repeatable=False, die_at="after handing over") == KILLED
    assert work(database, tmp_path, repeatable=False, late=30) == 0
    assert len(list((tmp_path / "out").iterdir())) == 1
    assert outbox.counts(database) == {"unconfirmed": 1}
    assert jobs.counts(database) == {"queued": 1}  # the doubt is recorded
