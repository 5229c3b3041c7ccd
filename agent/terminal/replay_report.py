"""A replay as a manager reads it in a shell, and as JSON for another program."""

import json
import sys
from pathlib import Path

from babel.numbers import format_currency
from rich.console import Console
from rich.table import Table

from agent.terminal.harmless import escaped
from engine.model.money import Money
from engine.service.replay import HISTORY, NOTHING, OURS, ReplayReport
from engine.service.replay_content import replay_content
from engine.service.replay_rules import RuleReport
from engine.simulate.bootstrap import LEVEL, Estimate
from engine.simulate.outcome import Outcome

PIPE_WIDTH = 140
_SHOWN = 3  # groups of a rule's settings; all are in the JSON
_SURE = f"{LEVEL:.0%}"


def write_replay_json(report: ReplayReport, target: Path) -> None:
    """Every figure; amounts in minor units of the base currency."""
    text = json.dumps(replay_content(report), indent=2, ensure_ascii=False) + "\n"
    if str(target) == "-":
        sys.stdout.write(text)
    else:
        target.write_text(text, encoding="utf-8")


def print_replay(report: ReplayReport) -> None:
    """What was compared, the table, what it means and what it rests on."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PIPE_WIDTH)
    scored = report.of(OURS)
    console.print(
        f"Replayed {report.weeks} weeks, {report.first_day:%d %b %Y} to "
        f"{report.last_day:%d %b %Y}; counted from {scored.first_day:%d %b %Y}. "
        f"{report.series:,} series, {scored.wanted_units:,} units wanted."
    )
    console.print(_table(report))
    for name in report.against:
        if name != NOTHING:
            console.print(escaped(_difference(report, name)))
    for rule in report.rules:
        console.print(f"[dim]{escaped(_settings(rule))}[/dim]")
    console.print(f"[dim]{escaped(_footnote(report))}[/dim]")


def _table(report: ReplayReport) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("policy")
    budget = () if report.budget_minor is None else ("of budget",)
    for heading in ("fill rate", "lost margin", "stock, on average", "ordered", *budget,
                    "a week at most", "orders", "lines"):  # fmt: skip
        table.add_column(heading, justify="right")
    for outcome in report.outcomes:
        table.add_row(*(escaped(cell) for cell in _cells(report, outcome)))
    return table


def _cells(report: ReplayReport, outcome: Outcome) -> tuple[str, ...]:
    fill, used = outcome.fill_rate, report.budget_used(outcome.policy)
    return (
        outcome.policy,
        "-" if fill is None else f"{fill:.1%}",
        _money(report, outcome.lost_margin_minor),
        _money(report, outcome.average_stock_minor),
        _money(report, outcome.ordered_minor),
        *(() if used is None else (f"{used:.0%}",)),
        _money(report, outcome.dearest_week_minor),
        f"{outcome.orders:,}",
        f"{outcome.order_lines:,}",
    )


def _difference(report: ReplayReport, name: str) -> str:
    """One sentence per rival, each figure with its interval."""
    measures = report.against[name]
    fill = measures["fill_rate"]
    return (
        f"Against {name}: fill rate {100 * fill.value:+.1f} points "
        f"({100 * fill.low:+.1f} to {100 * fill.high:+.1f}), lost margin "
        f"{_ranged(report, measures['lost_margin'])}, stock "
        f"{_ranged(report, measures['average_stock'])}."
    )


def _ranged(report: ReplayReport, estimate: Estimate) -> str:
    value, low, high = (
        _signed(report, each) for each in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value} ({low} to {high})"


def _settings(rule: RuleReport) -> str:
    """How a rule was set; many groups are for the JSON."""
    groups = [
        f"{group}: {', '.join(f'{name} {value:g}' for name, value in settings.items())}"
        for group, settings in rule.groups.items()
    ]
    told = "; ".join(groups[:_SHOWN])
    if len(groups) > _SHOWN:
        told += f"; {len(groups) - _SHOWN} more"
    if rule.tuned_from is None or rule.tuned_to is None:
        return f"{rule.name}: as the file says. {told}".strip()
    return (
        f"{rule.name}: best of {rule.tried} settings on {rule.tuned_from:%d %b %Y} to "
        f"{rule.tuned_to:%d %b %Y}, by {rule.by}. {told}"
    )


def _footnote(report: ReplayReport) -> str:
    """What the figures rest on."""
    budget = (
        "No budget." if report.budget_minor is None
        else f"Orders of a week are capped at {_money(report, report.budget_minor)} "
        f"(not those of “{HISTORY}”)."
    )  # fmt: skip
    return (
        f"In brackets {_SURE} of 2,000 assortments drawn from the items. Lost margin is that of "
        "customers who found nothing, estimated. Lead times are drawn once from each supplier's "
        f"own and are the same for every policy; “{HISTORY}” took what it took. Orders arrive "
        f"whole. {budget} {report.left_out} series that were new are left out."
    )


def _money(report: ReplayReport, minor: float) -> str:
    whole = Money(minor=round(minor), currency=report.currency).decimal()
    return format_currency(whole, report.currency, locale="en_GB", format="¤#,##0",
                           currency_digits=False)  # fmt: skip


def _signed(report: ReplayReport, minor: float) -> str:
    return ("+" if minor > 0 else "-" if minor < 0 else "") + _money(report, abs(minor))
