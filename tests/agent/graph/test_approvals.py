"""One thread per approval request: it waits, wakes on the database's word, and tells once."""

import threading
from pathlib import Path

import pytest
from langgraph.types import Command

from agent.approvals import Approvals, WaitContext, build_wait_graph, wake_decided
from agent.bootstrap import Company
from agent.checkpoints import Checkpoints, open_checkpoints, plain_serializer
from engine.model.people import Person
from engine.service import approve, conversation
from engine.service.approve import ApprovalCard
from engine.store.tables.conversation import notices
from support.agent import assistant_for
from support.purchasing import NOW, click, count


@pytest.fixture
def card(company: Company, bea: Person, thread: str) -> ApprovalCard:
    """A request of Bea's that waits."""
    answer = assistant_for(company).ask(thread, bea, "draft a PO for CHAIR-1")
    return approve.card(company.stores, int(answer.waits[0]), now=NOW)


@pytest.fixture
def approvals(company: Company) -> Approvals:
    return Approvals(
        stores=company.stores,
        checkpoints=assistant_for(company).checkpoints.saver,
        now=company.clock.now,
    )


def told(company: Company) -> list[str]:
    found = conversation.take_notices(company.stores, "bea", now=NOW)
    return [notice["order"] for notice in found]


def test_a_decision_is_told_to_whoever_asked(
    company: Company, approvals: Approvals, card: ApprovalCard
) -> None:
    approvals.open(card.request_id)
    assert told(company) == []
    click(company.stores, card, "max")
    approvals.wake(card.request_id)
    assert told(company) == [card.number]
    assert told(company) == []


def test_a_wake_without_a_decision_goes_on_waiting(
    company: Company, approvals: Approvals, card: ApprovalCard
) -> None:
    approvals.open(card.request_id)
    approvals.wake(card.request_id)
    approvals.wake(card.request_id)
    assert told(company) == []
    click(company.stores, card, "max", "reject", reason="too dear")
    approvals.wake(card.request_id)
    assert told(company) == [card.number]


def test_a_wake_carries_no_authority(
    company: Company, approvals: Approvals, card: ApprovalCard
) -> None:
    approvals.open(card.request_id)
    graph = build_wait_graph(approvals.checkpoints)
    context = WaitContext(stores=company.stores, now=company.clock.now)
    thread = {"configurable": {"thread_id": f"po:{card.request_id}"}}
    graph.invoke(Command(resume={"decision": "approved", "by": "bea"}), thread, context=context)  # type: ignore[arg-type]  plain config

    assert approve.status(company.stores, card.request_id) == "pending"
    assert told(company) == []


def test_two_wakes_at_once_tell_it_once(
    company: Company, approvals: Approvals, card: ApprovalCard
) -> None:
    """LangGraph runs the effect of two parallel resumes twice; the notice's key holds."""
    approvals.open(card.request_id)
    click(company.stores, card, "max")
    wakes = [threading.Thread(target=approvals.wake, args=(card.request_id,)) for _ in range(4)]
    for wake in wakes:
        wake.start()
    for wake in wakes:
        wake.join()
    assert count(company.stores, notices) == 1


def test_what_was_decided_while_nobody_listened_is_told_at_start(
    company: Company, card: ApprovalCard, tmp_path: Path
) -> None:
    """Decided with no thread waiting: the process died between proposal and wait."""
    click(company.stores, card, "max")
    with open_checkpoints(company.stores.database, tmp_path / "checks") as saver:
        assert wake_decided(company.stores, saver, company.clock.now) == (card.request_id,)
        assert wake_decided(company.stores, saver, company.clock.now) == ()
        assert list(saver.list(None)) == []  # what ended left nothing behind
    assert told(company) == [card.number]


def test_a_wait_survives_the_process(company: Company, card: ApprovalCard, tmp_path: Path) -> None:
    for step in ("open", "decide"):
        with open_checkpoints(company.stores.database, tmp_path / "checks") as saver:
            waits = Approvals(stores=company.stores, checkpoints=saver, now=company.clock.now)
            if step == "open":
                waits.open(card.request_id)
                continue
            click(company.stores, card, "max")
            assert waits.wake_decided() == (card.request_id,)
    assert told(company) == [card.number]


def test_a_new_question_does_not_disturb_a_wait(
    company: Company, approvals: Approvals, card: ApprovalCard, bea: Person, thread: str
) -> None:
    """A chat message on an interrupted thread would discard the interrupt: threads are apart."""
    approvals.open(card.request_id)
    assistant = assistant_for(company)
    shared = assistant.__class__(
        company=company,
        model=assistant.model,
        checkpoints=Checkpoints.holding(approvals.checkpoints),
        locale="en_GB",
    )
    shared.ask(thread, bea, "What should I buy this week?")
    graph = build_wait_graph(approvals.checkpoints)
    thread_config = {"configurable": {"thread_id": f"po:{card.request_id}"}}
    assert graph.get_state(thread_config).next == ("await_decision",)  # type: ignore[arg-type]  plain config


class _Runs:
    """Loading this from a checkpoint would call it."""

    called = False

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return (_mark, ())


def _mark() -> str:
    _Runs.called = True
    return "ran"


def test_a_checkpoint_cannot_make_us_call_something() -> None:
    serializer = plain_serializer()
    with pytest.raises((TypeError, ValueError)):
        serializer.loads_typed(serializer.dumps_typed({"x": _Runs()}))
    assert not _Runs.called
