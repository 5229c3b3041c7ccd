"""Messages to customers as a person reads them in a shell."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from agent.terminal.backorder_report import days_text, print_rows
from agent.terminal.order_report import console
from engine.service.notices import Notice


def print_messages(notices: Sequence[Notice], locale: str) -> None:
    """A row for each line of each message."""
    if not notices:
        console().print("No customer has to be told anything.")
        return
    headers = ("No.", "Customer", "State", "Order line", "SKU", "Units", "Was told", "Now", "Days",
               "Apology")  # fmt: skip
    rows = [
        (
            str(notice.id), notice.contact_ref or "", notice.state.replace("_", " "),
            line["order_line"], line["sku"], str(line["units"]),
            _days(line["before"], locale), _days(line["after"], locale) or "no date",
            "" if line["days"] is None else f"{line['days']:+d}", notice.apology,
        )
        for notice in notices
        for line in notice.lines
    ]  # fmt: skip
    print_rows("Customers whose window moved", headers, rows, numeric={"No.", "Units", "Days"})
    console().print(
        "As the customer reads it: qm messages show NO. Drafts leave with: qm messages send NO."
    )


def _days(window: Any, locale: str) -> str:  # noqa: ANN401  stored JSON
    first, last = (None, None) if window is None else map(date.fromisoformat, window)
    return days_text(first, last, locale)
