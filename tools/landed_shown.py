"""What it costs to get a line here, and why it is bought where it is, as facts."""

from engine.model.plan import SOURCE_WHY
from tools.cells import Record, text, whole
from tools.facts import Entity
from tools.ledger import Ledger
from tools.names import Names

_PARTS = (
    ("order.freight", "freight_minor", "freight of the line"),
    ("order.duty", "duty_minor", "import duty of the line"),
    ("order.charges", "charges_minor", "insurance, broker and handling of the line"),
)


def add_landed(ledger: Ledger, line: Record, *about: Entity) -> None:
    """Freight, duty and charges where there are any, and the landed cost they make with the goods.

    Runs of earlier versions did not count them.
    """
    shown = [(name, whole(line.get(column)), label) for name, column, label in _PARTS]
    if not any(minor for _, minor, _ in shown):
        return
    for name, minor, label in shown:
        ledger.add(name, minor, "money", label, *about)
    names = tuple(name for name, _, _ in shown)
    total = whole(line["cost_minor"]) + sum(minor for _, minor, _ in shown)
    ledger.add(
        "order.landed",
        total,
        "money",
        "landed cost of the line",
        *about,
        inputs=("order.cost", *names),
        formula="goods + freight + duty + charges",
    )


def add_source(ledger: Ledger, names: Names, line: Record, *about: Entity) -> None:
    """The second best supplier, where several sell the item, and what speaks for the first."""
    other = text(line.get("alternative"))
    if not other:
        return
    supplier = names.supplier(other)
    ledger.code("order.alternative", supplier)
    ledger.name("order.alternative_name", supplier)
    why = SOURCE_WHY.get(text(line.get("source_why")), "")
    ledger.add("order.source_why", why, "sentence", "why this supplier", *about)
