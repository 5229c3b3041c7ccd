"""The agent's cases are well formed, and all of them end as written."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from agent.llm.port import ChatModel
from engine.store.tables import metadata
from evals.agent.case import Case, Turn, load_cases
from evals.agent.command import summary
from evals.agent.play import Played, play
from evals.agent.report import markdown
from evals.agent.wired import wired
from evals.agent.world import World, make_world
from tools.registry import BY_NAME

CASES = load_cases()


def test_cases_speak_of_tools_and_tables_that_exist() -> None:
    tools = {tool for case in CASES for turn in case.turns for tool in (turn.tools or ())}
    assert tools <= set(BY_NAME)
    assert {table for case in CASES for table in case.database} <= set(metadata.tables)
    names = [(case.suite, case.name) for case in CASES]
    assert len(names) == len(set(names)) >= 150


def test_a_case_that_fails_once_has_not_passed() -> None:
    case = Case(name="x", suite="s", turns=(Turn(say="hello"),))
    good = Played(case=case, failures=(), transcript="")
    bad = Played(case=case, failures=("no",), transcript="")
    assert summary([good, good])["passed"] == 1
    assert summary([good, bad])["by_suite"] == {"s": {"cases": 1, "passed": 0}}


def _own(model: ChatModel) -> ChatModel:
    return model


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("world"))


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.suite}: {case.name}")
def test_the_offline_model_passes(case: Case, world: World) -> None:
    played = play(case, world, _own)
    assert played.failures == (), played.transcript


@pytest.mark.slow
def test_a_case_that_expects_something_else_fails(world: World, tmp_path: Path) -> None:
    turns = (Turn(say="draft the orders for $supplier1", tools=("rank_buys",), text=("nonsense",)),)
    played = play(Case(name="wrong", suite="s", turns=turns), world, _own)
    kinds = {problem.split(": ")[0].split(" ")[-1] for problem in played.failures}
    assert {"database", "tools", "words"} <= kinds


@pytest.mark.slow
@pytest.mark.parametrize("case", load_cases("scenes"), ids=lambda case: case.name)
def test_the_scenes_pass_through_a_server_as_well(case: Case, world: World) -> None:
    """Over HTTP, streamed, with the guards that the offline model is exempt from."""
    with ExitStack() as stack:
        played = play(case, world, lambda own: stack.enter_context(wired(own)))
    assert played.failures == (), played.transcript


def test_a_report_shows_whoever_failed() -> None:
    case = Case(name="x", suite="s", turns=(Turn(say="hello"),))
    good = Played(case=case, failures=(), transcript="> hello\nHello.")
    bad = Played(case=case, failures=("tools: none",), transcript="> hello\nWhat?")
    figures = summary([good, bad])
    told = markdown([good, bad], figures, model="offline", k=2, every=False)
    assert "0 of 1 cases passed 2 times out of 2" in told
    assert "## s: x (failed)" in told
    assert "> hello\nWhat?" in told
    assert "Hello." not in told
    assert "Hello." in markdown([good], summary([good]), model="offline", k=1, every=True)
