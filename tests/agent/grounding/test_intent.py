"""A writing tool needs a message that asks for a deed; looking asks for nothing."""

from datetime import date

import pytest

from agent.grounding.intent import require_asked
from agent.grounding.provenance import Provenance
from engine.errors import InvalidInput
from tools.registry import TOOLS


def asks(tool: str, text: str, **other: object) -> bool:
    source = Provenance(text=text, currency="GBP", today=date(2026, 11, 2), **other)  # type: ignore[arg-type]  the test's own
    try:
        require_asked(tool, source)
    except InvalidInput:
        return False
    return True


@pytest.mark.parametrize(
    "text",
    ["What should I buy this week?", "Tell me about PO-1001", "How sure are you about it?",
     "Thanks!", "Why 144 and not 120?", "Do we need more?", "What needs me?", "", "OK what is it?"],
)  # fmt: skip
def test_looking_asks_for_no_draft(text: str) -> None:
    assert not asks("draft_po", text)


@pytest.mark.parametrize(
    "text",
    ["Draft it", "can you order it", "please buy the lamps", "yes please", "do it", "go ahead",
     "drfat the orders", "what about drafting it?", "Bestelle das bitte", "create the PO now"],
)  # fmt: skip
def test_a_request_in_many_words_asks_for_one(text: str) -> None:
    assert asks("draft_po", text)


def test_a_deed_of_another_kind_is_not_asked_for() -> None:
    assert not asks("set_budget", "Launch the lamp like the ash one")
    assert asks("set_budget", "set the weekly budget to 12k")


def test_an_answer_to_our_question_needs_no_verb() -> None:
    assert asks("snooze_exception", "until Friday", waiting=frozenset({("sku", "LAMP")}))


def test_every_writing_tool_has_its_deeds() -> None:
    writing = {tool.name for tool in TOOLS if tool.mode == "write"}
    assert {tool for tool in writing if not asks(tool, "yes")} == set()
    assert {tool for tool in writing if asks(tool, "why?")} == set()
