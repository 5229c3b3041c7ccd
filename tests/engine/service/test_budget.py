"""Budgets: held on proposing, spent on approving, free again when an order ends."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from engine.errors import IllegalTransition, InvalidInput, NotAllowed, Stale, UnknownName
from engine.model.decisions import BUDGETS
from engine.purchase.periods import periods_of
from engine.purchase.revise import ChangeUnits
from engine.purchase.spending import draws_on, require_scope_and_period
from engine.service import approve, audit, budget, people, purchase
from engine.service.budget import BudgetProposal
from engine.service.budget_caps import adopt_imported
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.budgets import budget_revisions
from support.purchasing import (
    NOW,
    POLICY,
    buy,
    click,
    count,
    draft,
    person,
    policy_file,
    pounds,
    proposed,
    purchasing_stores,
)

WEEK, MONTH = "2026-W45", "2026-11"
RATES = {"GBP": Decimal(1), "EUR": Decimal("0.86")}


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    """A company with 2,000 pounds for this week."""
    stores = purchasing_stores(database, tmp_path)
    adopt(stores, ("total", WEEK, 2000))
    return stores


def adopt(stores: Stores, *caps: tuple[str, str, int], currency: str | None = None) -> int:
    rows = [
        {"scope": scope, "period": period, "cap_micros": cap * 10**6, "currency": currency}
        for scope, period, cap in caps
    ]
    with stores.database.write() as work:
        return adopt_imported(
            work, stores.seal, pd.DataFrame(rows), RATES, "GBP", snapshot_id="s-1", now=NOW
        )


def ask(
    stores: Stores, cap: int, who: str = "bea", scope: str = "total", period: str = WEEK
) -> BudgetProposal:
    return budget.propose_budget(
        stores,
        scope=scope,
        period=period,
        cap_minor=pounds(cap),
        consequence={"expected_loss_minor": -570},
        person=person(stores, who),
        now=NOW,
    )


def answer(
    stores: Stores, asked: BudgetProposal, who: str = "max", now: datetime = NOW
) -> BudgetProposal:
    return budget.decide_budget(
        stores,
        proposal_id=asked.id,
        shown_digest=asked.digest,
        approve=True,
        person=person(stores, who),
        now=now,
    )


def used(stores: Stores) -> tuple[int, int, int]:
    """Committed, consumed and left of this week's total, in pounds."""
    (status,) = budget.current(stores, NOW.date())
    return status.committed_minor // 100, status.consumed_minor // 100, status.left_minor // 100


def test_a_draft_holds_nothing_a_proposal_holds_and_an_approval_spends(stores: Stores) -> None:
    draft(stores, buy("LAMP-OAK-01", 60))
    assert used(stores) == (0, 0, 2000)
    view = purchase.propose(stores, "PO-1001", person=person(stores, "bea"), now=NOW)
    assert used(stores) == (1200, 0, 800)
    assert view.request_id is not None
    card = approve.card(stores, view.request_id, now=NOW)
    (effect,) = card.budgets
    assert (effect.left_before_minor, effect.left_after_minor) == (pounds(2000), pounds(800))
    click(stores, card, "max")
    assert used(stores) == (0, 1200, 800)
    purchase.cancel(stores, "PO-1001", person=person(stores, "max"), now=NOW, reason="no")
    assert used(stores) == (0, 0, 2000)


@pytest.mark.parametrize("end", ["reject", "expire", "cancel", "revise"])
def test_whatever_ends_a_proposal_frees_its_budget(stores: Stores, end: str) -> None:
    card = proposed(stores, buy("LAMP-OAK-01", 60))
    assert used(stores) == (1200, 0, 800)
    bea = person(stores, "bea")
    if end == "reject":
        click(stores, card, "max", "reject")
    elif end == "expire":
        purchase.expire_due(stores, now=card.expires_at)
    elif end == "cancel":
        purchase.cancel(stores, card.number, person=bea, now=NOW, reason="no")
    else:
        change = [ChangeUnits(line=1, units=72)]
        purchase.revise(stores, card.number, changes=change, person=bea, now=NOW, why="more")
    assert used(stores) == (0, 0, 2000)


def test_two_proposals_cannot_spend_the_same_money(stores: Stores) -> None:
    proposed(stores, buy("LAMP-OAK-01", 60))
    (view,) = draft(stores, buy("LAMP-ASH-02", 96))
    assert view.is_over_budget
    with pytest.raises(NotAllowed, match=r"GBP 960.00 of the total budget .* GBP 800.00 left"):
        purchase.propose(stores, view.number, person=person(stores, "bea"), now=NOW)
    assert purchase.order_view(stores, view.number).state == "draft"
    assert used(stores) == (1200, 0, 800)


