"""What every accounting system takes: an approved order, and the bill of what has come of it.

Each goes under a key; the same key again is the same document, never a second one.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

Kind = Literal["order", "bill"]


@dataclass(frozen=True, kw_only=True)
class BookLine:
    """Prices and amounts are decimals of the document's currency; the amount is rounded once."""

    sku: str
    description: str
    units: int
    unit_price: Decimal
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class BookDocument:
    """`key` is what a repeat is recognised by; a bill is of the units that came."""

    kind: Kind
    key: str
    number: str
    supplier: str  # our code
    supplier_name: str
    currency: str
    issued_on: date
    due_on: date  # an order: when the goods are wanted; a bill: when it is to be paid
    lines: tuple[BookLine, ...] = field(repr=False)

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), start=Decimal(0))


class Books(Protocol):
    """An accounting system. Raises SourceAway (later) or SourceRefused (a person must act)."""

    @property
    def name(self) -> str: ...

    def check(self) -> str:
        """Whose books they are."""
        ...

    def post(self, document: BookDocument) -> str:
        """Hand it over; returns the system's own reference, the same for a repeat."""
        ...
