"""Derived figures: only like with like, with what they come from."""

import pytest

from agent.bootstrap import Company
from agent.llm.port import Call, Reply
from engine.model.people import Person
from engine.service import conversation
from support.agent import ScriptedModel, assistant_for

TWICE = Reply(
    calls=(
        Call(tool="rank_buys", arguments={"sku": "LAMP-OAK-01"}),
        Call(tool="rank_buys", arguments={"sku": "CHAIR-1"}),
    )
)


def computed(operation: str, *facts: str) -> Reply:
    given = {"operation": operation, "facts": list(facts)}
    return Reply(calls=(Call(tool="compute", arguments=given),))


def said(
    company: Company, bea: Person, thread: str, reply: Reply, draft: str = "{{c3.compute.value}}"
) -> str:
    model = ScriptedModel([TWICE, reply, Reply(draft=f"That comes to {draft}.")])
    return assistant_for(company, model).ask(thread, bea, "set them against each other").text


@pytest.mark.parametrize(
    ("operation", "shows"),
    [("sum", "£3,280"), ("difference", "£2,480"), ("ratio", "7.2"), ("share", "720")],
)
def test_two_costs_set_against_each_other(
    company: Company, bea: Person, thread: str, operation: str, shows: str
) -> None:
    assert shows in said(company, bea, thread, computed(operation, "c1.buys.cost", "c2.buys.cost"))


def test_a_derived_figure_knows_what_it_comes_from(
    company: Company, bea: Person, thread: str
) -> None:
    said(company, bea, thread, computed("sum", "c1.buys.cost", "c2.buys.cost"))
    facts = {f.id: f for f in conversation.facts_of(company.stores, f"{thread}/1")}
    value = facts["c3.compute.value"]
    assert (value.value, value.run_id) == (328_000, "run-1")
    assert value.detail["inputs"] == ["c3.in.1", "c3.in.2"]
    assert [facts[name].value for name in value.detail["inputs"]] == [288_000, 40_000]
    assert value.formula == "cost of these lines + cost of these lines"


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (computed("sum", "c1.buys.cost", "c2.buys.count"), "do not go together"),
        (computed("share", "c1.buys.cost", "c2.buys.cost", "c1.buys.loss"), "of two facts"),
        (computed("sum", "c1.buys.cost", "c9.nothing"), "c9.nothing"),
        (computed("ratio", "c1.buys.cost", "c2.buys.cut_loss"), "is zero"),
        (computed("sum", "user.1", "c1.buys.cost"), "user.1"),
    ],
)
def test_what_does_not_go_together_is_refused(
    company: Company, bea: Person, thread: str, reply: Reply, why: str
) -> None:
    said(company, bea, thread, reply, "nothing")
    third = conversation.calls_of(company.stores, f"{thread}/1")[2]
    assert third.state == "failed"
    assert why in str(third.error)


@pytest.mark.parametrize(
    ("text", "tools", "shows"),
    [
        (
            "what do LAMP-OAK-01 and CHAIR-1 cost together?",
            ["rank_buys", "rank_buys", "compute"],
            "Together that is £3,280",
        ),
        ("what share of the plan is CHAIR-1?", ["rank_buys", "rank_buys", "compute"], "10.4%"),
        (
            "how much more do we spend with Nordlicht than with Oakhurst?",
            ["rank_buys", "rank_buys", "compute"],
            "more than the lower",
        ),
        ("what do they cost together?", [], "Which of them"),
    ],
)
def test_the_offline_model_computes(
    company: Company, bea: Person, thread: str, text: str, tools: list[str], shows: str
) -> None:
    answer = assistant_for(company).ask(thread, bea, text)
    assert [call.tool for call in conversation.calls_of(company.stores, answer.turn_id)] == tools
    assert shows in answer.text
    assert answer.outcome == "clean"


def test_lines_of_the_list_are_added_up(company: Company, bea: Person, thread: str) -> None:
    assistant = assistant_for(company)
    assistant.ask(thread, bea, "What should I buy this week?")
    answer = assistant.ask(thread, bea, "what do the first two cost together?")
    assert "Together that is £3,324" in answer.text
