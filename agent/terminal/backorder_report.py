"""Customers who wait, and the allocation ledger, as a person reads them in a shell."""

from collections.abc import Sequence
from datetime import date, datetime

from babel.dates import format_datetime, format_interval, format_skeleton

from agent.terminal import render
from agent.terminal.order_report import console
from agent.views.answer import Cell, Column, Table
from engine.service.backorders import Backorder, LedgerEntry, Queue


def print_queue(queue: Queue, locale: str) -> None:
    if queue.day is None:
        console().print("Nothing is promised yet. Run: qm backorders allocate")
        return
    if not queue.lines:
        console().print("Nobody waits.")
        return
    headers = ("Rank", "Order line", "SKU", "Where", "Held", "Ahead", "Paid", "Ships", "Was told",
               "Counts on", "To slip")  # fmt: skip
    rows = [
        (
            str(line.rank or ""), line.order_line, line.sku, line.location,
            f"{line.held}/{line.units}", str(line.ahead), _day(line.paid_at, locale),
            _window(line, locale), days_text(line.told_first, line.told_last, locale),
            ", ".join(line.pos), _risk(line),
        )
        for line in queue.lines
    ]  # fmt: skip
    print_rows("Who waits, in the order in which they are served", headers, rows,
               numeric={"Rank", "Held", "Ahead", "To slip"})  # fmt: skip


def print_ledger(entries: Sequence[LedgerEntry], locale: str) -> None:
    if not entries:
        console().print("The ledger has no such entry.")
        return
    headers = ("No.", "When (UTC)", "Order line", "SKU", "Where", "Units", "Holds", "Rank", "Why")
    rows = [
        (
            str(each.seq), _moment(each.at, locale), each.order_line, each.sku, each.location,
            f"{each.units:+d}", str(each.held), str(each.rank or ""), each.why,
        )
        for each in entries
    ]  # fmt: skip
    print_rows("Who was given what", headers, rows, numeric={"No.", "Units", "Holds", "Rank"})


def print_rows(
    title: str, headers: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: set[str]
) -> None:
    columns = tuple(Column(header=name, is_numeric=name in numeric) for name in headers)
    cells = tuple(tuple(Cell(text) for text in row) for row in rows)
    out = console()
    out.print(render.table(Table(title=title, columns=columns, rows=cells), out.width))


def _window(line: Backorder, locale: str) -> str:
    if line.ready and line.held == line.units:
        return "ready"
    return days_text(line.first_on, line.last_on, locale) or line.why


def days_text(first: date | None, last: date | None, locale: str) -> str:
    """Days without their year, which a table of the coming weeks needs no room for."""
    if first is None or last is None:
        return ""
    return format_interval(first, last, skeleton="MMMd", locale=locale).replace("\u2009", "")


def _risk(line: Backorder) -> str:
    """Where it is at risk, the chance that the window the customer knows is missed."""
    if not line.at_risk:
        return ""
    return "at risk" if line.slips is None else f"{line.slips:.0%}"


def _moment(moment: datetime | None, locale: str) -> str:
    return "" if moment is None else format_datetime(moment, "short", locale=locale)


def _day(moment: datetime | None, locale: str) -> str:
    return "" if moment is None else format_skeleton("MMMd", moment, locale=locale)
