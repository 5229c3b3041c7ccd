"""What the compute pool is asked to do in its tests; a process imports it by name."""

import os
import time

import numpy as np
from numpy.typing import NDArray

from engine.errors import UnknownName
from engine.model.progress import Progress


def scaled(factor: int, chunk: NDArray[np.int64]) -> NDArray[np.int64]:
    return chunk * factor


def niceness() -> int:
    return os.nice(0)


def counted(most: int, *, progress: Progress) -> int:
    for done in range(most):
        progress("counting", done, most)
    return most


def dying_on_the_way(*, progress: Progress) -> None:
    progress("dying", 0, None)
    os._exit(9)


def process_id() -> int:
    return os.getpid()


def die() -> None:
    os._exit(9)


def never_end() -> None:
    while True:
        time.sleep(0.05)


def not_found() -> None:
    raise UnknownName("SKU", "LAMP", ["LAMP-OAK-01"])


class Stubborn(Exception):  # noqa: N818  a foreign library's idea of an exception
    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} and {second}")


def fail_stubbornly() -> None:
    raise Stubborn("salt", "pepper")


def say(word: str) -> str:
    return word


def modules() -> list[str]:
    import sys

    return sorted(sys.modules)
