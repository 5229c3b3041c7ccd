"""Ceilings over a period, tiers that approve by themselves, and the glass that can be broken."""

from datetime import timedelta
from pathlib import Path

import pytest

from engine.errors import NotAllowed
from engine.purchase.policy_review import review
from engine.purchase.states import OrderState
from engine.service import approve, audit, conversation, delegation, people, purchase
from engine.service.policy_file import parse_policy
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.purchasing import approval_decisions
from support.purchasing import (
    NOW,
    POLICY,
    Run,
    buy,
    cap,
    click,
    count,
    draft,
    person,
    policy_file,
    proposed,
    purchasing_stores,
)

WITH_GLASS = POLICY.replace("rights: [read, draft, approve, set_budget]",
                            "rights: [read, draft, approve, set_budget, break_glass]")  # fmt: skip
CEILINGS = POLICY.replace("approval:\n", """approval:
  ceilings:
    - {name: a buyer's week, period: week, up_to: 1500, roles: [buyer]}
    - {name: Nordlicht's month, each: supplier, period: month, up_to: 2500, suppliers: [NORDLICHT]}
""")  # fmt: skip
TIERS = POLICY.replace(
    "approval:\n", "approval:\n  auto_approve_up_to: 100\n"
    "  auto_approve: [{up_to: 1000, categories: [Lighting]}]\n",
)  # fmt: skip


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


def put(stores: Stores, text: str) -> None:
    people.sync(stores, policy_file(text), now=NOW)


def test_breaking_the_glass_takes_the_right_a_reason_and_tells_everybody(stores: Stores) -> None:
    cap(stores, 100)
    put(stores, WITH_GLASS)
    card = proposed(stores, buy("LAMP-OAK-01", 120), over_budget_reason="a flood")  # 2,160

    assert click(stores, card, "max").cause == "above_limit"
    assert click(stores, card, "dana", break_glass=True, reason="now").cause == "no_right"
    assert click(stores, card, "max", break_glass=True).cause == "no_emergency"
    outcome = click(stores, card, "max", break_glass=True, reason="the hall is under water")

    assert outcome.result == "approved"
    assert "beyond the usual limits" in outcome.sentence
    assert count(stores, approval_decisions, break_glass=True) == 1
    for who in ("bea", "mia", "dana"):
        told = conversation.take_notices(stores, who, now=NOW)
        assert "break_glass" in [notice["kind"] for notice in told]
    (decided,) = [e for e in audit.events(stores) if e.kind == "order.approved"]
    assert '"break_glass":true' in decided.body
    assert audit.verify(stores).verified


def test_not_even_an_emergency_lets_one_approve_their_own(stores: Stores) -> None:
    put(stores, WITH_GLASS)
    card = proposed(stores, buy("CHAIR-1", 45), who="max")
    outcome = click(stores, card, "max", break_glass=True, reason="the hall is under water")
    assert outcome.cause == "own_request"


def test_a_ceiling_holds_for_all_that_one_requester_asks_for_in_a_week(stores: Stores) -> None:
    put(stores, CEILINGS)
    proposed(stores, buy("LAMP-OAK-01", 60))  # 1,200
    with pytest.raises(NotAllowed, match=r"a buyer's week.*GBP 1,500\.00 a week"):
        proposed(stores, buy("LAMP-ASH-02", 36), run_id="run-2")
    proposed(stores, buy("LAMP-ASH-02", 24), run_id="run-3", who="ben")
    next_week = NOW + timedelta(days=7)
    (view,) = draft(stores, buy("LAMP-ASH-02", 36), run=Run(id="run-4"), now=next_week)
    purchase.propose(stores, view.number, person=person(stores, "bea"), now=next_week)


def test_a_ceiling_of_a_supplier_counts_every_requester(stores: Stores) -> None:
    put(stores, CEILINGS)
    proposed(stores, buy("LAMP-OAK-01", 60))  # 1,200 of Nordlicht's 2,500
    with pytest.raises(NotAllowed, match="Nordlicht's month"):
        proposed(stores, buy("LAMP-OAK-01", 72), run_id="run-2", who="max")


def test_a_ceiling_that_was_lowered_meanwhile_stops_the_click(stores: Stores) -> None:
    put(stores, CEILINGS)
    proposed(stores, buy("LAMP-OAK-01", 60))
    put(stores, CEILINGS.replace("1500", "1100"))
    view = purchase.order_view(stores, "PO-1001")
    assert view.request_id is not None
    fresh = approve.card(stores, view.request_id, now=NOW)
    assert click(stores, fresh, "max").cause == "above_ceiling"


@pytest.mark.parametrize(
    ("sku", "units", "state"),
    [("LAMP-ASH-02", 96, "approved"), ("LAMP-ASH-02", 108, "proposed"), ("CHAIR-1", 2, "proposed")],
)
def test_a_tier_approves_flowing_lines_of_its_field_up_to_its_limit(
    stores: Stores, sku: str, units: int, state: str
) -> None:
    put(stores, TIERS)
    (view,) = draft(stores, buy(sku, units, tier="auto_approve"))
    view = purchase.propose(stores, view.number, person=person(stores, "bea"), now=NOW)
    assert view.state is OrderState(state)


def test_a_policy_that_uses_nothing_new_keeps_its_version() -> None:
    assert policy_file().policy.version == "971c517ec3da"
    assert "ceilings" not in policy_file().policy.text
    assert policy_file(CEILINGS).policy.version != policy_file().policy.version


def test_a_loan_is_told_to_both_and_to_whoever_administers(stores: Stores) -> None:
    put(stores, POLICY.replace("over_budget]", "over_budget, administer]"))
    day = NOW.date()
    delegation.lend(stores, taker="mia", first_day=day, last_day=day, reason="a day off",
                    person=person(stores, "max"), now=NOW)  # fmt: skip
    for who in ("max", "mia", "dana"):
        (notice,) = conversation.take_notices(stores, who, now=NOW)
        assert notice["kind"] == "loan"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[{up_to: 2000}, {up_to: 4000, categories: [Furniture]}]",
         "[{up_to: 5000}, {up_to: 4000, categories: [Furniture]}]", "can never apply"),
        ("id: mia, name: Mia Lund, roles: [manager]",
         "id: mia, name: Mia Lund, roles: [manager, director]", "mia is manager and director"),
        ("above: 2500}", "above: 2500, roles: [buyer]}", "of which nobody may approve"),
        ("approval:\n", "approval:\n  auto_approve_up_to: 60000\n", "what no person may approve"),
        ("limits: [{up_to: 2000}, {up_to: 4000, categories: [Furniture]}]",
         "limits: [{up_to: 4000, categories: [Furniture]}]", None),
    ],
)  # fmt: skip
def test_a_review_names_rules_that_overlap_or_are_missing(
    old: str, new: str, told: str | None
) -> None:
    assert old in POLICY
    changed = parse_policy(POLICY.replace(old, new), "people.yaml").policy
    remarks = [remark.sentence for remark in review(changed)]
    before = [remark.sentence for remark in review(policy_file().policy)]
    more = [sentence for sentence in remarks if sentence not in before]
    assert (told is None and not more) or any(told in sentence for sentence in more if told)


def test_limits_that_all_lie_in_fields_leave_the_rest_to_nobody() -> None:
    text = POLICY.replace("{up_to: 2000}, ", "").replace(
        "{up_to: 50000}", "{up_to: 50000, suppliers: [NORDLICHT]}"
    )
    remarks = [remark.sentence for remark in review(parse_policy(text, "p").policy)]
    assert any("can be approved by nobody" in sentence for sentence in remarks)
