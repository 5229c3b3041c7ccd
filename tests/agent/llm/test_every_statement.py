"""Each sentence of ours passes the check of any draft, whichever branches its facts choose."""

import inspect
import re
from datetime import date

import numpy as np
import pytest

from agent.grounding.evidence import Evidence
from agent.grounding.template import Reference, segments
from agent.grounding.verify import violations
from agent.llm.offline import asides
from agent.llm.port import Call, Step
from agent.statements import demand
from agent.statements.catalogue import SAYS
from agent.statements.words import Words
from tools.facts import Entity, Fact, FactKind, Value

TRIES = 40  # draws of which facts exist and what they say; each branch is a coin
SAID: tuple[Value | None, ...] = (None, 0, 1, 2, "unchanged", "lower")
ORDER = Entity(kind="po", code="PO-2026-0007")
NAMES_AN_ORDER = ("over.order", "order.1.number", "eta.1.po", "budget.scope", "budget.period")
SPEAKERS = {**SAYS, "confidence": demand.confidence}


class AnyWords(Words):
    """Facts that exist or not, and are none, one or many, as the coin falls."""

    def __init__(self, outcome: str, seed: int) -> None:
        super().__init__(Step(call=Call(tool="any")))
        self.outcome = outcome
        self._coin = np.random.default_rng(seed)
        self._told: dict[str, Value | None] = {}

    def has(self, name: str) -> bool:
        return self.value(name) is not None

    def value(self, name: str) -> Value | None:
        if name not in self._told:
            self._told[name] = SAID[self._coin.integers(len(SAID))]
        return self._told[name]


@pytest.mark.parametrize("tool", sorted(SPEAKERS))
def test_every_sentence_of_ours_may_be_shown(tool: str) -> None:
    source = inspect.getsource(inspect.getmodule(SPEAKERS[tool]) or demand)
    outcomes = {"any", *re.findall(r'"([a-z]+(?:-[a-z]+)*)"', source)}
    drafts = {
        SPEAKERS[tool](AnyWords(outcome, seed)) for outcome in outcomes for seed in range(TRIES)
    }
    refused = {draft: violations(draft, evidence(draft)) for draft in drafts}
    assert {draft: found for draft, found in refused.items() if found} == {}


def test_every_question_of_ours_may_be_shown() -> None:
    drafts = (*asides.ALL, asides.other_currency("GBP"))
    nothing = Evidence(facts={}, entities=())
    refused = {draft: violations(draft, nothing) for draft in drafts}
    assert {draft: found for draft, found in refused.items() if found} == {}


def evidence(draft: str) -> Evidence:
    """Facts for what the draft refers to; those that name an order name one."""
    named = (part.fact_id for part in segments(draft) if isinstance(part, Reference))
    facts = {fact_id: _fact(fact_id) for fact_id in named}
    # Where the plan is said to hold none, the tool has said so.
    facts["none"] = Fact(id="none", value=0, kind="count", label="lines to buy")
    return Evidence(facts=facts, entities=(ORDER,))


def _fact(name: str) -> Fact:
    kind: FactKind = "status" if name.endswith(".state") else "count"
    if name.endswith(".as_of"):
        return Fact(id=name, value=date(2026, 11, 2), kind="date", label="")
    about = (ORDER.ref,) if name.startswith(("order.1.", "eta.1.", "over.", "budget.")) else ()
    return Fact(
        id=name,
        value=2,
        kind="name" if name in NAMES_AN_ORDER else kind,
        label="what sells per week" if name.endswith(".weekly") else "",
        about=about,
    )
