"""How independent pieces of work are gone through: one after the other, or several at once."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

A = TypeVar("A")
R = TypeVar("R")


class Mapped(Protocol):
    """The built-in `map`, or one that works ahead; results and their order are the same."""

    def __call__(self, function: Callable[[A], R], items: Iterable[A], /) -> Iterator[R]: ...