def test_above_the_budget_it_takes_a_reason_twice_and_the_right(stores: Stores) -> None:
    card = proposed(stores, buy("LAMP-OAK-01", 120), over_budget_reason="price break")
    assert card.over_budget_reason == "price break"
    assert card.content.total_minor == pounds(2160)
    refused = click(stores, card, "dana")
    assert (refused.result, refused.cause) == ("refused", "over_budget")
    assert click(stores, card, "dana", reason="it pays").result == "approved"


def test_blanks_are_no_reason_to_exceed_a_budget(stores: Stores) -> None:
    (view,) = draft(stores, buy("LAMP-OAK-01", 120))
    with pytest.raises(NotAllowed, match="give a reason"):
        purchase.propose(
            stores, view.number, person=person(stores, "bea"), now=NOW, over_budget_reason="  "
        )
    card = proposed(stores, buy("LAMP-OAK-01", 120), over_budget_reason="price break")
    assert click(stores, card, "dana", reason=" \n").cause == "over_budget"
    assert used(stores) == (2160, 0, -160)


@pytest.mark.parametrize("order", [("max", "dana"), ("dana", "max")])
def test_one_of_two_approvers_with_the_right_and_a_reason_takes_it_over_budget(
    stores: Stores, order: tuple[str, str]
) -> None:
    card = proposed(stores, buy("LAMP-OAK-01", 240), over_budget_reason="a fair")
    first, second = order
    reasons = {"max": None, "dana": "it pays"}
    assert click(stores, card, first, reason=reasons[first]).result == "second_approver_needed"
    assert click(stores, card, second, reason=reasons[second]).result == "approved"


def test_the_right_to_go_over_budget_is_not_the_limit(stores: Stores) -> None:
    card = proposed(stores, buy("CHAIR-1", 24), over_budget_reason="a fair")
    assert card.judged_minor < pounds(4000)
    outcome = click(stores, card, "max", reason="I want it")
    assert (outcome.cause, "may not go over" in outcome.sentence) == ("over_budget", True)


def test_a_budget_cut_between_card_and_click_holds(stores: Stores) -> None:
    card = proposed(stores, buy("LAMP-OAK-01", 60))
    answer(stores, ask(stores, 1000))
    assert click(stores, card, "max").cause == "over_budget"


def test_budgets_of_supplier_and_category_hold_as_well(stores: Stores) -> None:
    adopt(stores, ("supplier:NORDLICHT", MONTH, 1000), ("category:Furniture", MONTH, 300))
    lamps, chairs = draft(stores, buy("LAMP-OAK-01", 60), buy("CHAIR-1", 4))
    assert [(e.scope, e.is_exceeded) for e in lamps.budgets] == [
        ("supplier:NORDLICHT", True), ("total", False),
    ]  # fmt: skip
    assert [(e.scope, e.order_minor, e.is_exceeded) for e in chairs.budgets] == [
        ("category:Furniture", pounds(400), True), ("total", pounds(400), False),
    ]  # fmt: skip


def test_an_order_in_another_currency_counts_at_its_recorded_rate(stores: Stores) -> None:
    proposed(stores, buy("LAMP-OAK-01", 60, currency="EUR"))
    assert used(stores) == (1032, 0, 968)


def test_a_cap_is_asked_for_confirmed_by_somebody_entitled_and_logged(stores: Stores) -> None:
    asked = ask(stores, 3000)
    assert (asked.cap_before_minor, asked.state) == (pounds(2000), "pending")
    assert asked.consequence == {"expected_loss_minor": -570}
    assert used(stores)[2] == 2000
    with pytest.raises(NotAllowed, match="Max Okafor"):
        answer(stores, asked, "bea")
    decided = answer(stores, asked, "max")
    assert (decided.state, decided.decided_by) == ("approved", "max")
    assert used(stores)[2] == 3000
    kinds = [event.kind for event in audit.events(stores, subject=f"budget:total:{WEEK}")]
    assert kinds == ["budget.set", "budget.proposed", "budget.approved", "budget.set"]
    assert count(stores, budget_revisions) == 2


def test_a_cap_is_decided_once_and_only_as_it_was_shown(stores: Stores) -> None:
    asked, other = ask(stores, 3000), ask(stores, 2500)
    assert [each.id for each in budget.pending(stores, NOW)] == [asked.id, other.id]
    with pytest.raises(Stale, match="not the one that was shown"):
        budget.decide_budget(
            stores,
            proposal_id=asked.id,
            shown_digest="0" * 64,
            approve=True,
            person=person(stores, "max"),
            now=NOW,
        )
    answer(stores, asked)
    with pytest.raises(IllegalTransition, match="approved"):
        answer(stores, asked)
    with pytest.raises(Stale, match="was changed since"):
        answer(stores, other)


