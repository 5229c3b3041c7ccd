"""A draft is of exactly what was asked for; whatever else was said is asked about, not ignored."""

from datetime import date

import pytest

from agent.llm.offline import asides
from agent.llm.offline.model import OfflineModel
from agent.llm.port import Question, Reply
from agent.memory import Memory, PastCall
from support.agent import AS_OF, ITEMS, LOCATIONS, SUPPLIERS
from tools.names import Names

NAMES = Names(
    items={sku: name for sku, name, _ in ITEMS},
    locations=dict(LOCATIONS),
    suppliers=dict(SUPPLIERS),
    categories=tuple(sorted({category for _, _, category in ITEMS})),
)
RANKED = PastCall(tool="rank_buys")
SHOWN = Memory(
    items=("LAMP-OAK-01", "85123A", "CHAIR-1"),
    listed=("LAMP-OAK-01", "85123A", "CHAIR-1"),
    listed_places=("LEEDS", "LEEDS", "LONDON"),
    listed_on="run-1",
    calls=(RANKED,),
    buy_list=RANKED,
)
LATER = SHOWN.under("run-2")


def say(text: str, memory: Memory = SHOWN, today: date = AS_OF) -> Reply:
    question = Question(text=text, today=today, currency="GBP", memory=memory, tools=())
    return OfflineModel(lambda: NAMES).reply(question)


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("draft the top line", ["LAMP-OAK-01"]),
        ("draft the first two", ["LAMP-OAK-01", "85123A"]),
        ("Draft only the second one please", ["85123A"]),
        ("draft lines 1 and 3", ["LAMP-OAK-01", "CHAIR-1"]),
        ("create POs for lines 2 to 3", ["85123A", "CHAIR-1"]),
        ("draft the first and the last", ["LAMP-OAK-01", "CHAIR-1"]),
        ("draft everything but the second one", ["LAMP-OAK-01", "CHAIR-1"]),
        ("draft all except line 1", ["85123A", "CHAIR-1"]),
        ("draft top 2", ["LAMP-OAK-01", "85123A"]),
        ("draft the last two lines", ["85123A", "CHAIR-1"]),
        ("draft #3", ["CHAIR-1"]),
        ("order the third one only", ["CHAIR-1"]),
    ],
)
def test_lines_pointed_at_are_drafted_and_no_others(text: str, skus: list[str]) -> None:
    (call,) = say(text).calls
    assert (call.tool, call.arguments) == ("draft_po", {"skus": skus})


@pytest.mark.parametrize(
    ("text", "memory", "draft"),
    [
        ("draft the seventh one", SHOWN, asides.NOT_IN_LIST),
        ("draft the first five", SHOWN, asides.NOT_IN_LIST),
        ("draft the second one", Memory(), asides.NO_LIST),
        ("draft the second one", LATER, asides.STALE_LIST),
        ("draft it", LATER, asides.STALE_LIST),
        ("why the second one?", LATER, asides.STALE_LIST),
        ("why the first one?", Memory(), asides.NO_LIST),
        ("how sure are you about the ninth one?", SHOWN, asides.NOT_IN_LIST),
        ("draft the urgent ones from Nordlicht", SHOWN, asides.DRAFT_WHICH),
        ("draft the orders for next month", SHOWN, asides.DRAFT_WHICH),
        ("yes", Memory(calls=(PastCall(tool="kpi_report"),)), asides.DRAFT_WHAT),
        ("draft it", Memory(calls=(PastCall(tool="list_exceptions"),)), asides.DRAFT_WHAT),
    ],
)
def test_what_is_not_clear_is_asked_about(text: str, memory: Memory, draft: str) -> None:
    reply = say(text, memory)
    assert (reply.draft, reply.calls) == (draft, ())


@pytest.mark.parametrize("text", ["draft the cheap ones", "draft half of it", "do not draft it"])
def test_what_is_not_understood_drafts_nothing(text: str) -> None:
    assert "draft_po" not in [call.tool for call in say(text).calls]


def test_a_draft_under_another_budget_is_shown_first() -> None:
    (call,) = say("draft the orders for 20k").calls
    assert (call.tool, call.arguments) == ("rank_buys", {"budget_minor": 2_000_000})


def test_an_item_listed_at_two_places_is_drafted_where_it_was_pointed_at() -> None:
    twice = Memory(
        listed=("CHAIR-1", "CHAIR-1", "85123A"), listed_places=("LEEDS", "LONDON", "LEEDS"),
        calls=(RANKED,), buy_list=RANKED,
    )  # fmt: skip
    (call,) = say("draft the second one", twice).calls
    assert call.arguments == {"skus": ["CHAIR-1"], "location": "LONDON"}
    assert say("draft the second and the third", twice).draft == asides.ONE_PLACE_AT_A_TIME


def test_everything_is_drafted_where_everything_is_said() -> None:
    for text in ("Draft it.", "draft all of them", "ok go ahead", "raise the purchase orders"):
        (call,) = say(text).calls
        assert (call.tool, call.arguments) == ("draft_po", {}), text


def test_a_list_is_stale_once_the_plan_was_made_again() -> None:
    assert SHOWN.under("run-1") is SHOWN
    assert LATER.listed == ()
    assert LATER.buy_list is None
    assert Memory.from_json(LATER.to_json()).is_list_stale
