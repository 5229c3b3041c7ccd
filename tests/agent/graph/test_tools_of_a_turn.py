"""The calls of a turn: reads side by side and with patience, writes alone, stopped when asked."""

import multiprocessing
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.assistant import open_assistant
from agent.bootstrap import Company
from agent.llm.port import Call, Reply
from agent.stopping import CHANGED_BEFORE, NOTHING_CHANGED, Stop
from agent.turn_settings import TurnSettings
from engine.model.people import Person
from engine.service import conversation
from engine.store.tables.purchasing import purchase_orders
from support.agent import ScriptedModel, assistant_for
from support.killed_turn import THREAD, Moment, draft_and_die
from support.purchasing import count
from tools.registry import BY_NAME

SAYS = Reply(draft="Here is what the plan says.")
PATIENCE = 20.0  # seconds that a test waits for what must come


def model_of(*calls: Call) -> ScriptedModel:
    return ScriptedModel([Reply(calls=calls), SAYS])


def watched(name: str, before: Callable[[], object]) -> Mapping[str, Any]:
    """Every tool; the named one does this first."""
    tool = BY_NAME[name]

    def run(arguments: Any, context: Any) -> Any:
        before()
        return tool.run(arguments, context)

    return {**BY_NAME, name: replace(tool, run=run)}


def states(company: Company, turn_id: str) -> list[tuple[str, str]]:
    return [(call.tool, call.state) for call in conversation.calls_of(company.stores, turn_id)]


def test_reads_of_one_turn_run_side_by_side(company: Company, bea: Person, thread: str) -> None:
    """Each waits until the other has begun: one after the other would never end."""
    meeting = threading.Barrier(2)
    model = model_of(Call(tool="rank_buys"), Call(tool="rank_buys", arguments={"top": 2}))
    tools = watched("rank_buys", lambda: meeting.wait(PATIENCE))
    answer = assistant_for(company, model, tools).ask(thread, bea, "twice")
    assert states(company, answer.turn_id) == [("rank_buys", "done")] * 2
    assert len(answer.tables) >= 2


def test_a_write_waits_for_the_reads_before_it(company: Company, bea: Person, thread: str) -> None:
    seen: list[list[tuple[str, str]]] = []
    tools = watched("draft_po", lambda: seen.append(states(company, f"{thread}/1")))
    model = model_of(
        Call(tool="rank_buys"),
        Call(tool="draft_po", arguments={"skus": ["CHAIR-1"]}),
        Call(tool="show_budget"),
    )
    assistant_for(company, model, tools).ask(thread, bea, "Show the buys and draft CHAIR-1")
    assert seen == [[("rank_buys", "done"), ("draft_po", "started")]]
    assert states(company, f"{thread}/1")[2] == ("show_budget", "done")


def test_a_read_that_takes_too_long_is_given_up(company: Company, bea: Person, thread: str) -> None:
    settings = company.settings.model_copy(update={"turn": TurnSettings(tool_seconds=0.2)})
    hasty = replace(company, loaded=replace(company.loaded, settings=settings))
    ended = threading.Event()
    tools = watched("kpi_report", lambda: ended.wait(PATIENCE))
    model = model_of(Call(tool="kpi_report"), Call(tool="show_help"))
    answer = assistant_for(hasty, model, tools).ask(thread, bea, "how did we do?")
    ended.set()
    first, second = conversation.calls_of(company.stores, answer.turn_id)
    assert (first.state, second.state) == ("failed", "done")
    assert "did not end within 0.2 s" in str(first.error)


def test_a_turn_that_is_stopped_says_that_nothing_was_changed(
    company: Company, bea: Person, thread: str
) -> None:
    stop, ended = Stop(), threading.Event()

    def long_read() -> None:
        stop.ask()
        ended.wait(PATIENCE)

    assistant = assistant_for(
        company, model_of(Call(tool="rank_buys")), watched("rank_buys", long_read)
    )
    answer = assistant.ask(thread, bea, "What should I buy?", stop=stop)
    ended.set()
    assert (answer.text, answer.outcome) == (NOTHING_CHANGED, "failed")
    assert list(assistant.checkpoints.saver.list(None)) == []


