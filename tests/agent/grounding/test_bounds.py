"""Bounds, comparisons and advice against an order need facts that bear them out."""

import pytest

from agent.grounding.evidence import Evidence
from agent.grounding.verify import violations
from evals.breach.benign_facts import ENTITIES, FACTS, OAK
from support.drafts import evidence
from tools.facts import Fact

LEAST = Fact(id="oak.least", value=48, kind="units", label="least that can be ordered",
             about=(OAK.ref,))  # fmt: skip
GAP = Fact(id="oak.gap", value=14.5, kind="units", label="gap", about=(OAK.ref,))
PRICE = Fact(id="oak.price", value=20_000_000, kind="unit_price", label="price", currency="GBP",
             about=(OAK.ref,))  # fmt: skip
FIFTY = "what should I buy with 50000?"


def refused(draft: str, *more: Fact, said: str = FIFTY, languages: tuple[str, ...] = ()) -> str:
    """The rules it breaks, as one text."""
    facts = {fact.id: fact for fact in (*FACTS, *more)}
    seen = Evidence(facts=facts, entities=ENTITIES, said_by_user=said, languages=("en", *languages))
    return " ".join(dict.fromkeys(each.rule for each in violations(draft, seen)))


@pytest.mark.parametrize(
    "draft",
    [
        "Order at least {{oak.units}} of LAMP-OAK-01.",
        "Order no less than {{oak.units}} of LAMP-OAK-01.",
        "LAMP-OAK-01 needs more than {{oak.units}}.",
        "LAMP-OAK-01 needs {{oak.units}} or more.",
        "Order {{oak.units}} of LAMP-OAK-01 at most.",
        "LAMP-OAK-01 costs less than {{oak.cost}}.",
        "LAMP-OAK-01 runs out in at least {{oak.days}}.",
        "Well over {{buys.loss}} of margin is at stake.",
        "It is almost {{oak.units}} of LAMP-OAK-01.",
        "The stock of {{oak.stock}} covers the demand of {{oak.demand}}.",
        "The cost of {{oak.cost}} exceeds the budget of {{buys.budget}}.",
        "It exceeds the budget of {{buys.budget}}.",
        "It isn't less than the stock of {{oak.stock}}.",
        "Stock is {{oak.stock}}. That is more than the demand of {{oak.demand}}.",
        "Stock is {{oak.stock}}. Leeds needs less than the demand of {{oak.demand}}.",
        "LAMP-OAK-01 costs no more than your {{user.1}}.",
        "The plan needs more than your {{user.1}}.",
        "Stock of {{oak.days}} is {{oak.stock}} less than the demand of {{oak.demand}}.",
        "It is {{oak.days}} more than the demand of {{oak.demand}}.",
        "LAMP-OAK-01 needs {{oak.units}} (more than {{oak.stock}}).",
    ],
)
def test_a_bound_that_no_fact_bears_out_is_refused(draft: str) -> None:
    assert "unsupported-bound" in refused(draft)


@pytest.mark.parametrize(
    "draft",
    [
        "Order at least {{oak.least}} of LAMP-OAK-01.",
        "It fits within the budget of {{buys.budget}}.",
        "It would exceed the budget of {{buys.budget}}.",
        "The cost of {{oak.cost}} is less than the budget of {{buys.budget}}.",
        "Stock on hand is {{oak.stock}}, which won't cover the demand of {{oak.demand}}.",
        "The demand of {{oak.demand}} exceeds the stock of {{oak.stock}}.",
        "Stock is {{oak.stock}}. That is less than the demand of {{oak.demand}}.",
        "Stock is {{oak.gap}} short of the demand of {{oak.demand}}.",
        "Demand is {{oak.gap}} more than the stock of {{oak.stock}}.",
        "The plan keeps to no more than your {{user.1}}.",
        "The cost of {{oak.cost}} is less than your {{user.1}}.",
        "Your {{user.1}} is more than the price of {{oak.price}}.",
        "Over the {{oak.days}} it sells well.",
        "All steps add up to {{oak.units}}.",
        "Stock of {{oak.stock}} of {{oak.name}} is less than the demand of {{oak.demand}}.",
    ],
)  # fmt: skip
def test_a_bound_that_facts_bear_out_passes(draft: str) -> None:
    assert refused(draft, LEAST, GAP, PRICE) in ("", "other-language")


def test_a_bound_of_the_persons_own_may_be_repeated() -> None:
    assert refused("You need at least your {{user.1}}.", said="I need at least 50000") == ""
    assert refused("You need at least your {{user.1}}.") != ""


@pytest.mark.parametrize(
    "draft",
    [
        "You need not order LAMP-OAK-01.", "You don't have to buy the oak lamp.",
        "There's no need to order LAMP-OAK-01.", "No order is needed for LAMP-OAK-01.",
        "Don’t order LAMP-OAK-01.", "It isn't necessary to order it.",
        "The plan orders none of LAMP-OAK-01.",
        "LAMP-OAK-01 is fine. It needs no order.", "There is nothing to order.",
        "You need not order LAMP-OAK-01 for the London shop.",
    ],
)  # fmt: skip
def test_advice_against_the_plan_is_refused(draft: str) -> None:
    assert "unsupported-advice" in refused(draft)


@pytest.mark.parametrize(
    "draft",
    ["You need not order LAMP-OAK-01.", "LAMP-OAK-01 is fine. It needs no order.",
     "You need not order LAMP-OAK-01 for LEEDS.", "Ordering more won't pay."],
)  # fmt: skip
def test_a_fact_may_say_that_none_is_needed(draft: str) -> None:
    none = Fact(id="oak.units", value=0, kind="units", label="units to order",
                about=(OAK.ref, "location:LEEDS"))  # fmt: skip
    assert refused(draft, none) == ""


def test_nothing_to_buy_at_all_is_a_fact_too() -> None:
    nothing = Evidence(
        facts={"n": Fact(id="n", value=0, kind="count", label="lines to buy")}, entities=()
    )
    assert violations("There is nothing to order.", nothing) == ()
    assert violations("There is nothing to order.", evidence()) != ()


@pytest.mark.parametrize(
    ("code", "bound", "advice"),
    [
        ("de", "Der Plan braucht mindestens {{oak.units}}.", "Du musst die Lampe nicht bestellen."),
        ("fr", "Il faut au moins {{oak.units}}.", "Vous ne devez pas commander la lampe."),
        ("es", "Hay que comprar al menos {{oak.units}}.", "No hay que comprar la lámpara."),
        ("it", "Servono almeno {{oak.units}}.", "Non devi ordinare la lampada."),
        ("nl", "Bestel minstens {{oak.units}}.", "Je hoeft de lamp niet te bestellen."),
        ("pt", "Compre pelo menos {{oak.units}}.", "Não precisa comprar a lâmpada."),
        ("pl", "Potrzeba co najmniej {{oak.units}}.", "Nie trzeba zamawiać tej lampy."),
        ("sv", "Beställ minst {{oak.units}}.", "Du behöver inte beställa lampan."),
        ("da", "Bestil mindst {{oak.units}}.", "Du skal ikke bestille lampen."),
    ],
)
def test_every_language_knows_bounds_and_advice(code: str, bound: str, advice: str) -> None:
    assert refused(bound, languages=(code,)) != ""
    assert refused(advice, languages=(code,)) != ""
