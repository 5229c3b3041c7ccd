"""A figure derived from figures of this turn: sum, difference, share or ratio, with its lineage."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from engine.errors import InvalidInput, UnknownName
from engine.service import conversation
from tools.context import ToolContext
from tools.facts import Fact, FactKind, Value
from tools.ledger import Ledger
from tools.result import FactTable, ToolResult
from tools.runs import current_run, ledger_for
from tools.show_source import fact_of
from tools.tool import Arguments, Tool

Operation = Literal["sum", "difference", "share", "ratio"]
ADDS: frozenset[FactKind] = frozenset(
    {"money", "unit_price", "units", "packs", "count", "days", "weeks"}
)
PAIRS: frozenset[Operation] = frozenset({"difference", "share", "ratio"})
MOST = 20
SIGNS = {"sum": " + ", "difference": " - ", "share": " / ", "ratio": " / "}
TWO = 2


class Compute(Arguments):
    operation: Operation = Field(description="share and ratio: the first of the second")
    facts: Annotated[tuple[str, ...], Field(min_length=TWO, max_length=MOST)] = Field(
        description="ids of facts of this turn, such as c1.buys.cost; two, or more for a sum"
    )


def compute(arguments: Compute, context: ToolContext) -> ToolResult:
    """Facts keep their run; a mixture of runs is a comparison of them, and is said to be one."""
    found = _found(arguments.facts, context)
    _require_fitting(arguments.operation, found)
    ledger = ledger_for(current_run(context))
    inputs = [
        ledger.carry(replace(fact, id=f"in.{n}", inputs=()))
        for n, fact in enumerate(found, start=1)
    ]
    value, kind = _value(arguments.operation, found)
    ledger.carry(_derived(arguments.operation, found, inputs, value, kind))
    ledger.table(_table(ledger, found, inputs))
    runs = {fact.run_id for fact in found}
    ledger.add("compute.runs", len(runs), "count", "plan runs that these figures come from")
    return ledger.result(_outcome(arguments.operation, value))


def _found(ids: Sequence[str], context: ToolContext) -> list[Fact]:
    stored = conversation.facts_of(context.stores, context.turn_id)
    known = {fact.id: fact_of(fact) for fact in stored if fact.run_id is not None}
    for wanted in ids:
        if wanted not in known:
            raise UnknownName("fact of this turn", wanted, list(known))
    return [known[wanted] for wanted in ids]


def _require_fitting(operation: Operation, found: Sequence[Fact]) -> None:
    """Only like with like; what merely echoes an argument is nobody's figure."""
    if operation in PAIRS and len(found) != TWO:
        raise InvalidInput(f"A {operation} is of two facts, not of {len(found)}.")
    asked = next((fact for fact in found if fact.is_asked), None)
    if asked is not None:
        raise InvalidInput(f"{asked.id} only repeats what was asked; compute with what was found.")
    kinds = {(fact.kind, fact.currency) for fact in found}
    if len(kinds) > 1:
        told = ", ".join(
            f"{fact.id} is {fact.kind} {fact.currency or ''}".strip() for fact in found
        )
        raise InvalidInput(f"These do not go together: {told}. Use facts of one kind and currency.")
    (kind, _), dates = kinds.pop(), operation == "difference"
    if kind not in ADDS and not (kind == "date" and dates):
        raise InvalidInput(f"A {operation} of {kind} figures means nothing. Use {sorted(ADDS)}.")
    if operation in ("share", "ratio") and _number(found[1]) == 0:
        raise InvalidInput(f"{found[1].id} is zero: nothing is a {operation} of it.")


def _number(fact: Fact) -> float:
    if fact.kind == "date":
        return float(_day(fact.value).toordinal())
    assert isinstance(fact.value, int | float)  # noqa: S101  the kinds that are numbers
    return fact.value


def _day(value: Value) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _value(operation: Operation, found: Sequence[Fact]) -> tuple[float, FactKind]:
    numbers, kind = [_number(fact) for fact in found], found[0].kind
    if operation == "sum":
        return sum(numbers), kind
    if operation == "difference":
        return numbers[0] - numbers[1], "days" if kind == "date" else kind
    return numbers[0] / numbers[1], "percent" if operation == "share" else "ratio"


def _derived(
    operation: Operation, found: Sequence[Fact], inputs: Sequence[str], value: float, kind: FactKind
) -> Fact:
    """The size of it, without a sign: which is more is told by the outcome."""
    labels = "; ".join(dict.fromkeys(fact.label for fact in found))
    runs, snapshots = {f.run_id for f in found}, {f.snapshot_id for f in found}
    return Fact(
        id="compute.value",
        value=int(abs(value)) if float(value).is_integer() else abs(value),
        kind=kind,
        label=f"{operation} of {labels}",
        about=tuple(sorted({ref for fact in found for ref in fact.about})),
        currency=found[0].currency if kind in ("money", "unit_price") else None,
        is_estimate=any(fact.is_estimate for fact in found),
        run_id=runs.pop() if len(runs) == 1 else found[0].run_id,
        snapshot_id=snapshots.pop() if len(snapshots) == 1 else found[0].snapshot_id,
        inputs=tuple(inputs),
        formula=SIGNS[operation].join(fact.label for fact in found),
    )


def _table(ledger: Ledger, found: Sequence[Fact], inputs: Sequence[str]) -> FactTable:
    """What went in, in the order it was given."""
    rows = tuple(
        (
            ledger.add(f"row.{n}.what", fact.label, "name", "what the figure is"),
            ledger.add(f"row.{n}.about", about, "name", "what it is about") if about else "",
            fact_id,
        )
        for n, (fact, fact_id) in enumerate(zip(found, inputs, strict=True), start=1)
        for about in [", ".join(ref.partition(":")[2] for ref in fact.about)]
    )
    return FactTable(
        name="inputs", title="What it is computed from", columns=("What", "About", "Figure"),
        rows=rows,
    )  # fmt: skip


def _outcome(operation: Operation, value: float) -> str:
    if operation != "difference":
        return operation
    return "more" if value > 0 else "less" if value < 0 else "equal"


TOOL = Tool(
    name="compute",
    mode="read",
    description=(
        "Derive a figure from facts of this turn: sum, difference, share or ratio. Never work a "
        "figure out yourself."
    ),
    arguments=Compute,
    run=compute,
)
