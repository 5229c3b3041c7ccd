"""Messages to customers as a person reads them in a shell."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from agent.terminal.backorder_report import print_rows
from agent.terminal.order_report import console
from engine.promise.wording import locale_of, window_text
from engine.service.notices import Notice

SAID = {
    "draft": "draft: qm messages send", "no_contact": "no contact: call them",
    "opted_out": "wants no messages", "queued": "on its way", "failed": "failed: qm outbox list",
    "unconfirmed": "in doubt: qm messages arrived or send",
}  # fmt: skip


def print_messages(notices: Sequence[Notice], locale: str, today: date) -> None:
    """A row for each line of each message."""
    if not notices:
        console().print("No customer has to be told anything.")
        return
    headers = ("No.", "Customer", "State", "Order line", "SKU", "Units", "Was told", "Now", "Days",
               "Apology")  # fmt: skip
    rows = [
        (
            str(notice.id), notice.contact_ref or "", SAID.get(notice.state, notice.state),
            line["order_line"], line["sku"], str(line["units"]),
            _days(line["before"], locale, today), _days(line["after"], locale, today) or "no date",
            "" if line["days"] is None else f"{line['days']:+d}", notice.apology,
        )
        for notice in notices
        for line in notice.lines
    ]  # fmt: skip
    print_rows("Customers whose window moved", headers, rows, numeric={"No.", "Units", "Days"})


def _days(window: Any, locale: str, today: date) -> str:  # noqa: ANN401  stored JSON
    if window is None:
        return ""
    first, last = (date.fromisoformat(day) for day in window)
    return window_text(first, last, locale_of(locale), today)
