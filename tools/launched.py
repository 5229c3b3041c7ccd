"""What a launch is expected to sell, and how much of that its siblings lose."""

from engine.service.launch_effects import launch_effects
from engine.service.reading import RunHeader
from tools.cells import known, records, rounded, text
from tools.context import ToolContext
from tools.facts import Entity
from tools.ledger import Ledger

LEAST = 0.05  # units; a launch that sells less is not told of


def add_launched(
    ledger: Ledger, context: ToolContext, run: RunHeader, item: Entity, location: str | None = None
) -> None:
    """Facts `launched.*` over the whole horizon; nothing for an item that is long on sale."""
    every = records(launch_effects(context.stores, run, item.code))
    rows = [row for row in every if location is None or row["location"] == location]
    units = sum(known(row["units"]) or 0.0 for row in rows)
    if units < LEAST:
        return
    taken = sum(known(row["taken"]) or 0.0 for row in rows)
    ledger.add("launched.units", rounded(units), "units", "expected sales of the launch", item)
    ledger.add("launched.taken", rounded(taken), "units",
               "of these, taken from its siblings", item)  # fmt: skip
    ledger.add("launched.share", round(taken / units, 3), "percent",
               "share taken from its siblings", item, inputs=("launched.taken", "launched.units"),
               formula="taken / sold")  # fmt: skip
    ledger.add("launched.reason", text(rows[0]["reason"]), "sentence", "why that share", item)
