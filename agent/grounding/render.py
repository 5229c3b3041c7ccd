"""Put facts where a verified draft refers to them, in a single pass."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.grounding.formats import shown
from agent.grounding.template import Literal, segments
from tools.facts import Fact


@dataclass(frozen=True)
class Span:
    """A piece of an answer; `fact_id` says where its figure comes from. Surfaces escape `text`."""

    text: str
    fact_id: str | None = None


Paragraph = tuple[Span, ...]


def rendered(draft: str, facts: Mapping[str, Fact], locale: str) -> tuple[Paragraph, ...]:
    """The verified draft as paragraphs of spans, one per line of text.

    What a fact brings is a span of its own, never read for references or markup again.
    """
    lines: list[list[Span]] = [[]]
    for part in segments(draft):
        if isinstance(part, Literal):
            first, *rest = part.text.split("\n")
            lines[-1].append(Span(first))
            lines.extend([Span(line)] for line in rest)
        else:
            lines[-1].append(Span(shown(facts[part.fact_id], locale), part.fact_id))
    paragraphs = (tuple(span for span in line if span.text) for line in lines)
    return tuple(p for p in paragraphs if "".join(span.text for span in p).strip())
