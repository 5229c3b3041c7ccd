"""Jumps and collapses of demand among the exceptions, with what speaks for and against them."""

from datetime import date
from typing import TYPE_CHECKING, cast

from tools.cells import Record, known, text
from tools.ledger import Ledger
from tools.names import Names
from tools.result import FactTable

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = ("SKU", "Where", "Demand", "Of usual", "Since", "Chance of noise", "Reason")


def add_pulses(ledger: Ledger, names: Names, found: list[Record]) -> None:
    """A table of the pulses among these exceptions; none where there are none."""
    pulses = [row for row in found if row["code"] == "demand_pulse"]
    if not pulses:
        return
    rows = tuple(
        _row(ledger, names, f"pulse.{number}", row) for number, row in enumerate(pulses, start=1)
    )
    title = "Demand that has jumped or collapsed"
    ledger.table(FactTable(name="pulses", title=title, columns=COLUMNS, rows=rows))


def _row(ledger: Ledger, names: Names, prefix: str, row: Record) -> tuple[str, ...]:
    item, place = names.item(text(row["sku"])), names.location(text(row["location"]))
    about = (item, place)
    facts = cast("Mapping[str, object]", row["facts"])
    usual = (known(facts["percent_of_usual"]) or 0.0) / 100
    noise = (known(facts["percent_chance_of_noise"]) or 0.0) / 100
    first = date.fromisoformat(text(facts["first_day"]))
    return (
        ledger.code(f"{prefix}.sku", item),
        ledger.code(f"{prefix}.location", place),
        ledger.add(f"{prefix}.direction", text(facts["direction"]), "status", "up or down", *about),
        ledger.add(f"{prefix}.size", usual, "percent", "of usual demand", *about, is_estimate=True),
        ledger.add(f"{prefix}.since", first, "date", "first day of it", *about),
        ledger.add(f"{prefix}.noise", noise, "percent", "chance that it is noise", *about,
                   is_estimate=True),
        ledger.add(f"{prefix}.cause", text(facts["cause"]), "name", "reason in the data", *about),
    )  # fmt: skip
