"""Facts go into a draft once, and what they bring is never read again."""

from agent.grounding.render import Span, rendered
from tools.facts import Fact


def name(value: str) -> dict[str, Fact]:
    return {"x": Fact(id="x", value=value, kind="name", label="item name")}


def test_a_figure_is_a_span_that_knows_its_fact() -> None:
    facts = {"u": Fact(id="u", value=3, kind="units", label="units")}
    assert rendered("Order {{u}} now.", facts, "en_GB") == (
        (Span("Order "), Span("3 units", "u"), Span(" now.")),
    )


def test_a_name_that_looks_like_a_reference_stays_text() -> None:
    (line,) = rendered("See {{x}}.", name("{{y}}\n{{x}}"), "en_GB")
    assert [span.text for span in line] == ["See ", "{{y}}\n{{x}}", "."]


def test_lines_become_paragraphs_and_empty_ones_go() -> None:
    lines = rendered("One line.\n\n  \nAnother {{x}}.", name("lamp"), "en_GB")
    assert ["".join(span.text for span in line) for line in lines] == ["One line.", "Another lamp."]
