"""Turns, calls and facts are kept once, and notices are told once, on both databases."""

from pathlib import Path

import pytest

from engine.errors import UnknownName
from engine.service import conversation
from engine.service.conversation import StoredFact
from engine.service.stores import Stores
from engine.store.database import Database
from support.purchasing import DAY, NOW, buy, click, person, proposed, purchasing_stores


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


def begin(stores: Stores, text: str = "What should I buy?") -> str:
    bea = person(stores, "bea")
    conversation.open_thread(stores, "t", surface="test", person=bea, now=NOW)
    return conversation.begin_turn(
        stores, "t", person=bea, text=text, run_id="run-1", model="offline-1",
        prompt_version="abc", now=NOW,
    )  # fmt: skip


def fact(fact_id: str, value: float | str = 144, call: int = 1) -> StoredFact:
    return StoredFact(
        id=fact_id, call_ordinal=call, kind="units", value=value, label="units to order",
        detail={"about": ["item:LAMP-OAK-01"]}, run_id="run-1", snapshot_id="snap-1", formula=None,
    )  # fmt: skip


def test_turns_of_a_thread_are_numbered(stores: Stores) -> None:
    assert [begin(stores), begin(stores)] == ["t/1", "t/2"]
    assert conversation.turn(stores, "t/2").person_id == "bea"
    with pytest.raises(UnknownName, match="t/9"):
        conversation.turn(stores, "t/9")


def test_a_call_begins_once(stores: Stores) -> None:
    turn = begin(stores)
    start = {"tool": "draft_po", "mode": "write", "arguments": {"skus": ["A"]}, "now": NOW}
    assert conversation.start_call(stores, turn, 1, **start)  # type: ignore[arg-type]  as named
    assert not conversation.start_call(stores, turn, 1, **start)  # type: ignore[arg-type]  given by name in each test
    (call,) = conversation.calls_of(stores, turn)
    assert (call.state, call.arguments, call.result) == ("started", {"skus": ["A"]}, None)


@pytest.mark.parametrize("value", [144, 6.5, "Oak lamp {{x}}", "2026-11-07"])
def test_a_fact_comes_back_as_it_was_kept(stores: Stores, value: float | str) -> None:
    turn = begin(stores)
    conversation.start_call(stores, turn, 1, tool="t", mode="read", arguments={}, now=NOW)
    conversation.end_call(
        stores, turn, 1, result={"outcome": "ok"}, error=None, found=[fact("c1.a", value)], now=NOW
    )
    assert conversation.facts_of(stores, turn) == (fact("c1.a", value),)
    assert conversation.calls_of(stores, turn)[0].state == "done"


def test_facts_stay_in_order_and_are_kept_once(stores: Stores) -> None:
    turn = begin(stores)
    conversation.keep_facts(stores, turn, [fact("b"), fact("a")])
    conversation.keep_facts(stores, turn, [fact("a", 9)])
    assert [(each.id, each.value) for each in conversation.facts_of(stores, turn)] == [
        ("b", 144), ("a", 144),
    ]  # fmt: skip


def test_the_answer_and_the_memory_are_kept_together(stores: Stores) -> None:
    turn = begin(stores)
    assert conversation.recent_turns(stores, "t", 5) == ()
    conversation.end_turn(
        stores, turn, outcome="clean", answer={"text": "Hello"}, complaints=[],
        memory={"items": ["A"]}, tokens=(10, 2), now=NOW,
    )  # fmt: skip
    assert conversation.memory_of(stores, "t") == {"items": ["A"]}
    (answered,) = conversation.recent_turns(stores, "t", 5)
    assert (answered.id, answered.outcome, answered.answer) == (turn, "clean", {"text": "Hello"})


def test_a_notice_is_left_once_and_shown_once(stores: Stores) -> None:
    for expected in (True, False):
        with stores.database.write() as work:
            new = conversation.tell(
                work, key="decision:1", person_id="bea", kind="decision",
                payload={"request_id": 1}, now=NOW,
            )  # fmt: skip
        assert new is expected
    assert conversation.take_notices(stores, "max", now=NOW) == ()
    (notice,) = conversation.take_notices(stores, "bea", now=NOW)
    assert notice["request_id"] == 1
    assert conversation.take_notices(stores, "bea", now=NOW) == ()


def test_a_decision_is_untold_until_its_notice_is_left(stores: Stores) -> None:
    card = proposed(stores, buy("LAMP-OAK-01", 12, cost_minor=24_000))
    assert conversation.untold_decisions(stores) == ()
    click(stores, card, "max")
    assert conversation.untold_decisions(stores) == (card.request_id,)
    with stores.database.write() as work:
        conversation.tell(
            work, key=conversation.decision_key(card.request_id), person_id="bea",
            kind="decision", payload={}, now=NOW + DAY,
        )  # fmt: skip
    assert conversation.untold_decisions(stores) == ()
