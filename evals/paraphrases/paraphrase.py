"""One way of asking for something, as it stands in a file: a JSON object per line."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.errors import InvalidInput

CANNOT, ASK = "cannot", "ask"


class Paraphrase(BaseModel):
    """`want` names tools, any of which is right, or `cannot` (say so) or `ask` (ask back).

    `before` is said first. Only the arguments in `args` are compared. Marks such as $sku1 are
    those of the cases (`evals.agent.world`).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    say: str
    want: tuple[str, ...]
    args: dict[str, Any] = {}
    before: tuple[str, ...] = ()


def read_file(path: Path) -> tuple[Paraphrase, ...]:
    """The paraphrases of a file; raises InvalidInput with the line that is none."""
    found: list[Paraphrase] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(Paraphrase.model_validate_json(line))
        except ValidationError as error:
            raise InvalidInput(
                f"{path}, line {number} is no paraphrase: {error.errors()[0]['msg']}. It needs "
                '{"say": ..., "want": [...], "args": {...}, "before": [...]}.'
            ) from None
    return tuple(found)


def filled(value: Any, fill: Callable[[str], str]) -> Any:  # noqa: ANN401  any JSON value
    """The same with every mark in its texts filled in."""
    if isinstance(value, str):
        return fill(value)
    if isinstance(value, list | tuple):
        return [filled(each, fill) for each in cast("list[Any]", value)]
    return value


def kept_files() -> tuple[Path, ...]:
    """The files that came with this program, in the order of their names."""
    folder = Path(str(files("evals.paraphrases")))
    return tuple(sorted(folder.glob("*.jsonl")))
