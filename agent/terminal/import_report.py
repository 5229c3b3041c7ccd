"""An import as a person reads it in a shell, and as JSON for another program."""

import json
from dataclasses import asdict
from typing import TextIO

from rich.console import Console
from rich.table import Table

from agent.terminal.harmless import escaped
from engine.connect.tally import Part, Tally, shown_sum
from engine.model.counting import counted
from engine.model.finding import Finding
from engine.service.importing import ImportReport

PIPE_WIDTH = 140
COLOURS = {"error": "bold red", "warning": "yellow", "info": "dim"}


def write_import_json(report: ImportReport, out: TextIO) -> None:
    """The whole report; money in micros."""
    content = {
        "snapshot": report.snapshot_id,
        "is_new": report.is_new,
        "previous": report.previous_id,
        "company": asdict(report.snapshot.company),
        "first_day": report.snapshot.first_day.isoformat(),
        "as_of": report.snapshot.as_of.isoformat(),
        "sales_bucket": report.snapshot.sales_bucket,
        "tables": {name: asdict(table) for name, table in report.snapshot.tables.items()},
        "reconciles": report.is_exact,
        "reconciliation": [{**asdict(t), "exact": t.is_exact} for t in report.tallies],
        "findings": [asdict(finding) for finding in report.findings],
        "quarantined": report.quarantined,
        "quarantine_blob": report.quarantine_blob,
        "changes": [
            {**asdict(c), "first": c.first and str(c.first), "last": c.last and str(c.last)}
            for c in report.changes
        ],
        "details_changed": list(report.details),
    }
    json.dump(content, out, indent=2, ensure_ascii=False)
    out.write("\n")


def print_import(report: ImportReport, *, everything: bool = False) -> None:
    """Rows by table, findings by severity, the reconciliation, and what is new."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PIPE_WIDTH)
    company, snapshot = report.snapshot.company, report.snapshot
    console.print(
        f"[bold]{escaped(company.name)}[/bold] ({company.base_currency}, {company.time_zone}"
        f"{', demo' if company.is_demo else ''}): sales by {snapshot.sales_bucket} from "
        f"{snapshot.first_day}, planning starts {snapshot.as_of}"
    )
    console.print(_rows(report))
    _print_findings(console, report, everything=everything)
    for sentence in (_reconciliation(report), _quarantine(report), _novelty(report)):
        if sentence:
            console.print(sentence)


def _rows(report: ImportReport) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("table")
    for name in ("read", "accepted", "quarantined", "filtered", "merged", "stored"):
        table.add_column(name, justify="right")
    read = {tally.table: tally for tally in report.tallies}
    for name, stored in report.snapshot.tables.items():
        tally = read.get(name)
        parts = (
            (tally.read, tally.accepted, tally.quarantined, tally.filtered, tally.merged)
            if tally
            else ()
        )
        cells = [f"{part.rows:,}" if part.rows else "·" for part in parts] or ["derived", *"····"]
        table.add_row(name, *cells, f"{stored.rows:,}")
    return table


def _print_findings(console: Console, report: ImportReport, *, everything: bool) -> None:
    shown = [f for f in report.findings if everything or f.severity != "info"]
    if shown:
        console.print("\n[bold]Findings[/bold]")
    for finding in shown:
        console.print(_finding(finding))
        for example in finding.examples[: None if everything else 3]:
            console.print(f"    [dim]{escaped(example)}[/dim]")
    hidden = len(report.findings) - len(shown)
    if hidden:
        console.print(f"[dim]and {hidden} for information: qm import ... --all[/dim]")


def _finding(finding: Finding) -> str:
    colour = COLOURS[finding.severity]
    place = f" {finding.table}" if finding.table else ""
    return (
        f"  [{colour}]{finding.severity}[/{colour}]{place} [bold]{finding.code}[/bold]: "
        f"{escaped(finding.message)} [dim]{escaped(finding.done)}[/dim]"
    )


def _reconciliation(report: ImportReport) -> str:
    lines = ["\n[bold]Reconciliation[/bold] with the source files"]
    lines += [f"  {_account(tally)}" for tally in report.tallies if tally.read.sums]
    verdict = (
        "[green]exact[/green]: every row is accepted, quarantined, filtered or merged"
        if report.is_exact
        else f"[bold red]not exact[/bold red]: {', '.join(_differences(report))}"
    )
    return "\n".join([*lines, f"  {verdict}"])


def _account(tally: Tally) -> str:
    """'sales: 541,909 rows, units 5,176,450 = 5,000,000 accepted + 176,450 filtered'."""
    parts = {
        "accepted": tally.accepted,
        "quarantined": tally.quarantined,
        "filtered": tally.filtered,
        "merged": tally.merged,
    }
    sums = [
        f"{name} {shown_sum(name, total)} = "
        + " + ".join(f"{shown_sum(name, _sum(p, name))} {w}" for w, p in parts.items() if p.rows)
        for name, total in tally.read.sums.items()
    ]
    return f"{tally.table}: {counted(tally.read.rows, 'row', 'rows')}; {'; '.join(sums)}"


def _sum(part: Part, name: str) -> int:
    return part.sums.get(name, 0)


def _differences(report: ImportReport) -> list[str]:
    return [
        f"{tally.table} {tally.difference.rows:,} rows {dict(tally.difference.sums)}"
        for tally in report.tallies
        if not tally.is_exact
    ]


def _quarantine(report: ImportReport) -> str:
    if not report.quarantined:
        return ""
    cells = counted(report.quarantined, "cell", "cells")
    return f"Quarantine: {cells} with file, row and reason: qm quarantine"


def _novelty(report: ImportReport) -> str:
    if not report.is_new:
        return f"\nSnapshot [bold]{report.snapshot_id}[/bold]: the same data as imported before."
    lines = [f"\nSnapshot [bold]{report.snapshot_id}[/bold] is new."]
    if report.previous_id:
        lines[0] += f" Since {report.previous_id}:"
    for change in report.changes:
        counts = {"added": change.added, "removed": change.removed, "changed": change.changed}
        what = ", ".join(
            f"{counted(count, 'row', 'rows')} {name}" for name, count in counts.items() if count
        )
        days = f" ({change.first} to {change.last})" if change.first else ""
        lines.append(f"  {change.table}: {what}{days}")
    lines += [f"  {detail} changed" for detail in report.details]
    return "\n".join([*lines, "Next: qm plan"])
