"""A stored plan as a person reads it in a shell, and as JSON for another program."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import TextIO

import pandas as pd
from babel.numbers import format_currency
from rich.console import Console
from rich.table import Table

from agent.terminal.harmless import escaped
from engine.model.canonical import canonical_json
from engine.model.money import Money
from engine.service import reading
from engine.service.reading import RunHeader
from engine.service.stores import Stores

PIPE_WIDTH = 140


def write_plan_json(stores: Stores, run: RunHeader, out: TextIO) -> None:
    """The whole plan; amounts in minor units of the base currency."""
    content = {
        "run": {
            "id": run.id,
            "digest": run.digest,
            "snapshot": run.snapshot_id,
            "as_of": run.as_of,
            "currency": run.currency,
            "inputs": run.inputs,
        },
        "allocation": {**asdict(run.allocation), "gap": run.allocation.gap},
        "lines": reading.plan_lines(stores, run.id),
        "cuts": reading.cuts(stores, run.id),
        "transfers": reading.transfers(stores, run.id),
        "exceptions": reading.exceptions(stores, run.id),
    }
    json.dump(json.loads(canonical_json(content)), out, indent=2, ensure_ascii=False)
    out.write("\n")


def print_plan(stores: Stores, run: RunHeader, top: int) -> None:
    """The decision in a few lines, the first `top` buys, and what the budget cost."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PIPE_WIDTH)
    lines, cuts = reading.plan_lines(stores, run.id), reading.cuts(stores, run.id)
    notices = reading.exceptions(stores, run.id)
    for sentence in _summary(run, lines, cuts, notices, len(reading.transfers(stores, run.id))):
        console.print(escaped(sentence))
    if top and len(lines):
        console.print(_table(run, lines.head(top)))
    if len(lines) > top:
        console.print(f"... and {len(lines) - top} more: qm plan --top {len(lines)} or --json")
    console.print(f"\nAsk about it: qm chat     [dim]run {run.id}, digest {run.digest[:12]}[/dim]")


def _summary(
    run: RunHeader, lines: pd.DataFrame, cuts: pd.DataFrame, notices: pd.DataFrame, moves: int
) -> list[str]:
    allocation = run.allocation
    cap = "no budget" if run.budget_minor is None else f"budget {_money(run, run.budget_minor)}"
    told = [
        (
            f"Plan of {run.as_of:%a %d %b %Y}: buy {len(lines)} lines for "
            f"{_money(run, allocation.spent_minor)} ({cap}), {moves} transfers first, "
            f"{len(notices)} exceptions."
        ),
    ]
    if len(cuts):
        loss = _money(run, int(cuts["expected_loss_minor"].sum()))
        told.append(f"The budget cuts {len(cuts)} lines; their expected loss is {loss}.")
    if allocation.next_thousand_minor is not None and run.budget_minor is not None:
        earns = _money(run, allocation.next_thousand_minor)
        told.append(f"The next 1,000 {run.currency} of budget would earn {earns}.")
    told.append(f"No plan within these limits is worth more than {allocation.gap:.3%} above this.")
    return told


def _table(run: RunHeader, lines: pd.DataFrame) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("#", "item", "at", "from"):
        table.add_column(heading)
    for heading in ("units", "cost", "running", "days left", "lost margin", "sure"):
        table.add_column(heading, justify="right")
    for record in lines.to_dict("records"):
        table.add_row(*(escaped(cell) for cell in _cells(run, record)))
    return table


def _cells(run: RunHeader, row: Mapping[str, object]) -> tuple[str, ...]:
    return (
        str(row["rank"]),
        str(row["sku"]),
        str(row["location"]),
        str(row["supplier"]),
        f"{row['units']:,}",
        _money(run, int(str(row["cost_minor"]))),
        _money(run, int(str(row["running_cost_minor"]))),
        f"{float(str(row['stockout_days_p50'])):.0f}",
        _money(run, int(str(row["lost_margin_minor"]))),
        str(row["confidence"]),
    )


def _money(run: RunHeader, minor: int) -> str:
    amount = Money(minor=minor, currency=run.currency).decimal()
    return format_currency(amount, run.currency, locale="en_GB")
