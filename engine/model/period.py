"""A stretch of days."""

from dataclasses import dataclass
from datetime import date

from engine.errors import InvalidInput


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise InvalidInput(f"The period ends on {self.end}, before it starts on {self.start}.")

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1
