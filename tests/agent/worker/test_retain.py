"""Old chat, turns that never ended and old log files go; what waits for people stays."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from agent.approvals import Approvals
from agent.bootstrap import Company
from agent.checkpoints import open_checkpoints
from agent.sections import LogSettings
from agent.worker.tasks import retain
from engine.model.people import Person
from engine.service import audit, conversation
from engine.service.jobs import Job
from engine.store.tables.conversation import turns
from engine.store.tables.purchasing import purchase_orders
from support.agent import assistant_for
from support.planned import bea, company, planned_home, thread
from support.purchasing import count
from support.running import HandClock

__all__ = ["bea", "company", "planned_home", "thread"]
NO_JOB: Job = None  # type: ignore[assignment]  the task asks nothing of its job


def later(company: Company, days: int) -> Company:
    return replace(company, clock=HandClock(company.clock.now() + timedelta(days=days)))


def test_chat_goes_after_its_time_and_orders_stay(
    company: Company, bea: Person, thread: str
) -> None:
    assistant_for(company).ask(thread, bea, "Draft the purchase orders")
    retain.run(later(company, 179), NO_JOB)
    assert count(company.stores, turns) == 1
    retain.run(later(company, 181), NO_JOB)
    assert count(company.stores, turns) == 0
    assert not conversation.exists(company.stores, thread)
    assert count(company.stores, purchase_orders) == 3
    assert audit.verify(company.stores).verified


def test_a_cut_off_turn_goes_and_a_waiting_approval_stays(
    company: Company, bea: Person, thread: str
) -> None:
    answer = assistant_for(company).ask(thread, bea, "draft a PO for CHAIR-1")
    home = company.settings.home_folder
    with open_checkpoints(company.stores.database, home) as saver:
        waits = Approvals(stores=company.stores, checkpoints=saver, now=company.clock.now)
        waits.open(int(answer.waits[0]))
        retain.run(later(company, 20_000), NO_JOB)  # the checkpoints carry the real time
        left = {each.config["configurable"]["thread_id"] for each in saver.list(None)}  # type: ignore[typeddict-item]  always there
    assert left == {f"po:{answer.waits[0]}"}


def test_old_log_files_go(company: Company, tmp_path: Path) -> None:
    old, new, other = (tmp_path / n for n in ("serve.jsonl.2026-01-01", "serve.jsonl", "notes.txt"))
    now = company.clock.now()
    for file, days in ((old, 31), (new, 1), (other, 400)):
        file.write_text("x", encoding="utf-8")
        at = (now - timedelta(days=days)).timestamp()
        os.utime(file, (at, at))
    settings = company.settings.model_copy(update={"log": LogSettings(folder=tmp_path)})
    kept = replace(company, loaded=replace(company.loaded, settings=settings))
    retain.run(kept, NO_JOB)
    assert [file.exists() for file in (old, new, other)] == [False, True, True]
