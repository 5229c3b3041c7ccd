"""How long work tells its caller where it is."""

from typing import Protocol


class Progress(Protocol):
    """Called with a stage in plain words, what is done and, where known, of how many."""

    def __call__(self, stage: str, done: int, total: int | None) -> None: ...


def silent(stage: str, done: int, total: int | None) -> None:
    """For callers that do not show progress."""
