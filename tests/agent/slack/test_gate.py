"""A few questions use the processor; whoever waits for somebody else steps aside."""

import contextvars
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError, Event, Thread

import pytest

from agent.slack.gate import COMPUTES, Aside, Gate
from tools.context import Compute


class Pool:
    """A compute pool whose calls wait until they are let go."""

    def __init__(self) -> None:
        self.go = Event()

    def call(self, name: str) -> str:
        assert self.go.wait(10)
        return name

    watched = call


def test_every_way_to_a_compute_process_is_waited_for_outside() -> None:
    """A what-if says how far it is (`watched`): four of them must not stop all other questions."""
    ways = {name for name in vars(Compute) if not name.startswith("_")}
    assert ways - {"close"} == COMPUTES


def test_no_more_than_its_places_go_through_at_once() -> None:
    gate, together = Gate(2), Barrier(3)

    def meets() -> bool:
        try:
            together.wait(0.3)
        except BrokenBarrierError:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        met = [pool.submit(gate.through, meets) for _ in range(3)]
    assert [each.result() for each in met] == [False, False, False]


@pytest.mark.parametrize("way", sorted(COMPUTES))
@pytest.mark.parametrize("in_a_thread_of_its_own", [False, True])
def test_who_waits_for_a_computation_lets_another_question_through(
    way: str, *, in_a_thread_of_its_own: bool
) -> None:
    gate, pool, answered = Gate(1), Pool(), Event()
    compute = getattr(Aside(pool, COMPUTES), way)

    def asks() -> list[str]:
        found: list[str] = []
        if not in_a_thread_of_its_own:  # as the tools of a turn are called
            return [compute("what-if")]
        context = contextvars.copy_context()
        tool = Thread(target=lambda: context.run(lambda: found.append(compute("what-if"))))
        tool.start()
        tool.join()
        return found

    with ThreadPoolExecutor(2) as threads:
        waiting = threads.submit(gate.through, asks)
        threads.submit(gate.through, answered.set)
        assert answered.wait(10)
        pool.go.set()
        assert waiting.result() == ["what-if"]


def test_what_was_given_away_is_taken_back_so_the_places_stay_as_many() -> None:
    gate, pool = Gate(1), Pool()
    pool.go.set()
    compute = Aside(pool, COMPUTES)
    for _ in range(3):
        assert gate.through(lambda: [compute.call("a"), compute.call("b")]) == ["a", "b"]
    with ThreadPoolExecutor(1) as threads:
        free = Event()
        threads.submit(gate.through, free.set)
        assert free.wait(10)
    assert compute.call("outside a question") == "outside a question"
