"""A cap is asked for in a scope that exists, for the week that counts."""

import pytest

from agent.bootstrap import Company
from engine.errors import Ambiguous, UnknownName
from engine.service import budget
from support.agent import run_of
from support.purchasing import person
from tools.context import ToolContext
from tools.names import Names, require_category
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
