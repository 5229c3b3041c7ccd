"""Facts: the only way a figure reaches a reply."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

FactKind = Literal[
    "money",  # value: minor units, in `currency`
    "unit_price",  # value: micros, in `currency`
    "units", "packs", "count", "days", "weeks", "ratio", "percent", "date", "date_range", "status",
    "name",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One figure, date or status with where it came from; `id` is unique within a turn."""

    id: str
    value: int | float | str | date
    kind: FactKind
    label: str  # what it is, in words without figures
    entity: str | None = None  # the SKU, PO, supplier or location it speaks of
    currency: str | None = None  # ISO 4217, for money and unit prices
    run_id: str | None = None
    snapshot_id: str | None = None
    inputs: tuple[str, ...] = ()  # ids of the facts it was derived from
    formula: str | None = None
