"""Supplier scorecards as a person reads them in a shell."""

import math
from typing import Any, cast

from agent.grounding.formats import shown
from agent.terminal import render
from agent.terminal.order_report import console
from agent.views.answer import Cell, Column, Table
from engine.service.suppliers import SupplierReport
from tools.cells import rounded
from tools.facts import Fact, FactKind, Value

# Column of the scorecard -> header, kind.
_COLUMNS: dict[str, tuple[str, FactKind]] = {
    "supplier": ("Supplier", "name"),
    "lines": ("Lines", "count"),
    "overdue_lines": ("Overdue", "count"),
    "otif_share": ("On time in full", "percent"),
    "stated_days": ("Stated", "days"),
    "confirmed_days": ("Confirmed", "days"),
    "mean_days": ("Lead time", "days"),
    "sd_days": ("Spread", "days"),
    "trend_days": ("Trend", "days"),
    "freed_best_quarter_minor": ("Freed by best quarter", "money"),
}
# What one supplier's card says besides.
_MORE: dict[str, tuple[str, FactKind]] = {
    "on_time_share": ("On time", "percent"),
    "in_full_share": ("In full", "percent"),
    "delivered_share": ("Delivered of what was due", "percent"),
    "lost_share": ("Orders that never come", "percent"),
    "late_days": ("Late by (early below zero)", "days"),
    "promised_days": ("Promised", "days"),
    "best_quarter_sd_days": ("Spread in its best quarter", "days"),
    "price_variance": ("Prices against the list", "percent"),
    "rejected_share": ("Refused", "percent"),
    "cancelled_share": ("Cancelled", "percent"),
    "safety_minor": ("Money in safety stock", "money"),
    "freed_promised_minor": ("Freed by keeping promised days", "money"),
}


def print_scorecards(report: SupplierReport, locale: str) -> None:
    if report.rows.empty:
        console().print(f"Nothing has been ordered since {report.first}.")
        return
    headers = tuple(
        Column(header=header, is_numeric=kind != "name") for header, kind in _COLUMNS.values()
    )
    rows = tuple(
        tuple(_cell(row, name, kind, report, locale) for name, (_, kind) in _COLUMNS.items())
        for row in cast("list[dict[str, Any]]", report.rows.to_dict("records"))
    )
    title = f"Suppliers since {report.first}, the least reliable first"
    out = console()
    out.print(render.table(Table(title=title, columns=headers, rows=rows), out.width))


def print_card(report: SupplierReport, row: dict[str, Any], locale: str) -> None:
    """One supplier, a line per figure; what is not known is left out."""
    out = console()
    for name, (header, kind) in (_COLUMNS | _MORE).items():
        text = _cell(row, name, kind, report, locale).text
        if text:
            out.print(f"{header:32} {text}")


def _cell(
    row: dict[str, Any], name: str, kind: FactKind, report: SupplierReport, locale: str
) -> Cell:
    value: Value = row[name]
    if not isinstance(value, str):
        number = float(cast("float", row[name]))
        if not math.isfinite(number):
            return Cell("")
        value = _as_shown(number, kind)
    fact = Fact(id="", value=value, kind=kind, label="", currency=report.currency)
    return Cell(shown(fact, locale, in_table=True))


def _as_shown(number: float, kind: FactKind) -> Value:
    if kind == "percent":
        return round(number, 3)
    return rounded(number) if kind == "days" else round(number)
