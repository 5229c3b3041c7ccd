"""Workers killed with SIGKILL at every point of a delivery: nothing doubled, nothing lost."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.purchase.states import OrderState
from engine.service import audit, jobs, outbox, purchase
from engine.service.order_steps import SEND
from engine.store.database import Database
from support.carriers import DieAt, Kind, worker_for
from support.purchasing import buy, click, proposed, purchasing_stores
from support.work import post

KILLED = -signal.SIGKILL
LATER = 300  # seconds: the killed leader's lease is over


def work_and_die(database: Database, home: Path, kind: Kind, die_at: DieAt) -> int:
    """Run a worker process of its own to its end and return how it ended."""
    url = database.engine.url.render_as_string(hide_password=False)
    ended = subprocess.run(
        [sys.executable, "-m", "support.carriers", url, str(home), kind, die_at],
        env={**os.environ, "PYTHONPATH": "tests"},  # noqa: TID251  passed on
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return ended.returncode


@pytest.mark.parametrize("die_at", ["before handing over", "after handing over"])
def test_an_approved_order_survives_a_kill_whole_and_single(
    database: Database, tmp_path: Path, die_at: DieAt
) -> None:
    stores = purchasing_stores(database, tmp_path)
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")
    assert work_and_die(database, tmp_path, SEND, die_at) == KILLED
    assert outbox.counts(database) == {"sending": 1}
    assert worker_for(database, tmp_path, SEND, late=LATER).round()
    written = sorted(path.name for path in (tmp_path / "outgoing").iterdir())
    assert written == ["PO-1001-r1.csv", "PO-1001-r1.json", "PO-1001-r1.pdf"]
    assert outbox.counts(database) == {"delivered": 1}
    assert purchase.order_view(stores, "PO-1001").state is OrderState.SENT
    kinds = [event.kind for event in audit.events(stores, subject="PO-1001")]
    assert kinds.count("order.sent") == 1
    assert audit.verify(stores).verified


def test_a_delivery_that_cannot_be_repeated_is_in_doubt_after_a_kill(
    database: Database, tmp_path: Path
) -> None:
    post(database, "po-7", kind="mail")
    assert work_and_die(database, tmp_path, "mail", "after handing over") == KILLED
    assert worker_for(database, tmp_path, "mail", late=LATER).round()
    assert len(list((tmp_path / "outgoing").iterdir())) == 1
    assert outbox.counts(database) == {"unconfirmed": 1}
    assert jobs.counts(database) == {"queued": 1}  # the doubt is recorded, once
