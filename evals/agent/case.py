"""A case as it is written in YAML."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Turn(Strict):
    """One message and what its answer must be made of."""

    say: str
    tools: tuple[str, ...] | None = None  # exactly these calls, in order; null: any
    cites: tuple[str, ...] = ()  # labels of facts that the prose must refer to
    outcome: str | None = None  # of the last tool
    text: tuple[str, ...] = ()  # pieces of the answer, in any case
    never: tuple[str, ...] = ()  # pieces that must not stand in it


class Case(Strict):
    """`database` names every table whose rows may change, and by how many; others may not."""

    name: str
    suite: str
    who: str = "buyer"
    turns: tuple[Turn, ...]
    forbidden: tuple[str, ...] = ()  # tools no turn may call
    database: dict[str, int | Literal["ANY"]] = {}


def load_cases(suite: str | None = None) -> tuple[Case, ...]:
    """All cases, or those of one suite, in the order of files and lines."""
    return tuple(case for case in _all() if suite in (None, case.suite))


def _all() -> Iterator[Case]:
    folder = files("evals.agent").joinpath("cases")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".yaml"):
            read: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
            suite = file.name.removesuffix(".yaml")
            yield from (Case(suite=suite, **case) for case in read)
