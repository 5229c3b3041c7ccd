"""A bar for work that takes longer than a glance; it goes to stderr, so output stays pipeable."""

from collections.abc import Generator
from contextlib import contextmanager

from engine.model.progress import Progress, silent


@contextmanager
def progress_bar(*, quiet: bool = False) -> Generator[Progress, None, None]:
    """A Progress that draws a bar while the block runs; without a terminal it draws nothing."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress as Bar,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield silent
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def show(stage: str, done: int, total: int | None) -> None:
            bar.update(task, description=stage, completed=done, total=total)

        yield show