def test_a_question_about_a_cap_runs_out_and_can_be_refused(stores: Stores) -> None:
    asked = ask(stores, 3000)
    with pytest.raises(IllegalTransition, match="expired"):
        answer(stores, asked, now=asked.expires_at)
    refused = budget.decide_budget(
        stores,
        proposal_id=asked.id,
        shown_digest=asked.digest,
        approve=False,
        person=person(stores, "max"),
        now=NOW,
        reason="not this month",
    )
    assert refused.state == "rejected"
    assert used(stores)[2] == 2000
    with pytest.raises(UnknownName, match="budget proposal"):
        budget.proposal(stores, 99)


@pytest.mark.parametrize(
    ("scope", "period"),
    [("totals", WEEK), ("category:", WEEK), ("total", "2026-W54"), ("total", "2026-13"),
     ("total", "soon"), ("total", "26-11"), ("total", "")],
)  # fmt: skip
def test_a_budget_that_cannot_be_is_refused(scope: str, period: str) -> None:
    with pytest.raises(InvalidInput, match="budget"):
        require_scope_and_period(scope, period)


@pytest.mark.parametrize("cap", [-1, 10**14])
def test_an_impossible_cap_is_refused(stores: Stores, cap: int) -> None:
    with pytest.raises(InvalidInput, match="cap"):
        ask(stores, cap)


def test_caps_of_the_data_follow_the_data_unless_a_person_decided(stores: Stores) -> None:
    assert adopt(stores, ("total", WEEK, 2000)) == 0
    assert adopt(stores, ("total", WEEK, 1000), currency="EUR") == 1
    assert used(stores)[2] == 860
    assert adopt(stores, ("total", WEEK, 1000), currency="NOK") == 0  # no rate is known
    answer(stores, ask(stores, 3000))
    assert adopt(stores, ("total", WEEK, 9000)) == 0
    (status,) = budget.current(stores, NOW.date())
    assert (status.cap_minor, status.origin, status.revision) == (pounds(3000), "person", 3)


def test_planning_sees_every_budget_of_the_week_and_month_and_what_is_taken(stores: Stores) -> None:
    adopt(stores, ("category:Lighting", MONTH, 5000), ("total", "2026-W46", 700))
    proposed(stores, buy("LAMP-OAK-01", 60))
    with stores.database.read() as look:
        frame = budget.in_force(look, periods_of(NOW.date()))
    assert tuple(frame.columns) == BUDGETS
    assert frame.to_numpy().tolist() == [
        ["category:Lighting", MONTH, pounds(5000), pounds(1200)],
        ["total", WEEK, pounds(2000), pounds(1200)],
    ]


def test_a_terminal_user_sets_no_budget_unless_the_policy_says_so(
    database: Database, tmp_path: Path
) -> None:
    stores = purchasing_stores(database, tmp_path, is_demo=False)
    max_ = people.person_for_os_user(stores, "mokafor")
    asked = ask(stores, 3000)
    decision = {"proposal_id": asked.id, "shown_digest": asked.digest, "approve": True}
    with pytest.raises(NotAllowed, match="terminal_may_approve"):
        budget.decide_budget(stores, **decision, person=max_, now=NOW)
    people.sync(stores, policy_file(POLICY + "  terminal_may_approve: true\n"), now=NOW)
    assert budget.decide_budget(stores, **decision, person=max_, now=NOW).state == "approved"


@pytest.mark.parametrize(
    ("day", "week", "month"),
    [(date(2026, 12, 31), "2026-W53", "2026-12"), (date(2027, 1, 3), "2026-W53", "2027-01"),
     (date(2024, 12, 30), "2025-W01", "2024-12")],
)  # fmt: skip
def test_a_week_belongs_to_its_iso_year(day: date, week: str, month: str) -> None:
    assert (periods_of(day).week, periods_of(day).month) == (week, month)
    assert (periods_of(day + timedelta(days=0)).week in periods_of(day)) is True


def test_a_category_budget_holds_everything_below_it_and_nothing_beside() -> None:
    assert draws_on("category:Lighting/Table", "category:Lighting")
    assert draws_on("category:Lighting", "category:Lighting")
    assert not draws_on("category:Lighting2", "category:Lighting")
    assert not draws_on("supplier:A/B", "supplier:A")
