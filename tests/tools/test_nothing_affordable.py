"""A budget that buys no pack is told apart from having enough stock."""

from dataclasses import replace

from agent.bootstrap import Company
from agent.llm.port import Call, Step
from agent.statements import statement
from support.agent import run_of
from support.plans import plan_of, save
from support.purchasing import person
from tools.context import ToolContext
from tools.rank_buys import RankBuys, rank_buys


def told(company: Company, run_id: str, **asked: str) -> tuple[str, str]:
    """The outcome and its sentences."""
    context = ToolContext(
        stores=company.stores,
        person=person(company.stores, "bea"),
        now=company.clock.now(),
        config=company.plan_config,
        compute=company.compute,
        run_id=run_id,
    )
    result = rank_buys(RankBuys.model_validate(asked), context)
    return result.outcome, statement(Step(call=Call(tool="rank_buys"), result=result))


def test_a_budget_below_every_pack_says_so_with_what_is_cut(company: Company) -> None:
    run = run_of(company)
    artefacts = dict(run.artefacts)
    plan = plan_of([])
    plan = replace(plan, allocation=replace(plan.allocation, next_thousand_minor=None))
    save(
        company.stores,
        plan,
        "run-tiny",
        on_record=False,
        snapshot_id=run.snapshot_id,
        artefacts=artefacts,
        budget_minor=100,
    )
    outcome, sentences = told(company, "run-tiny")
    assert outcome == "nothing-affordable"
    assert sentences == (
        "The budget of {{buys.budget}} buys no whole pack of anything worth buying. "
        "The budget cuts {{buys.cut_count}} line, an expected loss of {{buys.cut_loss}}."
    )


def test_what_the_budget_cut_is_not_said_to_be_in_stock(company: Company) -> None:
    outcome, sentences = told(company, run_of(company).id, sku="VASE-BLU-02")
    assert outcome == "all-cut"
    assert sentences.startswith("The plan buys none of that: the budget of {{buys.budget}}")
