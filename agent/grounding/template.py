"""What a model writes: text with `{{fact_id}}` where a figure belongs."""

import re
from dataclasses import dataclass

_REFERENCE = re.compile(r"\{\{\s*([A-Za-z0-9_.:\-]{1,80})\s*\}\}")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")


@dataclass(frozen=True)
class Literal:
    """Text of the model's own."""

    text: str


@dataclass(frozen=True)
class Reference:
    """Where the renderer puts a fact."""

    fact_id: str


Segment = Literal | Reference


def segments(template: str) -> tuple[Segment, ...]:
    """The template in order; read once, so text that a fact brings is never read as a template."""
    found: list[Segment] = []
    position = 0
    for match in _REFERENCE.finditer(template):
        if match.start() > position:
            found.append(Literal(template[position : match.start()]))
        found.append(Reference(match[1]))
        position = match.end()
    if position < len(template):
        found.append(Literal(template[position:]))
    return tuple(found)


def sentences(template: str) -> tuple[str, ...]:
    """Sentences and list items; a label and its figure stay together within one."""
    return tuple(part for part in _SENTENCE_END.split(template) if part and part.strip())
