"""Which budgets an order draws on, and whether they hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from engine.errors import InvalidInput
from engine.purchase.order import OrderContent, OrderLine
from engine.purchase.periods import kind_of

TOTAL = "total"


@dataclass(frozen=True, kw_only=True)
class BudgetEffect:
    """What one order does to one budget; minor units of the base currency."""

    scope: str
    period: str
    cap_minor: int
    used_before_minor: int  # committed or consumed by other orders
    order_minor: int
    carried_minor: int = 0  # what earlier periods handed on to it

    @property
    def left_before_minor(self) -> int:
        return self.cap_minor + self.carried_minor - self.used_before_minor

    @property
    def left_after_minor(self) -> int:
        return self.left_before_minor - self.order_minor

    @property
    def is_exceeded(self) -> bool:
        return self.left_after_minor < 0


def spending_by_scope(content: OrderContent) -> dict[str, int]:
    """What an order spends of each scope, in base currency at the recorded rate.

    The scopes are the total, the supplier, and each category path that its lines name.
    """
    return _by_scope(content, content.base_line_minor)


def spending_of_units(content: OrderContent, units: Mapping[int, int]) -> dict[str, int]:
    """As spending_by_scope, for other quantities by line at the price that was agreed.

    What came of an order is paid at the agreed price, also where so few units alone would have
    been dearer. Each line is rounded half-even, once.
    """

    def minor(line: OrderLine) -> int:
        part = Fraction(units.get(line.line, 0), line.units)
        return round(content.base_line_minor(line) * part)

    return _by_scope(content, minor)


def _by_scope(content: OrderContent, minor: Callable[[OrderLine], int]) -> dict[str, int]:
    costs = [(line.category, minor(line)) for line in content.lines]
    total = sum(cost for _, cost in costs)
    spent = {TOTAL: total, f"supplier:{content.supplier}": total}
    for category in sorted({name for name, _ in costs if name}):
        spent[f"category:{category}"] = sum(cost for name, cost in costs if name == category)
    return spent


def draws_on(scope: str, budget_scope: str) -> bool:
    """Does spending in `scope` draw on a budget? A category's budget holds all below it."""
    return scope == budget_scope or (
        budget_scope.startswith("category:") and scope.startswith(f"{budget_scope}/")
    )


def require_scope_and_period(scope: str, period: str) -> None:
    """Raise InvalidInput unless both are written as the budgets table writes them."""
    kind, colon, name = scope.partition(":")
    if scope != TOTAL and not (colon and name and kind in ("category", "supplier")):
        raise InvalidInput(
            f"{scope!r} is no budget scope; write total, category:PATH or supplier:CODE."
        )
    kind_of(period)
