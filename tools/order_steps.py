"""The steps of a quantity and what another one would do, as facts."""

from engine.kernels.alternatives import Change
from engine.model.plan import StepsOfLine
from engine.service.explaining import Explanation
from engine.service.reading import RunHeader
from tools.cells import rounded
from tools.facts import Entity, FactKind, Value
from tools.ledger import Ledger
from tools.result import FactTable

About = tuple[Entity, Entity]
Rows = tuple[tuple[str, Value, FactKind, str], ...]  # of Ledger.add_all

NOTHING_LARGER = "no larger quantity was weighed, because it would last far beyond the need"
HOLDS_DEARER = "more would cost more to hold than it is expected to earn"
EARNS_ELSEWHERE = "more would earn something, but the same cash earns more elsewhere"
WITHIN_THE_GAP = "more would earn a little; the plan is that close to the best, not closer"


def add_why(
    ledger: Ledger,
    run: RunHeader,
    why: Explanation | None,
    steps: StepsOfLine,
    about: About,
    instead: int | None,
) -> None:
    """The steps; and where the run kept what it weighed, what another quantity would do."""
    _add_steps(ledger, steps, about)
    if why is None:
        return
    price = run.allocation.shadow_price
    _add_alternatives(ledger, why, price, instead, about)
    if run.budget_minor is not None:
        ledger.add("cap.dual", round(price, 4), "ratio", "shadow price of the budget")
    if why.cause:
        ledger.add("order.cause", why.cause, "name", "what keeps it from more", *about)
        ledger.add("order.missing", why.cut_units, "units", "units that this keeps out", *about)


def _add_steps(ledger: Ledger, steps: StepsOfLine, about: About) -> None:
    """The table of steps; its last row is the fact `order.units`, which they add up to."""
    rows: list[tuple[str, ...]] = []
    for number, (label, units) in enumerate(steps, start=1):
        prefix = f"step.{number}"
        rows.append(
            (
                ledger.add(f"{prefix}.name", label, "name", "step", *about),
                ledger.add(f"{prefix}.units", units, "units", f"{label} step", *about),
            )
        )
    name = ledger.add("order.total_name", "order", "name", "sum of the steps", *about)
    ledger.table(
        FactTable(
            name="steps",
            title="From need to order, step by step; the steps add up",
            columns=("Step", "Units"),
            rows=(*rows, (name, "order.units")),
        )
    )


def _add_alternatives(
    ledger: Ledger, why: Explanation, price: float, instead: int | None, about: About
) -> None:
    """The next larger and smaller quantity and the one asked about: profit and cash they move.

    `price` is what the budget earns at its margin, per unit of cash; 0 where it does not bind.
    """
    more, less = why.quantities.more(why.units), why.quantities.less(why.units)
    ledger.add("more.why", _why_not_more(more, why.cause, price), "sentence",
               "why not more", *about)  # fmt: skip
    named = None
    if instead is not None and instead != why.units:
        named = why.quantities.instead(why.units, instead)
        if named is not None:
            _add_direction(ledger, named, about)
    found = (("less", "less", less), ("more", "more", more), ("instead", "yours", named))
    rows = tuple(
        _row(ledger, prefix, label, change, about) for prefix, label, change in found if change
    )
    if rows:
        ledger.table(
            FactTable(
                name="alternatives",
                title="What another quantity would do",
                columns=("", "Units", "Expected profit", "Cash", "Profit per cash"),
                rows=rows,
            )
        )


def _add_direction(ledger: Ledger, named: Change, about: About) -> None:
    """For a sentence: how much, and which way."""
    ledger.add("instead.gain", abs(round(named.value_minor)), "money",
               "difference of expected profit", *about, is_estimate=True)  # fmt: skip
    way = "less" if named.value_minor < 0 else "more"
    ledger.add("instead.direction", way, "status", "direction of the difference", *about)


def _why_not_more(more: Change | None, cause: str, price: float) -> str:
    if more is None:
        return NOTHING_LARGER
    if more.value_minor <= 0:
        return HOLDS_DEARER
    return EARNS_ELSEWHERE if cause or price > 0 else WITHIN_THE_GAP


def _row(ledger: Ledger, prefix: str, label: str, change: Change, about: About) -> tuple[str, ...]:
    add = ledger.add
    asked = prefix == "instead"
    return (
        add(f"{prefix}.name", label, "name", "which quantity", *about),
        add(f"{prefix}.quantity", change.units, "units", f"quantity if {label}", *about,
            is_asked=asked),
        add(f"{prefix}.value", round(change.value_minor), "money",
            f"change of expected profit if {label}", *about, is_estimate=True,
            formula="value of that quantity - value of the order"),
        add(f"{prefix}.cash", change.cost_minor, "money", f"change of cash if {label}", *about,
            formula="cost of that quantity - cost of the order"),
        add(f"{prefix}.rate", rounded_rate(change.rate), "ratio",
            f"expected profit per unit of cash if {label}", *about,
            inputs=(f"{prefix}.value", f"{prefix}.cash"), formula="profit / cash"),
    )  # fmt: skip


def rounded_rate(rate: float) -> float | int:
    """A rate as people compare them: thousandths."""
    return round(rate, 3) if abs(rate) < 1 else rounded(rate)
