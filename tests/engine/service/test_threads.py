"""Work shared by threads: the results of `map`, in order, never far ahead of who takes them."""

import threading

import pytest

from engine.service.parallel import Threads


@pytest.mark.parametrize("count", [1, 2, 5])
def test_results_come_in_the_order_of_the_work(count: int) -> None:
    assert list(Threads(count).map(lambda each: each**2, range(20))) == [n**2 for n in range(20)]


def test_no_more_is_begun_than_there_are_threads_and_none_is_left_behind() -> None:
    begun: list[int] = []
    others = threading.active_count()

    def work(each: int) -> int:
        begun.append(each)
        return each

    results = Threads(3).map(work, range(50))
    taken = [next(results), next(results)]

    assert taken == [0, 1]
    assert len(begun) <= 2 + 3
    assert list(results) == list(range(2, 50))
    assert threading.active_count() == others


def test_an_error_of_a_piece_reaches_the_caller() -> None:
    def work(each: int) -> float:
        return 1 / each

    with pytest.raises(ZeroDivisionError):
        list(Threads(2).map(work, [1, 0, 2]))


def test_work_beside_a_block_is_done_when_the_block_ends_and_left_out_without_a_thread() -> None:
    done: list[str] = []

    with Threads(2).beside(lambda: done.append("beside")):
        done.append("block")
    assert sorted(done) == ["beside", "block"]
    with Threads(1).beside(lambda: done.append("beside")):
        pass
    assert len(done) == 2
