"""Ranked buys and cuts as tables: what to order, what its rank is made of, what was left out."""

import pandas as pd

from tools.cells import Record, known, records, rounded, text, whole
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import Names
from tools.result import FactTable

BUYS = (
    "#", "SKU", "Item", "Where", "Supplier", "Units", "Cost", "Running", "Out in (days)",
    "Lost margin", "Confidence", "Priority",
)  # fmt: skip
PARTS = (
    "#", "SKU", "Profit", "Return on cash", "Chance it runs out", "Out in: early", "likely",
    "late (days)", "Demand: low", "high", "Lost units", "Lost revenue", "Goes", "Because",
)  # fmt: skip


def add_buys(ledger: Ledger, names: Names, lines: pd.DataFrame, rest: int) -> None:
    """These lines as ranked, `rest` more not shown; a second table says what ranks are made of.

    Priority is return on cash times the chance of running out, both as shown, in percent points.
    """
    numbered = [(f"buy.{number}", row) for number, row in enumerate(records(lines), start=1)]
    rows = tuple(_line_row(ledger, names, prefix, row) for prefix, row in numbered)
    ledger.table(
        FactTable(
            name="buys",
            title="What to buy, best return first",
            columns=BUYS,
            rows=rows,
            rest=ledger.rest("buys.rest", rest, "further lines"),
        )
    )
    parts = tuple(_part_row(ledger, names, prefix, row) for prefix, row in numbered if _has(row))
    if parts:
        title = "What each rank is made of; priority is return times chance"
        ledger.table(FactTable(name="parts", title=title, columns=PARTS, rows=parts))


def _has(line: Record) -> bool:
    """A run stored before its parts were kept has none to show."""
    return known(line.get("stockout_chance")) is not None


def _about(names: Names, row: Record) -> tuple[Entity, Entity]:
    return names.item(str(row["sku"])), names.location(str(row["location"]))


def _line_row(ledger: Ledger, names: Names, prefix: str, line: Record) -> tuple[str, ...]:
    item, place = about = _about(names, line)
    add = ledger.add
    runs_out = known(line["stockout_days_p50"])
    return (
        add(f"{prefix}.rank", whole(line["rank"]), "count", "rank of the line", *about),
        ledger.code(f"{prefix}.sku", item),
        ledger.name(f"{prefix}.name", item),
        ledger.code(f"{prefix}.location", place),
        ledger.code(f"{prefix}.supplier", names.supplier(str(line["supplier"]))),
        add(f"{prefix}.units", whole(line["units"]), "units", "units to order", *about),
        add(f"{prefix}.cost", whole(line["cost_minor"]), "money", "cost of the line", *about),
        add(f"{prefix}.running", whole(line["running_cost_minor"]), "money",
            "running cost down to this line"),
        "" if runs_out is None else add(f"{prefix}.runs_out", rounded(runs_out), "days",
                                        "days until it runs out", *about),
        add(f"{prefix}.loss", whole(line["lost_margin_minor"]), "money",
            "expected lost margin without the line", *about, is_estimate=True),
        add(f"{prefix}.confidence", text(line["confidence"]), "status", "confidence", *about),
        add(f"{prefix}.priority", whole(line["priority"]), "count", "priority in points", *about,
            inputs=(f"{prefix}.return", f"{prefix}.chance"),
            formula="return on cash x chance that it runs out, in percent")
        if _has(line) else "",
    )  # fmt: skip


def _part_row(ledger: Ledger, names: Names, prefix: str, line: Record) -> tuple[str, ...]:
    about = _about(names, line)
    add = ledger.add

    def days(name: str, label: str) -> str:
        value = known(line[f"stockout_days_{name}"])
        return "" if value is None else add(f"{prefix}.out_{name}", rounded(value), "days",
                                            label, *about)  # fmt: skip

    return (
        f"{prefix}.rank",
        f"{prefix}.sku",
        add(f"{prefix}.value", whole(line["value_minor"]), "money",
            "expected profit of ordering it now", *about, is_estimate=True),
        add(f"{prefix}.return", share(line["return_per_cash"]), "percent", "return on cash", *about,
            inputs=(f"{prefix}.value", f"{prefix}.cost"), formula="profit / cost"),
        add(f"{prefix}.chance", share(line["stockout_chance"]), "percent",
            "chance of running out before the order after this one", *about),
        days("p10", "days until it runs out, one time in ten sooner"),
        f"{prefix}.runs_out",
        days("p90", "days until it runs out, one time in ten later"),
        add(f"{prefix}.low", rounded(known(line["demand_low"]) or 0), "units",
            "demand until the order after this one, one time in ten less", *about),
        add(f"{prefix}.high", rounded(known(line["demand_high"]) or 0), "units",
            "demand until the order after this one, one time in ten more", *about),
        add(f"{prefix}.lost_units", rounded(known(line["expected_lost_units"]) or 0), "units",
            "expected lost units without the line", *about),
        add(f"{prefix}.lost_revenue", whole(line["lost_revenue_minor"]), "money",
            "expected lost revenue without the line", *about, is_estimate=True),
        add(f"{prefix}.tier", text(line["tier"]), "status", "how the line goes on", *about),
        add(f"{prefix}.tier_why", text(line.get("tier_reason")), "sentence", "why so", *about)
        if text(line.get("tier_reason")) else "",
    )  # fmt: skip


def share(value: object) -> float:
    """A share in whole percent: what is shown is what is reckoned with."""
    return round(known(value) or 0, 2)


def add_cuts(ledger: Ledger, names: Names, cuts: pd.DataFrame, top: int, skip: int) -> None:
    """Cuts skip + 1 to skip + top, dearest first; no table where nothing is cut."""
    if len(cuts) == 0:
        return
    rows = tuple(
        _cut_row(ledger, names, f"cut.{number}", record)
        for number, record in enumerate(records(cuts.iloc[skip : skip + top]), start=1)
    )
    rest = len(cuts) - skip - len(rows)
    ledger.table(
        FactTable(
            name="cuts",
            title="Below the line: cut, and what that costs",
            columns=("SKU", "Item", "Where", "Units", "Cost", "Expected loss", "Cause"),
            rows=rows,
            rest=ledger.rest("cut.rest", rest, "further cuts"),
        )
    )


def _cut_row(ledger: Ledger, names: Names, prefix: str, cut: Record) -> tuple[str, ...]:
    item, place = about = _about(names, cut)
    add = ledger.add
    return (
        ledger.code(f"{prefix}.sku", item),
        ledger.name(f"{prefix}.name", item),
        ledger.code(f"{prefix}.location", place),
        add(f"{prefix}.units", whole(cut["units"]), "units", "units cut", *about),
        add(f"{prefix}.cost", whole(cut["cost_minor"]), "money", "cost of what was cut", *about),
        add(f"{prefix}.loss", whole(cut["expected_loss_minor"]), "money",
            "expected loss from the cut", *about, is_estimate=True),
        add(f"{prefix}.cause", text(cut["cause"]), "name", "cause of the cut", *about),
    )  # fmt: skip
