"""Several processes give what one gives, in order, whichever way they are started."""

import threading
from functools import partial

import numpy as np
import pytest

from engine.service.parallel import Processes
from support.compute_cases import scaled

CHUNKS = [np.arange(n, n + 3) for n in range(0, 30, 3)]


def all_of(workers: int) -> list[list[int]]:
    return [each.tolist() for each in Processes(workers).map(partial(scaled, 7), CHUNKS)]


def test_two_processes_give_what_one_gives_in_order() -> None:
    assert all_of(2) == all_of(1) == [(chunk * 7).tolist() for chunk in CHUNKS]


def test_beside_another_thread_they_start_afresh_and_give_the_same() -> None:
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert all_of(2) == all_of(1)
    finally:
        done.set()
        other.join()


def test_an_error_in_a_chunk_reaches_the_caller() -> None:
    with pytest.raises(TypeError):
        list(Processes(2).map(partial(scaled, 7), [None]))
