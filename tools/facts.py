"""Facts: the only way a figure reaches a reply."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

FactKind = Literal[
    "money",  # value: minor units, in `currency`
    "unit_price",  # value: micros, in `currency`
    "units", "packs", "count", "days", "weeks", "ratio", "date", "status",
    "percent",  # value: a share, 0.25 is 25 %
    "date_range",  # value: two ISO dates joined by /
    "name",  # value: text from the data, such as an item's name or its code
    "sentence",  # value: a sentence the engine wrote, without figures
]  # fmt: skip
EntityKind = Literal["item", "location", "supplier", "po", "exception", "person", "request", "run"]
Value = int | float | str | date


@dataclass(frozen=True, kw_only=True, order=True)
class Entity:
    """Something with a code that a reply may name."""

    kind: EntityKind
    code: str
    name: str = ""

    @property
    def ref(self) -> str:
        return f"{self.kind}:{self.code}"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One figure, date or status with where it came from; `id` is unique within a turn."""

    id: str
    value: Value
    kind: FactKind
    label: str  # what it is, in words without figures
    about: tuple[str, ...] = ()  # `Entity.ref` of the SKU, PO, supplier, location it speaks of
    currency: str | None = None  # ISO 4217, for money and unit prices
    is_estimate: bool = False  # shown without false precision
    # Is, or derives from, an argument of the call: a reply may cite it only where the person said
    # it, or a model could have any figure shown by asking for it.
    is_asked: bool = False
    run_id: str | None = None
    snapshot_id: str | None = None
    inputs: tuple[str, ...] = ()  # ids of the facts it was derived from
    formula: str | None = None