def test_a_turn_that_is_stopped_after_a_write_says_so(
    company: Company, bea: Person, thread: str
) -> None:
    stop = Stop()
    model = model_of(
        Call(tool="draft_po", arguments={"skus": ["CHAIR-1"]}), Call(tool="show_budget")
    )
    tools = watched("draft_po", stop.ask)
    answer = assistant_for(company, model, tools).ask(thread, bea, "draft CHAIR-1", stop=stop)
    assert answer.text == CHANGED_BEFORE
    assert count(company.stores, purchase_orders) == 1
    assert states(company, answer.turn_id) == [("draft_po", "done")]


def test_ctrl_c_ends_the_turn_and_goes_on_to_the_caller(
    company: Company, bea: Person, thread: str
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    assistant = assistant_for(
        company, model_of(Call(tool="rank_buys")), watched("rank_buys", interrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        assistant.ask(thread, bea, "What should I buy?")
    stored = conversation.turn(company.stores, f"{thread}/1")
    assert stored.outcome == "failed"
    assert NOTHING_CHANGED in str(stored.answer)


def test_a_turn_cut_off_before_its_first_step_is_answered_on_resuming(
    company: Company, bea: Person, thread: str
) -> None:
    turn_id = conversation.begin_turn(
        company.stores, thread, person=bea, text="What should I buy this week?", run_id="run-1",
        model="offline-1", prompt_version="x", now=company.clock.now(),
    )  # fmt: skip
    answer = assistant_for(company).resume(turn_id, thread, bea)
    assert answer.text.startswith("4 lines are worth buying")


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ("while it is written", "begun before an interruption"),
        ("after it was recorded", "purchase orders"),
    ],
)
def test_a_turn_whose_process_is_killed_goes_on_without_writing_twice(
    company: Company, bea: Person, tmp_path: Path, moment: Moment, says: str
) -> None:
    home = tmp_path / "home"
    child = multiprocessing.get_context("spawn").Process(target=draft_and_die, args=(home, moment))
    child.start()
    child.join(60)
    assert child.exitcode == -9
    drafted = count(company.stores, purchase_orders)
    assert drafted == 3
    with open_assistant(company) as assistant:
        answer = assistant.resume(f"{THREAD}/1", THREAD, bea)
    assert says in answer.text
    assert count(company.stores, purchase_orders) == drafted
    assert conversation.turn(company.stores, answer.turn_id).outcome is not None


def test_turns_leave_the_checkpoint_store_as_small_as_it_was(
    company: Company, bea: Person, thread: str
) -> None:
    """What a turn kept is deleted when it ends, and its pages are used again."""
    turns, most_bytes_of_100 = 20, 5_000_000
    with open_assistant(company) as assistant:
        assistant.ask(thread, bea, "What should I buy this week?")
        file = company.settings.home_folder / "checkpoints.db"
        before = file.stat().st_size
        for _ in range(turns):
            assistant.ask(thread, bea, "Why 144 of LAMP-OAK-01?")
        assert list(assistant.checkpoints.saver.list(None)) == []
    assert (file.stat().st_size - before) * 100 <= most_bytes_of_100 * turns


def test_more_than_a_person_may_draft_in_a_day_is_refused_whole(
    company: Company, bea: Person, thread: str
) -> None:
    limit = TurnSettings(drafted_per_day=Decimal(3_000))
    settings = company.settings.model_copy(update={"turn": limit})
    limited = replace(company, loaded=replace(company.loaded, settings=settings))
    assistant = assistant_for(limited)
    assert "purchase order" in assistant.ask(thread, bea, "draft a PO for LAMP-OAK-01").text
    answer = assistant.ask(thread, bea, "draft a PO for CHAIR-1")
    assert "more than one person may draft" in answer.text
    assert count(company.stores, purchase_orders) == 1
    assert "purchase order" in assistant.ask(thread, bea, "draft a PO for 22423").text
