"""What a tool is: a name, what it takes, whether it writes, and the function behind it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.errors import InvalidInput
from tools.context import ToolContext
from tools.result import ToolResult

Mode = Literal["read", "write"]


class Arguments(BaseModel):
    """Base of every tool's arguments: unknown names are refused, values are not coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True, kw_only=True)
class Tool(Generic[A]):
    """`description` is what a model reads; rights are checked in the service, not here."""

    name: str
    mode: Mode
    description: str
    arguments: type[A]
    run: Callable[[A, ToolContext], ToolResult]

    def call(self, given: dict[str, object], context: ToolContext) -> ToolResult:
        """Validate and run; raises InvalidInput for arguments that do not fit."""
        return self.run(self.validated(given), context)

    def validated(self, given: dict[str, object]) -> A:
        try:
            # JSON mode: a date arrives as text, a tuple as a list.
            return self.arguments.model_validate_json(json.dumps(given))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or self.name
            raise InvalidInput(
                f"{self.name}: {where}: {first['msg']}, got {first['input']!r}."
            ) from None
