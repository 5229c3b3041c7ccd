"""Customers who wait, and the allocation ledger, as a person reads them in a shell."""

from collections.abc import Sequence
from datetime import date, datetime

from babel.dates import format_datetime

from agent.terminal import render
from agent.terminal.order_report import console
from agent.views.answer import Cell, Column, Table
from engine.promise.wording import locale_of, window_text
from engine.service.backorders import Backorder, LedgerEntry, Queue


def print_queue(queue: Queue, locale: str) -> None:
    if queue.day is None:
        console().print("Nothing is promised yet. Run: qm backorders allocate")
        return
    if not queue.lines:
        console().print("Nobody waits.")
        return
    day = queue.day
    headers = ("Rank", "Order line", "SKU", "Where", "Units", "Held", "Ahead", "Paid", "Ships",
               "Was told", "Counts on", "Risk")  # fmt: skip
    rows = [
        (
            str(line.rank or ""), line.order_line, line.sku, line.location, str(line.units),
            str(line.held), str(line.ahead), _moment(line.paid_at, locale),
            _window(line, day, locale),
            _days(line.told_first, line.told_last, day, locale), ", ".join(line.pos),
            _risk(line),
        )
        for line in queue.lines
    ]  # fmt: skip
    print_rows("Who waits, in the order in which they are served", headers, rows,
           numeric={"Rank", "Units", "Held", "Ahead"})  # fmt: skip


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


def _window(line: Backorder, day: date, locale: str) -> str:
    if line.ready and line.held == line.units:
        return "ready"
    return _days(line.first_on, line.last_on, day, locale) or line.why


def _days(first: date | None, last: date | None, day: date, locale: str) -> str:
    if first is None or last is None:
        return ""
    return window_text(first, last, locale_of(locale), day)


def _risk(line: Backorder) -> str:
    if not line.at_risk:
        return ""
    return "at risk" if line.slips is None else f"at risk, {line.slips:.0%} to slip"


def _moment(moment: datetime | None, locale: str) -> str:
    return "" if moment is None else format_datetime(moment, "short", locale=locale)
