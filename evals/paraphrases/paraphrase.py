"""One way of asking for something, as it stands in a file: a JSON object per line."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.errors import InvalidInput

After = Literal["", "list", "item", "order"]
CANNOT, ASK = "cannot", "ask"


class Paraphrase(BaseModel):
    """`want` is a tool's name, `cannot` (it must say so) or `ask` (it must ask back).

    Only the arguments in `args` are compared. `after` is what was shown just before: a buy list,
    an item, a drafted order, or nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    say: str
    want: str
    args: dict[str, Any] = {}
    after: After = ""


def read_file(path: Path) -> tuple[Paraphrase, ...]:
    """The paraphrases of a file; raises InvalidInput with the line that is none."""
    found: list[Paraphrase] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(Paraphrase.model_validate(json.loads(line)))
        except (ValidationError, json.JSONDecodeError) as error:
            raise InvalidInput(
                f"{path}, line {number} is no paraphrase: {str(error).splitlines()[0]} It needs "
                '{"say": ..., "want": ..., "args": {...}}.'
            ) from None
    return tuple(found)


def kept_files() -> tuple[Path, ...]:
    """The files that came with this program, in the order of their names."""
    folder = Path(str(files("evals.paraphrases")))
    return tuple(sorted(folder.glob("*.jsonl")))
