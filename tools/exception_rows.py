"""Exceptions as rows of facts."""

from tools.cells import Record, text, whole
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import Names
from tools.result import FactTable

COLUMNS = ("#", "What", "SKU", "Item", "Where", "Supplier", "PO", "At stake", "Since")


def add_exceptions(
    ledger: Ledger, names: Names, found: list[Record], top: int, skip: int
) -> list[Record]:
    """Exceptions skip + 1 to skip + top; returns those shown."""
    shown = found[skip : skip + top]
    is_owned = any(text(row.get("owner")) for row in shown)
    rows = tuple(
        _row(ledger, names, f"exception.{number}", row, is_owned=is_owned)
        for number, row in enumerate(shown, start=1 + skip)
    )
    ledger.table(
        FactTable(
            name="exceptions",
            title="What needs you, most money first",
            columns=(*COLUMNS, *(("Owner",) if is_owned else ())),
            rows=rows,
            rest=ledger.rest(
                "exceptions.rest", len(found) - skip - len(rows), "further exceptions"
            ),
        )
    )
    return shown


def _row(
    ledger: Ledger, names: Names, prefix: str, row: Record, *, is_owned: bool
) -> tuple[str, ...]:
    item = names.item(text(row["sku"])) if text(row["sku"]) else None
    place = names.location(text(row["location"])) if text(row["location"]) else None
    supplier = names.supplier(text(row["supplier"])) if text(row["supplier"]) else None
    order = Entity(kind="po", code=text(row["po"])) if text(row["po"]) else None
    about = [entity for entity in (item, place, supplier, order) if entity is not None]
    number = int(prefix.rpartition(".")[2])
    return (
        ledger.add(f"{prefix}.number", number, "count", "place in the list", *about),
        ledger.add(f"{prefix}.what", in_words(text(row["code"])), "name", "exception", *about),
        ledger.code(f"{prefix}.sku", item) if item else "",
        ledger.name(f"{prefix}.name", item) if item else "",
        ledger.code(f"{prefix}.location", place) if place else "",
        ledger.code(f"{prefix}.supplier", supplier) if supplier else "",
        ledger.code(f"{prefix}.po", order) if order else "",
        ledger.add(f"{prefix}.stake", whole(row["at_stake_minor"]), "money", "money at stake",
                   *about, is_estimate=True),
        ledger.add(f"{prefix}.status", text(row["status"]), "status", "new, open or snoozed",
                   *about),
        *((_owner(ledger, prefix, row, about),) if is_owned else ()),
    )  # fmt: skip


def _owner(ledger: Ledger, prefix: str, row: Record, about: list[Entity]) -> str:
    owner = text(row.get("owner"))
    return (
        ledger.add(f"{prefix}.owner", owner, "name", "who looks after it", *about) if owner else ""
    )


def in_words(code: str) -> str:
    """An exception's code as a reader says it: `stock_out_soon` is "stock out soon"."""
    return code.replace("_", " ").replace("-", " ")
