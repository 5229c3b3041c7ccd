"""The picture of each customer's line after a run, and how the windows they were told have held."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.promise.arrived import Arrivals, Arrived
from engine.promise.book import Book
from engine.promise.lines import LinePromise
from engine.store.promises import Holding
from engine.store.tables.promises import told_windows

Rows = Mapping[str, sa.RowMapping]  # pictures by order line
Told = Mapping[str, tuple[date | None, date | None]]  # windows that customers are told by this run


def line_rows(
    book: Book, before: Rows, told: Told, served: Mapping[Holding, Arrived]
) -> list[dict[str, Any]]:
    """A row of backorder_promises for every line that waits; `told` replaces what was told."""
    return [_row(each, book, before, told, served) for each in book.lines]


def _row(
    promise: LinePromise, book: Book, before: Rows, told: Told, served: Mapping[Holding, Arrived]
) -> dict[str, Any]:
    line, span, row = promise.line, promise.span, before.get(promise.line.order_line)
    whole = promise.held == line.units
    first, last = told.get(line.order_line, (line.told_first, line.told_last))
    times = row["times_told"] if row else 0
    since = (row["ready_on"] if row else None) or ready_day(promise, book, served)
    if line.ordered_at is not None:
        since = max(since, line.ordered_at.date())
    return {
        "order_line": line.order_line, "sku": line.sku, "location": line.location,
        "channel": line.channel, "contact_ref": line.contact_ref, "units": line.units,
        "held": promise.held, "ready": promise.ready, "ready_on": since if whole else None,
        "rank": promise.rank, "ahead": promise.ahead, "paid_at": _instant(line.paid_at),
        "basis": promise.basis, "why": promise.why,
        "first_on": span.first if span else None, "last_on": span.last if span else None,
        "likeliest_on": span.likeliest if span else None, "pos": list(span.pos) if span else [],
        "slips": promise.slips, "at_risk": promise.at_risk, "told_first": first,
        "told_last": last, "times_told": times, "state": "waiting",
    }  # fmt: skip


def ready_day(promise: LinePromise, book: Book, served: Mapping[Holding, Arrived]) -> date:
    """The day on which the last that the line was given came, as far as it is told; else today."""
    line = promise.line
    parts = book.recipes.get(line.sku) or {line.sku: 1}
    keys = ((line.order_line, part, line.location) for part in parts)
    days = [found.on or book.today for key in keys if (found := served.get(key)) is not None]
    return max(days, default=book.today)


def _last_day(sku: str, place: str, book: Book, arrivals: Arrivals) -> date:
    """The day of the last arrival of any part: of who has gone nobody knows by which it was."""
    parts = book.recipes.get(sku) or {sku: 1}
    days = [arrivals[part, place][-1].on for part in parts if (part, place) in arrivals]
    return max((day for day in days if day is not None), default=book.today)


def ended(
    book: Book, before: Rows, cancelled: frozenset[str], arrivals: Arrivals
) -> list[dict[str, Any]]:
    """Pictures of lines that no longer wait.

    One that held all it wanted, or for whose item something came in between, was served; of any
    other nobody says whether it was: it is gone.
    """
    still = {each.line.order_line for each in book.lines}
    found: list[dict[str, Any]] = []
    for name in sorted(before.keys() - still):
        row = dict(before[name])
        come = (row["sku"], row["location"]) in arrivals
        served = row["held"] == row["units"] or come
        if served and row["ready_on"] is None:
            row["ready_on"] = _last_day(row["sku"], row["location"], book, arrivals)
        state = "cancelled" if name in cancelled else "served" if served else "gone"
        found.append({**row, "state": state, "held": 0})
    return found


def first_told(book: Book, before: Rows) -> list[dict[str, Any]]:
    """Windows of lines that are seen for the first time: the shop's own, else the engine's."""
    found: list[dict[str, Any]] = []
    for each in book.lines:
        line, known = each.line, each.line.order_line in before
        if line.told_first and line.told_last and not known:
            window, origin = (line.told_first, line.told_last), "order"
        elif each.basis == "stock":
            continue  # what is there already is no promise of a day
        elif line.told_last is None and each.span and not _was_told_open(before, line.order_line):
            window, origin = (each.span.first, each.span.last), "engine"
        else:
            continue
        found.append(_window(line.order_line, window, book.today, origin))
    return found


def _was_told_open(before: Rows, name: str) -> bool:
    return name in before and before[name]["times_told"] > 0


def _window(name: str, window: tuple[date, date], day: date, origin: str) -> dict[str, Any]:
    return {
        "order_line": name, "first_on": window[0], "last_on": window[1], "told_on": day,
        "origin": origin,
    }  # fmt: skip


def settle_windows(
    work: sa.Connection, rows: list[dict[str, Any]], today: date, *, handling_days: int
) -> None:
    """Say of every window told whether it held, once all is there or its last day is over.

    Customers are told when it ships: what is there on a day ships `handling_days` later. A window
    that was told when all had come already, or on that very day, promised nothing and is never
    judged.
    """
    table = told_windows
    undecided = table.c.outcome.is_(None)
    for row in rows:
        mine = undecided & (table.c.order_line == row["order_line"])
        day: date | None = row["ready_on"]
        if day is not None:
            ships = day + timedelta(days=handling_days)
            outcome = sa.case(
                (table.c.first_on > ships, "early"), (table.c.last_on < ships, "late"), else_="held"
            )
            work.execute(
                sa.update(table).where(mine, table.c.told_on < day).values(outcome=outcome)
            )
        elif row["state"] == "waiting":
            over = mine & (table.c.last_on < today)
            work.execute(sa.update(table).where(over).values(outcome="late"))


def _instant(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
