"""What is known to go wrong with interrupts of langgraph, each shown to do no harm here.

Beside tests/agent/graph/test_approvals.py: two resumes at once, a wake without a decision, and a
chat message that must not discard a wait.
"""

import ast
from pathlib import Path
from typing import Any, cast

import pytest
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

import agent
from agent.approvals import Approvals, WaitContext, WaitState, build_wait_graph
from agent.bootstrap import Company
from agent.checkpoints import open_checkpoints
from engine.model.people import Person
from engine.service import approve, conversation
from engine.service.approval_card import ApprovalCard
from support.agent import assistant_for
from support.purchasing import NOW, buy, click, proposed

AGENT = Path(agent.__file__).parent


@pytest.fixture
def approvals(company: Company) -> Approvals:
    saver = assistant_for(company).checkpoints.saver
    return Approvals(stores=company.stores, checkpoints=saver, now=company.clock.now)


@pytest.fixture
def cards(company: Company) -> tuple[ApprovalCard, ApprovalCard]:
    """Two requests of Bea's that wait."""
    lamps = proposed(company.stores, buy("LAMP-OAK-01", 12))
    return lamps, proposed(company.stores, buy("CHAIR-1", 2), run_id="run-2")


def thread_of(card: ApprovalCard) -> Any:
    return {"configurable": {"thread_id": f"po:{card.request_id}"}}


def told(company: Company) -> list[str]:
    notices = conversation.take_notices(company.stores, "bea", now=NOW)
    return [notice["order"] for notice in notices if notice["kind"] == "decision"]


def test_a_resume_with_the_id_of_another_interrupt_decides_and_tells_nothing(
    company: Company, approvals: Approvals, cards: tuple[ApprovalCard, ApprovalCard]
) -> None:
    """The library may let a stale id answer whatever interrupt is open on the thread."""
    first, second = cards
    for card in cards:
        approvals.open(card.request_id)
    graph = build_wait_graph(approvals.checkpoints)
    (stale,) = graph.get_state(thread_of(first)).interrupts
    context = WaitContext(stores=company.stores, now=company.clock.now)
    for resume in ({stale.id: "approved"}, {"0" * 32: "approved"}, "approved"):
        graph.invoke(Command(resume=resume), thread_of(second), context=context)
    assert approve.status(company.stores, second.request_id) == "pending"
    assert told(company) == []
    click(company.stores, second, "max")
    approvals.wake(second.request_id)
    assert told(company) == [second.number]
    assert approve.status(company.stores, first.request_id) == "pending"


def test_a_thread_stranded_by_a_renamed_node_is_told_all_the_same(
    company: Company, approvals: Approvals, cards: tuple[ApprovalCard, ApprovalCard]
) -> None:
    """An earlier version's checkpoint waits in a node that is no more."""
    card, _ = cards
    _wait_in_a_node_of_another_name(approvals.checkpoints, card)
    click(company.stores, card, "max")
    assert approvals.wake_decided() == (card.request_id,)
    assert told(company) == [card.number]
    assert approvals.wake_decided() == ()


def _wait_in_a_node_of_another_name(saver: BaseCheckpointSaver[Any], card: ApprovalCard) -> None:
    def wait_for_people(state: WaitState) -> dict[str, object]:
        interrupt({"request_id": state["request_id"]})
        return {}

    graph = StateGraph(WaitState)
    graph.add_node("wait_for_people", wait_for_people)
    graph.add_edge(START, "wait_for_people")
    graph.add_edge("wait_for_people", END)
    begin = cast("WaitState", {"request_id": card.request_id})
    graph.compile(checkpointer=saver).invoke(begin, thread_of(card))


def test_the_names_that_stand_in_checkpoints_are_kept(approvals: Approvals) -> None:
    nodes = set(build_wait_graph(approvals.checkpoints).get_graph().nodes)
    assert nodes == {"__start__", "__end__", "await_decision", "announce"}


def test_a_wait_is_on_disk_before_anybody_is_told_that_it_waits(
    company: Company, cards: tuple[ApprovalCard, ApprovalCard], tmp_path: Path
) -> None:
    """With the default durability a kill right after would have lost it."""
    card, _ = cards
    with open_checkpoints(company.stores.database, tmp_path / "checks") as writer:
        waits = Approvals(stores=company.stores, checkpoints=writer, now=company.clock.now)
        waits.open(card.request_id)
        with open_checkpoints(company.stores.database, tmp_path / "checks") as another:
            state = build_wait_graph(another).get_state(thread_of(card))
            assert state.next == ("await_decision",)


def test_every_graph_runs_with_its_steps_on_disk_and_without_blind_retries() -> None:
    """The default RetryPolicy asks again after a 400 and a 401.

    Messages of raw clients stream nothing in the mode `messages`, so nodes write their stages.
    """
    calls: list[ast.Call] = []
    for path in sorted(AGENT.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls += [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [(ast.unparse(call.func), {k.arg: ast.unparse(k.value) for k in call.keywords})
             for call in calls]  # fmt: skip
    runs = [keys for name, keys in named if name.endswith(("graph.invoke", "graph.stream"))]
    assert runs
    assert {keys.get("durability") for keys in runs} == {"'sync'"}
    assert not [name for name, _ in named if name.endswith("RetryPolicy")]
    assert not [keys for _, keys in named if "'messages'" in keys.get("stream_mode", "")]
    assert [name for name, _ in named if name.endswith("stream_writer")]


def test_a_chat_turn_tells_its_stages_while_it_runs(company: Company, bea: Person) -> None:
    assistant = assistant_for(company)
    conversation.open_thread(company.stores, "t", surface="test", person=bea, now=NOW)
    stages: list[str] = []
    assistant.ask("t", bea, "What should I buy this week?", show_stage=stages.append)
    assert "rank buys" in stages
