"""What an import found in the data: each with the rows it touches and what was done about it."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One named observation about one table.

    error: data is missing from the plan until someone acts; warning: a person should look;
    info: stated so that nothing happens silently.
    """

    code: str  # stable name, such as duplicate_keys
    severity: Severity
    table: str  # of the data contract; "" where the whole import is meant
    rows: int  # rows affected
    message: str  # one sentence for a planner
    done: str  # what the import did about it
    examples: tuple[str, ...] = ()
