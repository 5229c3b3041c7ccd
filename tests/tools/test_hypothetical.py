"""What a hypothetical budget buys is not passed off as the plan."""

import pytest

from agent.bootstrap import Company
from agent.grounding.evidence import Evidence
from agent.grounding.verify import violations
from agent.llm.port import Call, Step
from agent.statements import statement
from engine.model.progress import Progress
from support.agent import LINES, run_of
from support.plans import plan_of, save
from support.purchasing import person
from tools.context import ToolContext
from tools.registry import BY_NAME

MARK = "a budget of {{plan.budget}} (not the plan in force)"


class AlwaysThat:
    """Implements the compute port: every re-solve is one stored run."""

    def __init__(self, run: object) -> None:
        self._run = run

    def call(self, *_asked: object) -> object:
        return self._run

    def watched(self, *_asked: object, progress: Progress) -> object:
        progress("allocating the budget", 1, 2)
        return self._run


def said(company: Company, tool: str, **arguments: int | str) -> str:
    """After a list under another budget was shown."""
    run = run_of(company)
    other = save(
        company.stores, plan_of(LINES), "run-other", on_record=False,
        snapshot_id=run.snapshot_id, artefacts=run.artefacts, budget_minor=50_000_000,
    )  # fmt: skip
    context = ToolContext(
        stores=company.stores, person=person(company.stores, "bea"), now=company.clock.now(),
        config=company.plan_config, run_id=run.id, shown_run_id=other.id,
        compute=AlwaysThat(other),  # pyright: ignore[reportArgumentType]  a fake of the port
    )  # fmt: skip
    result = BY_NAME[tool].call(arguments, context)
    sentences = statement(Step(call=Call(tool=tool), result=result))
    facts = {fact.id: fact for fact in result.facts}
    assert violations(sentences, Evidence(facts=facts, entities=result.entities)) == ()
    return sentences


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("rank_buys", {"budget_minor": 50_000_000}), ("what_if", {"budget_minor": 7}),
     ("draft_po", {}), ("explain_order", {"sku": "LAMP-OAK-01", "location": "LEEDS"})],
)  # fmt: skip
def test_an_answer_from_another_budget_says_so(
    company: Company, tool: str, arguments: dict[str, int | str]
) -> None:
    sentences = said(company, tool, **arguments)
    assert MARK in sentences or "would not change" in sentences


def test_the_plan_in_force_has_no_such_mark(company: Company) -> None:
    assert "not the plan in force" not in said(company, "rank_buys")
