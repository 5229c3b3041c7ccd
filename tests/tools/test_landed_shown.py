"""What it costs to get a line here, and the choice of its supplier, can be followed."""

from typing import Any

import pytest

from agent.bootstrap import Company
from support.agent import run_of
from support.plans import line
from tools.facts import Entity, Fact
from tools.landed_shown import add_landed, add_source
from tools.ledger import Ledger
from tools.names import names_of
from tools.runs import ledger_for

PARTS = {"freight_minor": 4_440, "duty_minor": 2_442, "charges_minor": 888}
LAMP = Entity(kind="item", code="LAMP-OAK-01", name="Oak lamp")


@pytest.fixture
def ledger(company: Company) -> Ledger:
    return ledger_for(run_of(company))


def told(ledger: Ledger) -> dict[str, Fact]:
    return {fact.id: fact for fact in ledger.result("explained").facts}


def from_far(**other: Any) -> dict[str, Any]:
    return line(1, **(PARTS | other))


def test_landed_cost_is_the_sum_of_its_shown_parts(ledger: Ledger) -> None:
    add_landed(ledger, from_far(), LAMP)
    found = told(ledger)

    assert found["order.landed"].value == 44_400 + 4_440 + 2_442 + 888
    assert found["order.landed"].inputs == (
        "order.cost", "order.freight", "order.duty", "order.charges",
    )  # fmt: skip


def test_where_nothing_comes_on_top_nothing_is_said(ledger: Ledger) -> None:
    nothing = from_far(freight_minor=0, duty_minor=0, charges_minor=0)
    add_landed(ledger, nothing, LAMP)
    # Nor of a run of an earlier version, which does not have the columns.
    add_landed(ledger, {name: nothing[name] for name in nothing if name not in PARTS}, LAMP)

    assert told(ledger) == {}


def test_a_choice_of_supplier_names_the_other_and_the_reason(
    ledger: Ledger, company: Company
) -> None:
    names = names_of(company.stores, run_of(company))
    chosen = line(1, alternative="CERAMICA", source_why="cheaper")
    add_source(ledger, names, chosen, LAMP)
    add_source(ledger, names, line(1, alternative=None, source_why=""), LAMP)
    found = told(ledger)

    assert found["order.alternative"].value == "CERAMICA"
    assert "lower cost" in str(found["order.source_why"].value)
