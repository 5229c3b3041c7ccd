"""The measures a planner speaks of, so that a figure is not shown under another's name."""

import re

# Measure -> how a label or a sentence names it. A phrase may name several.
_NAMES: dict[str, str] = {
    "quantity": r"to order|to buy|units cut|units ordered|to move",
    "cost": r"costs?|costing|spend|spent|spending|order value|total",
    "margin": r"margin|profit|earns?|gain",
    "loss": r"lost|loss|loses?|losing|at stake|at risk",
    "budget": r"budget|cap",
    "price": r"price",
    "stock": r"on hand|in stock|stock on hand|inventory|stock level",
    "inbound": r"inbound|on order|on the way|incoming",
    "demand": r"forecast|demand|expected sales|sells?|selling",
    "safety": r"safety",
    "lead time": r"lead time",
    "stockout": r"stockout|stock-out|runs? out|running out",
    "pack": r"case pack|pack size|per pack",
    "minimum": r"minimum",
    "error": r"error|accuracy|wape|bias",
    "fill rate": r"fill rate",
    "stockout rate": r"stockout rate",
    "on time in full": r"otif|on time",
}
PATTERNS = {measure: re.compile(rf"\b(?:{names})\b") for measure, names in _NAMES.items()}


def measures_of(label: str) -> frozenset[str]:
    """The measures that a fact's own label names; labels are English."""
    read = label.lower()
    return frozenset(measure for measure, pattern in PATTERNS.items() if pattern.search(read))
