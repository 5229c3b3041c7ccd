"""A model that lies does not get a figure of its own in front of a reader."""

import pytest

from agent.grounding.evidence import Evidence
from agent.grounding.verify import violations
from support.drafts import BENIGN, Attack, attacks, evidence

SEEDS = 20
ATTACKS = attacks(SEEDS)


@pytest.mark.parametrize("kind", sorted({attack.kind for attack in ATTACKS}))
def test_no_attack_of_this_kind_passes(kind: str) -> None:
    passed = [attack for attack in ATTACKS if attack.kind == kind and _passes(attack)]
    assert passed == []


def _passes(attack: Attack) -> bool:
    return not violations(attack.draft, evidence())


def test_honest_drafts_pass() -> None:
    refused = {draft: violations(draft, evidence()) for draft in BENIGN}
    refused = {draft: found for draft, found in refused.items() if found}
    assert refused == {}


def test_an_effect_may_be_claimed_when_a_tool_had_it() -> None:
    draft = "I drafted the order; it waits for approval."
    assert violations(draft, evidence()) != ()
    assert violations(draft, evidence(did_write=True)) == ()


def test_a_stretch_of_time_may_be_echoed_when_the_person_named_it() -> None:
    draft = "For next week the plan buys {{buys.count}} lines."
    assert violations(draft, evidence()) != ()
    assert violations(draft, evidence(said="What do we need next week?")) == ()


def test_without_facts_nothing_but_words_passes() -> None:
    nothing = Evidence(facts={}, entities=())
    assert violations("Ask what to buy.", nothing) == ()
    assert violations("Order {{oak.units}}.", nothing) != ()
    assert violations("   ", nothing) != ()
