"""What changed between two revisions, in the terms that finance reads: before, after, money."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from engine.purchase.order import OrderContent, OrderLine


@dataclass(frozen=True, kw_only=True)
class LineChange:
    """One line. Totals are minor units of the order's currency; 0 where the line is absent."""

    kind: Literal["added", "removed", "changed"]
    line: int
    sku: str
    units_before: int
    units_after: int
    price_before_micros: int | None
    price_after_micros: int | None
    total_before_minor: int
    total_after_minor: int
    other: tuple[str, ...] = ()  # names of other fields that differ, such as requested_on

    @property
    def money_minor(self) -> int:
        """What the change costs (or saves, negative)."""
        return self.total_after_minor - self.total_before_minor


@dataclass(frozen=True, kw_only=True)
class HeadChange:
    """A term of the whole order, as text."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """From one revision to another; empty when nothing material differs."""

    currency: str
    lines: tuple[LineChange, ...]
    head: tuple[HeadChange, ...]
    total_before_minor: int
    total_after_minor: int

    @property
    def money_minor(self) -> int:
        return self.total_after_minor - self.total_before_minor

    @property
    def is_empty(self) -> bool:
        return not self.lines and not self.head


_HEAD = (
    "supplier", "supplier_name", "ship_to", "currency", "base_currency", "rate", "payment_days",
    "incoterm",
)  # fmt: skip
_OTHER = (
    "sku", "supplier_sku", "name", "category", "case_pack", "minimum_units", "tiers",
    "requested_on", "reason", "flows", "tax_percent",
)  # fmt: skip

_FOLLOWS_UNITS = ("reason", "flows")  # said with the quantity already


def difference(before: OrderContent, after: OrderContent) -> Difference:
    """Line by line, matched by line number, in the order of the numbers."""
    return Difference(
        currency=after.currency,
        lines=tuple(_line_changes(before, after)),
        head=tuple(_head_changes(before, after)),
        total_before_minor=before.total_minor,
        total_after_minor=after.total_minor,
    )


def _line_changes(before: OrderContent, after: OrderContent) -> Iterator[LineChange]:
    numbers = {line.line for line in (*before.lines, *after.lines)}
    for number in sorted(numbers):
        old, new = before.line(number), after.line(number)
        if old != new or before.currency != after.currency:
            yield _change(number, old, new, before.currency, after.currency)


def _change(
    number: int, old: OrderLine | None, new: OrderLine | None, old_currency: str, new_currency: str
) -> LineChange:
    known = new or old
    assert known is not None, "a number comes from one of the two revisions"  # noqa: S101  its caller's invariant
    other = [name for name in _OTHER if old and new and getattr(old, name) != getattr(new, name)]
    if old and new and old.units != new.units:
        other = [name for name in other if name not in _FOLLOWS_UNITS]
    return LineChange(
        kind="added" if old is None else "removed" if new is None else "changed",
        line=number,
        sku=known.sku,
        units_before=old.units if old else 0,
        units_after=new.units if new else 0,
        price_before_micros=old.unit_price_micros if old else None,
        price_after_micros=new.unit_price_micros if new else None,
        total_before_minor=old.total_minor(old_currency) if old else 0,
        total_after_minor=new.total_minor(new_currency) if new else 0,
        other=tuple(other),
    )


def _head_changes(before: OrderContent, after: OrderContent) -> Iterator[HeadChange]:
    for name in _HEAD:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield HeadChange(field=name, before=str(old), after=str(new))
