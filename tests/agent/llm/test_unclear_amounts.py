"""An amount that cannot be told is asked for again; it never becomes another plan."""

import pytest

from agent.bootstrap import Company
from agent.llm.offline import asides
from engine.model.people import Person
from engine.service import budget
from support.agent import assistant_for


@pytest.mark.parametrize(
    "text",
    ["What should I buy with 1,5k?", "what should I buy with 1.000,50", "set the budget to 1,5k",
     "what should I buy with 1e15?", "what if the budget were 1.500?"],
)  # fmt: skip
def test_an_unclear_amount_is_asked_back(
    company: Company, bea: Person, thread: str, text: str
) -> None:
    assert assistant_for(company).ask(thread, bea, text).text == asides.UNCLEAR_AMOUNT


def test_a_cap_for_a_supplier_is_not_answered_into_one_for_everything(
    company: Company, bea: Person, thread: str
) -> None:
    assistant = assistant_for(company)
    assistant.ask(thread, bea, "set the monthly budget for Nordlicht to 1,5k")
    assistant.ask(thread, bea, "1,500")
    made = budget.pending(company.stores, company.clock.now())
    assert "total" not in {proposal.scope for proposal in made}
