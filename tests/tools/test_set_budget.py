"""A cap is asked for in a scope that exists, for the week that counts."""

from dataclasses import replace
from typing import Any

import pytest

from agent.bootstrap import Company
from agent.llm.port import Call, Step
from agent.statements import statement
from engine.errors import Ambiguous, UnknownName
from engine.service import budget, purchase
from engine.service.reading import RunHeader
from support.agent import run_of
from support.purchasing import person
from tools.context import ToolContext
from tools.names import Names, require_category
from tools.result import ToolResult
from tools.set_budget import SetBudget, set_budget


def asked(company: Company, **scope: str) -> tuple[str, str]:
    """Scope and period of the proposal."""
    context = ToolContext(
        stores=company.stores,
        person=person(company.stores, "bea"),
        now=company.clock.now(),
        config=company.plan_config,
        compute=company.compute,
        run_id=run_of(company).id,
    )
    result = set_budget(SetBudget.model_validate({"cap_minor": 100_000, **scope}), context)
    made = budget.proposal(company.stores, int(result.actions[0].target))
    return made.scope, made.period


@pytest.mark.parametrize(
    ("said", "scope"),
    [("Lighting", "Lighting"), ("lighting/table LAMPS", "Lighting/Table lamps"),
     ("table lamps", "Lighting/Table lamps"), (" Decor/ ", "Decor")],
)  # fmt: skip
def test_a_category_is_written_as_the_catalogue_writes_it(
    company: Company, said: str, scope: str
) -> None:
    assert asked(company, category=said) == (f"category:{scope}", "2026-W45")


def test_a_misspelt_category_or_supplier_is_no_cap_that_never_binds(company: Company) -> None:
    with pytest.raises(UnknownName, match="Lighting"):
        asked(company, category="Lightning")
    with pytest.raises(UnknownName, match="Nordlicht"):
        asked(company, supplier="Nordlich")
    assert budget.pending(company.stores, company.clock.now()) == ()


def test_a_category_that_could_be_two_is_asked_back() -> None:
    names = Names(items={}, locations={}, suppliers={}, categories=("Home/Lamps", "Work/Lamps"))
    with pytest.raises(Ambiguous, match="Home/Lamps"):
        require_category(names, "lamps")
    assert require_category(names, "work/lamps") == "Work/Lamps"


class Solves:
    """Implements the compute port; remembers on which budgets the plan was solved."""

    def __init__(self, run: RunHeader) -> None:
        self._run = run
        self.budgets: list[int] = []

    def call(self, _function: object, _stores: object, _run: str, left: int, _now: object) -> Any:
        self.budgets.append(left)
        return replace(self._run, budget_minor=left)


def with_orders(company: Company, *, above: int) -> tuple[ToolResult, list[int], int]:
    """A cap so far above what the drafted orders take, and on what the plan was solved."""
    run, bea, now = run_of(company), person(company.stores, "bea"), company.clock.now()
    drafted = purchase.draft_orders(company.stores, run_id=run.id, person=bea, now=now)
    taken = sum(view.content.base_total_minor for view in drafted)
    solves = Solves(run)
    context = ToolContext(
        stores=company.stores, person=bea, now=now, config=company.plan_config,
        compute=solves, run_id=run.id,  # pyright: ignore[reportArgumentType]  a fake of the port
    )  # fmt: skip
    result = set_budget(SetBudget(cap_minor=taken + above), context)
    return result, solves.budgets, taken


def test_the_plan_under_a_cap_is_solved_on_what_orders_leave_of_it(company: Company) -> None:
    result, budgets, taken = with_orders(company, above=5_000)
    values = {fact.id: fact.value for fact in result.facts}
    assert taken > 0
    assert budgets[-1] == 5_000
    assert (values["budget.committed"], values["budget.left"]) == (taken, 5_000)
    for status in budget.current(company.stores, company.clock.now().date()):
        assert status.scope != "total" or status.cap_minor - taken in (*budgets, 100_000)


def test_a_cap_below_what_is_committed_says_so(company: Company) -> None:
    result, budgets, _ = with_orders(company, above=-700)
    values = {fact.id: fact.value for fact in result.facts}
    assert budgets[-1] == 0
    assert values["budget.over"] == 700
    told = statement(Step(call=Call(tool="set_budget"), result=result))
    assert "Committed so far: {{budget.committed}}; that exceeds it by" in told
