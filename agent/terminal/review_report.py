"""A review as a person reads it in a shell."""

from agent.terminal import render
from agent.terminal.order_report import console
from agent.views.answer import Cell, Column, Table
from agent.views.report import report_of
from engine.model.review import Review


def print_review(review: Review, locale: str) -> None:
    report, out = report_of(review, locale), console()
    out.print(f"{report.company}: {report.title}", style="bold")
    out.print(f"{report.subtitle}. {report.source}")
    for section in report.sections:
        out.print()
        out.print(section.title, style="bold")
        out.print(section.says, style="dim")
        if section.table is None:
            continue
        columns = tuple(
            Column(header=name, is_numeric=numeric)
            for name, numeric in zip(section.table.columns, section.table.numeric, strict=True)
        )
        rows = tuple(tuple(Cell(text) for text in row) for row in section.table.rows)
        out.print(render.table(Table(title="", columns=columns, rows=rows), out.width))
