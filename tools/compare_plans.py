"""Two runs side by side as facts: the figures of each, and the lines that change."""

from engine.service.plan_difference import Difference, Side, difference
from engine.service.reading import RunHeader
from engine.service.stores import Stores
from tools.cells import Record, records, whole
from tools.ledger import Ledger
from tools.names import Names
from tools.result import FactTable

SHOWN = 10


def add_comparison(
    ledger: Ledger, names: Names, stores: Stores, run: RunHeader, other: RunHeader
) -> None:
    """`now.*` and `then.*`, what lies between them, and the lines that change."""
    found = difference(stores, run, other)
    _sides(ledger, run, other, found)
    moved = found.after.value_minor - found.before.value_minor
    ledger.add("if.change", abs(moved), "money", "change of expected profit", is_estimate=True,
               inputs=("now.value", "then.value"), formula="|value then - value now|")  # fmt: skip
    ledger.add("if.direction", _direction(moved), "status", "direction of the change")
    _net(ledger, found)
    cash = found.after.cost_minor - found.before.cost_minor
    ledger.add("if.cash", abs(cash), "money", "change of cash", inputs=("now.cost", "then.cost"),
               formula="|cost then - cost now|")  # fmt: skip
    ledger.add("if.cash_direction", _direction(cash), "status", "direction of the cash")
    ledger.add("if.changed", len(found.changed), "count", "lines that change")
    _changed(ledger, names, records(found.changed))


def _net(ledger: Ledger, found: Difference) -> None:
    """What the world is worth in all: a plan may gain more only because it has more to save."""
    before, after = found.before.net_minor, found.after.net_minor
    if before is None or after is None:
        return
    ledger.add("if.net", abs(after - before), "money", "change of gain less loss",
               is_estimate=True, inputs=("now.net", "then.net"),
               formula="|gain less loss then - now|")  # fmt: skip
    ledger.add("if.net_direction", _direction(after - before), "status", "direction in all")


def _sides(ledger: Ledger, run: RunHeader, other: RunHeader, found: Difference) -> None:
    labels = (
        "Budget", "Cost", "Gain over buying nothing", "Lines", "Expected loss from cuts",
        "Lost before any order can arrive", "Gain less that loss",
    )  # fmt: skip
    shown = [
        ledger.add(f"row.{n}", label, "name", "what is compared")
        for n, label in enumerate(labels, start=1)
    ]
    now = _column(ledger, "now", run, found.before)
    then = _column(ledger, "then", other, found.after)
    ledger.table(
        FactTable(
            name="comparison",
            title="The plan as it is, and as supposed",
            columns=("", "Now", "Then"),
            rows=tuple(zip(shown, now, then, strict=True)),
        )
    )


def _column(ledger: Ledger, prefix: str, run: RunHeader, side: Side) -> tuple[str, ...]:
    add = ledger.add
    budget, lost = run.budget_minor, side.unavoidable_minor
    return (
        "" if budget is None else add(f"{prefix}.budget", budget, "money", "budget"),
        add(f"{prefix}.cost", side.cost_minor, "money", "cost of the plan"),
        add(f"{prefix}.value", side.value_minor, "money", "expected profit of the plan",
            is_estimate=True),
        add(f"{prefix}.lines", side.lines, "count", "lines to buy"),
        add(f"{prefix}.cut_loss", side.cut_loss_minor, "money", "expected loss from the lines cut",
            is_estimate=True),
        "" if lost is None else add(f"{prefix}.lost", lost, "money",
                                    "expected margin lost before any order can arrive",
                                    is_estimate=True),
        "" if side.net_minor is None else add(
            f"{prefix}.net", side.net_minor, "money", "gain less what is lost before it",
            is_estimate=True, inputs=(f"{prefix}.value", f"{prefix}.lost"),
            formula="gain over buying nothing - lost before any order can arrive"),
    )  # fmt: skip


def _direction(difference: int) -> str:
    if difference == 0:
        return "unchanged"
    return "higher" if difference > 0 else "lower"


def _changed(ledger: Ledger, names: Names, changed: list[Record]) -> None:
    if not changed:
        return
    rows = tuple(
        _row(ledger, names, f"line.{n}", row) for n, row in enumerate(changed[:SHOWN], start=1)
    )
    rest = len(changed) - len(rows)
    ledger.table(
        FactTable(
            name="changed",
            title="Lines that change, most cash first",
            columns=("SKU", "Item", "Where", "Units now", "Units then", "Cost now", "Cost then"),
            rows=rows,
            rest=ledger.rest("changed.rest", rest, "further lines that change"),
        )
    )


def _row(ledger: Ledger, names: Names, prefix: str, row: Record) -> tuple[str, ...]:
    item, place = names.item(str(row["sku"])), names.location(str(row["location"]))
    about = (item, place)
    add = ledger.add
    return (
        ledger.code(f"{prefix}.sku", item),
        ledger.name(f"{prefix}.name", item),
        ledger.code(f"{prefix}.location", place),
        add(f"{prefix}.units_now", whole(row["units_before"]), "units", "units now", *about),
        add(f"{prefix}.units_then", whole(row["units_after"]), "units", "units then", *about),
        add(f"{prefix}.cost_now", whole(row["cost_before_minor"]), "money", "cost now", *about),
        add(f"{prefix}.cost_then", whole(row["cost_after_minor"]), "money", "cost then", *about),
    )  # fmt: skip
