"""What commands that list things share: one line for each, or JSON."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import typer

T = TypeVar("T")


def print_each(
    found: Sequence[T], line: Callable[[T], str], *, as_json: bool, nothing: str
) -> None:
    """Print a line for each of `found`, or all as canonical JSON; `nothing` where there is none."""
    from engine.model.canonical import canonical_json

    if as_json:
        typer.echo(canonical_json(found))
        return
    for each in found:
        typer.echo(line(each))
    if not found:
        typer.echo(nothing)
