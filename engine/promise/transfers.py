"""Transfers between our own places, as goods on their way."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from engine.kernels.columns import ordinals, texts, whole
from engine.model.decisions import Decisions
from engine.supply import Inbound
from engine.supply.inbound import INBOUND

NAME = "transfer from {}"  # what a window counts on, where an order has its number


def with_transfers(open_lines: Inbound, decisions: Decisions, as_of: date) -> Inbound:
    """The open lines and every transfer under way, which comes on its day; one overdue, now."""
    moving = decisions.open_transfers
    if moving.empty:
        return open_lines
    today = as_of.toordinal()
    days = np.maximum(ordinals(moving, "arrives_on") - today, 0)
    count, width = len(moving), max(open_lines.arrival.shape[1], int(days.max()) + 1)
    rows = pd.DataFrame(
        {
            "po": [NAME.format(place) for place in texts(moving, "from_location")],
            "line": np.arange(1, count + 1), "supplier": "", "sku": texts(moving, "sku"),
            "location": texts(moving, "to_location"), "units": whole(moving, "units"),
            "state": "sent", "sent": True, "ordered_on": today, "since": -1, "due_on": today + days,
            "due_kind": "confirmed", "elapsed_days": 0, "lost": False, "overdue": False,
        },
        columns=list(INBOUND),
    )  # fmt: skip
    arrival = np.zeros((len(open_lines.lines) + count, width))
    arrival[: len(open_lines.lines), : open_lines.arrival.shape[1]] = open_lines.arrival
    arrival[np.arange(count) + len(open_lines.lines), days] = 1.0
    lines = rows if open_lines.lines.empty else pd.concat([open_lines.lines, rows])
    return replace(open_lines, lines=lines.reset_index(drop=True), arrival=arrival)
