"""The corners of grounding: each branch says something, so each is held by a test."""

from datetime import date
from typing import get_args

import pytest

from agent.grounding.asked import citable
from agent.grounding.provenance import Provenance, echoes_nothing_unsaid, require_own_figures
from agent.grounding.user_facts import user_facts
from agent.grounding.verify import violations
from agent.grounding.violations import Rule, Violation
from engine.errors import InvalidInput
from support.drafts import evidence
from tools.facts import Fact, FactKind, Value

TODAY = date(2026, 11, 2)


def heard(text: str, **more: object) -> Provenance:
    return Provenance(text=text, currency="GBP", today=TODAY, **more)  # type: ignore[arg-type]  the test's own


def asked(kind: FactKind, value: Value) -> Fact:
    return Fact(id="a", value=value, kind=kind, label="asked for", is_asked=True)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("name", "Lamp", "find the lamp"),
        ("date_range", "2026-11-09/2026-11-15", "what about next week?"),
        ("weeks", 4, "the forecast of the next four weeks"),
        ("days", 14, "in two weeks"),
        ("percent", 0.98, "with 98 % service"),
        ("unit_price", 9_500_000, "at 9.50"),
    ],
)
def test_an_echo_may_be_shown_where_the_person_said_it(
    kind: FactKind, value: Value, text: str
) -> None:
    fact = asked(kind, value)
    assert citable([fact], heard(text)) == {"a": fact}
    assert citable([fact], heard("what should I buy?")) == {}
    before = heard("and there?", earlier=frozenset({("any", value)}))
    assert citable([fact], before) == {"a": fact}


def test_days_may_be_said_as_weeks_or_months() -> None:
    later = {"later_days": 21}
    require_own_figures(later, heard("what if it is three weeks late?"))
    require_own_figures({"later_days": 30}, heard("what if it is a month late, 1 month?"))
    with pytest.raises(InvalidInput, match="did not say"):
        require_own_figures(later, heard("what if it is late?"))
    with pytest.raises(InvalidInput, match="did not say"):
        require_own_figures({"service_basis_points": 9_800}, heard("what if service were better?"))


def test_a_refusal_may_repeat_what_was_said_or_shown() -> None:
    source = heard("why LAMP-9?", known=frozenset({"VASE-2"}))
    assert echoes_nothing_unsaid("No SKU 'LAMP-9'.", {"sku": "LAMP-9"}, source)
    assert echoes_nothing_unsaid("No SKU 'VASE-2'.", {"sku": "VASE-2"}, source)
    assert not echoes_nothing_unsaid("No SKU '500 SENT'.", {"skus": ["500 SENT"]}, source)
    assert echoes_nothing_unsaid("Nothing there.", {"sku": "500 SENT", "top": ""}, source)


def test_two_conditions_in_one_clause_are_one() -> None:
    fine = "PO-1001 waits until somebody decides when it is time."
    assert violations(fine, evidence()) == ()


def test_a_unit_after_a_figure_is_that_of_the_fact() -> None:
    assert violations("The plan buys {{buys.count}} pallets.", evidence()) != ()
    assert violations("It is {{oak.units}} packs of LAMP-OAK-01.", evidence()) != ()
    said = evidence(said="I have room for 50000 pallets")
    assert violations("Your {{user.1}} pallets are enough.", said) == ()
    assert violations("Your {{user.1}} crates are enough.", said) != ()


def test_the_figures_of_a_message_are_facts_in_their_order() -> None:
    found = user_facts("buy 12 packs for 9.5k")
    assert [(fact.id, fact.value) for fact in found] == [("user.1", 12), ("user.2", 9_500)]


def test_every_rule_has_advice_for_the_model() -> None:
    for rule in get_args(Rule):
        told = Violation(rule=rule, excerpt="x").sentence()
        assert told.endswith("Offending text: 'x'.")
