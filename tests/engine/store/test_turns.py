"""Writers of one process are served in the order in which they came, and survive a fork."""

import os
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import StoreError
from engine.store import database as module
from engine.store.database import open_database
from engine.store.turns import Turns, WaitedTooLong


def test_whoever_came_first_is_served_first() -> None:
    turns, served = Turns(), list[int]()
    threads: list[threading.Thread] = []

    def work(number: int) -> None:
        with turns.taken(10):
            served.append(number)

    with turns.taken(10):
        for number in range(20):
            thread = threading.Thread(target=work, args=(number,))
            thread.start()
            threads.append(thread)
            while len(turns._waiting) <= number:
                pass
    for thread in threads:
        thread.join()
    assert served == list(range(20))


def test_whoever_is_in_a_hurry_goes_before_those_who_wait_longer() -> None:
    turns, served = Turns(), list[str]()
    threads: list[threading.Thread] = []

    def work(name: str) -> None:
        with turns.taken(10, is_urgent=name.startswith("ack")):
            served.append(name)

    with turns.taken(10):
        for number, name in enumerate(("turn 1", "turn 2", "ack 1", "ack 2")):
            thread = threading.Thread(target=work, args=(name,))
            thread.start()
            threads.append(thread)
            while len(turns._waiting) + len(turns._hurrying) <= number:
                pass
    for thread in threads:
        thread.join()
    assert served == ["ack 1", "ack 2", "turn 1", "turn 2"]


def test_patience_ends_and_the_line_goes_on() -> None:
    turns = Turns()
    with turns.taken(1), pytest.raises(WaitedTooLong), turns.taken(0.01):
        pass
    with turns.taken(0.01):
        pass


def test_a_writer_that_keeps_its_turn_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_TIMEOUT_SECONDS", 0.01)
    database = open_database(f"sqlite:///{tmp_path}/qm.db")
    with database.write(), pytest.raises(StoreError, match="is busy"), database.write():
        pass
    database.close()


def test_a_process_that_is_forked_writes_with_connections_of_its_own(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/qm.db")
    with database.write() as work:
        work.execute(sa.text("CREATE TABLE t (n INTEGER)"))
    child = os.fork()
    if child == 0:
        with database.write() as work:
            work.execute(sa.text("INSERT INTO t VALUES (1)"))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    with database.write() as work:
        work.execute(sa.text("INSERT INTO t VALUES (2)"))
        found = work.execute(sa.text("SELECT n FROM t ORDER BY n")).scalars().all()
    database.close()
    assert (status, found) == (0, [1, 2])
