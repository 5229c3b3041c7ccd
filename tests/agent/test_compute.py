"""The compute pool: away from who answers people, and one failure costs one call."""

import asyncio
import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import psutil
import pytest

from agent.compute import ComputePool, InProcess
from agent.threads import Threads
from engine.errors import Ambiguous, ComputeFailed, IllegalTransition, UnknownName
from support import compute_cases as cases


@pytest.fixture(scope="module")
def pool() -> Iterator[ComputePool]:
    pool = ComputePool(processes=1, timeout_seconds=60)
    yield pool
    pool.close()


def test_work_runs_in_a_process_of_low_priority(pool: ComputePool) -> None:
    assert pool.call(cases.say, "hello") == "hello"
    assert pool.call(cases.process_id) != os.getpid()
    assert pool.call(cases.niceness) >= 10


def test_the_process_is_kept_between_calls(pool: ComputePool) -> None:
    assert pool.call(cases.process_id) == pool.call(cases.process_id)


def test_nothing_is_started_before_the_first_call() -> None:
    before = set(psutil.Process().children())
    pool = ComputePool(processes=4, timeout_seconds=60)
    assert set(psutil.Process().children()) == before
    pool.close()


def test_work_says_how_far_it_is_while_it_is_done(pool: ComputePool) -> None:
    told: list[tuple[str, int, int | None]] = []

    for compute in (pool, InProcess()):
        told.clear()
        result = compute.watched(cases.counted, 3, progress=lambda *each: told.append(each))
        assert result == 3
        assert told == [("counting", done, 3) for done in range(3)]
    assert pool.call(cases.process_id)  # unwatched work says nothing


def test_watched_work_that_dies_is_a_clear_error(pool: ComputePool) -> None:
    told: list[str] = []

    with pytest.raises(ComputeFailed, match="died"):
        pool.watched(cases.dying_on_the_way, progress=lambda stage, *_: told.append(stage))
    assert told in ([], ["dying"])


def test_an_error_a_user_can_fix_arrives_as_itself(pool: ComputePool) -> None:
    with pytest.raises(UnknownName, match="LAMP-OAK-01") as error:
        pool.call(cases.not_found)
    assert error.value.close == ("LAMP-OAK-01",)


def test_an_exception_that_cannot_travel_arrives_as_its_text(pool: ComputePool) -> None:
    with pytest.raises(RuntimeError, match="salt and pepper"):
        pool.call(cases.fail_stubbornly)


def test_a_process_that_dies_is_a_clear_error_and_the_next_call_works(pool: ComputePool) -> None:
    first = pool.call(cases.process_id)
    with pytest.raises(ComputeFailed, match="die died"):
        pool.call(cases.die)
    assert pool.call(cases.process_id) != first


def test_work_that_never_ends_is_stopped_and_leaves_no_process() -> None:
    pool = ComputePool(processes=1, timeout_seconds=60)
    child = psutil.Process(pool.call(cases.process_id))
    pool._timeout = 0.1
    with pytest.raises(ComputeFailed, match=r"did not end within 0\.1 s"):
        pool.call(cases.never_end)
    child.wait(timeout=10)
    pool._timeout = 60
    assert pool.call(cases.say, "again") == "again"
    pool.close()


def test_a_process_that_died_while_idle_is_replaced_unseen() -> None:
    pool = ComputePool(processes=1, timeout_seconds=60)
    child = psutil.Process(pool.call(cases.process_id))
    executor = pool._seats[0]._executor
    assert executor is not None
    child.kill()
    while not executor._broken:  # it notices at its own pace
        continue
    assert pool.call(cases.process_id) != child.pid
    pool.close()


def test_an_interrupt_ends_the_work_that_is_waited_for() -> None:
    pool = ComputePool(processes=1, timeout_seconds=60)
    child = psutil.Process(pool.call(cases.process_id))

    def interrupt_once_busy() -> None:
        executor = pool._seats[0]._executor
        while executor is None or not executor._pending_work_items:
            continue
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt_once_busy).start()
    with pytest.raises(KeyboardInterrupt):
        pool.call(cases.never_end)
    child.wait(timeout=10)
    assert pool.call(cases.say, "again") == "again"
    pool.close()


def test_one_call_that_dies_does_not_hurt_the_one_beside_it() -> None:
    pool = ComputePool(processes=2, timeout_seconds=60)
    beside: list[int] = []
    neighbour = threading.Thread(target=lambda: beside.append(pool.call(cases.process_id)))
    neighbour.start()
    with pytest.raises(ComputeFailed):
        pool.call(cases.die)
    neighbour.join()
    assert len(beside) == 1
    pool.close()


def test_a_closed_pool_leaves_no_process() -> None:
    pool = ComputePool(processes=1, timeout_seconds=60)
    child = psutil.Process(pool.call(cases.process_id))
    pool.close()
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


KILLED_OWNER = """
import os, signal
from support import compute_cases as cases
from agent.compute import ComputePool
if __name__ == "__main__":
    print(ComputePool(processes=1, timeout_seconds=60).call(cases.process_id), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_processes_end_when_their_owner_is_killed() -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", KILLED_OWNER], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": "tests"},  # noqa: TID251  passed on
    )  # fmt: skip
    output, _ = owner.communicate(timeout=60)
    with contextlib.suppress(psutil.NoSuchProcess):  # gone before we looked
        psutil.Process(int(output)).wait(timeout=10)


@pytest.mark.parametrize(
    "error",
    [
        UnknownName("SKU", "LAMP", ["LAMP-OAK-01"]),
        Ambiguous("item", "lamp", ["A", "B"]),
        IllegalTransition("PO-7", "sent", "draft", ["confirmed"]),
    ],
)
def test_errors_with_data_travel_whole(error: Exception) -> None:
    travelled = pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes
    assert str(travelled) == str(error)
    assert vars(travelled) == vars(error)


def test_a_one_shot_command_computes_where_it_stands() -> None:
    assert InProcess().call(cases.process_id) == os.getpid()


async def test_an_approval_finds_a_thread_when_all_others_are_busy() -> None:
    threads = Threads(threads=2)
    release = threading.Event()
    busy = [asyncio.create_task(threads.run(release.wait, 30)) for _ in range(10)]
    await asyncio.sleep(0)
    assert await threads.run_reserved(cases.say, "approved") == "approved"
    assert not any(task.done() for task in busy)
    release.set()
    assert all(await asyncio.gather(*busy))
    threads.close()


async def test_too_many_waiting_calls_are_refused_rather_than_forgotten() -> None:
    threads = Threads(threads=1)
    release = threading.Event()
    waiting = [asyncio.create_task(threads.run(release.wait, 30)) for _ in range(200)]
    await asyncio.sleep(0)
    with pytest.raises(ComputeFailed, match="200 requests are waiting"):
        await threads.run(cases.say, "one more")
    release.set()
    assert all(await asyncio.gather(*waiting))
    threads.close()
