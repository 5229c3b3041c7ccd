"""What every section of the settings is."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Seconds = Annotated[float, Field(gt=0)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def parts(given: object) -> object:
    """A variable holds one text: its parts are parted by commas."""
    if isinstance(given, str):
        return tuple(part.strip() for part in given.split(",") if part.strip())
    return given


Parts = Annotated[tuple[str, ...], BeforeValidator(parts)]
