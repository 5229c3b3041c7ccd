"""The same conversation on SQLite and on PostgreSQL, checkpoints included."""

from dataclasses import replace
from pathlib import Path

from agent.approvals import Approvals
from agent.checkpoints import Checkpoints, open_checkpoints
from engine.service import approve, conversation
from engine.store.database import Database
from support.agent import assistant_for, planned_company
from support.purchasing import NOW, click, person


def test_ask_draft_wait_approve_and_be_told(database: Database, tmp_path: Path) -> None:
    company = planned_company(database, tmp_path)
    bea = person(company.stores, "bea")
    conversation.open_thread(company.stores, "t", surface="test", person=bea, now=NOW)
    with open_checkpoints(database, tmp_path) as saver:
        assistant = replace(assistant_for(company), checkpoints=Checkpoints.holding(saver))
        answer = assistant.ask("t", bea, "What should I buy this week?")
        assert answer.text.startswith("4 lines are worth buying")
        drafted = assistant.ask("t", bea, "draft a PO for CHAIR-1")
        (request,) = map(int, drafted.waits)
        waits = Approvals(stores=company.stores, checkpoints=saver, now=company.clock.now)
        waits.open(request)
        assert [each.config["configurable"]["thread_id"] for each in saver.list(None)] != []
        click(company.stores, approve.card(company.stores, request, now=NOW), "max")
        assert waits.wake_decided() == (request,)
        assert list(saver.list(None)) == []
    (notice,) = conversation.take_notices(company.stores, "bea", now=NOW)
    assert notice["request_id"] == request
