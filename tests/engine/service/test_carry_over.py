"""Budgets of weeks, months, quarters and years, and what is left of them in the next period."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine.errors import BadSettings, NotAllowed
from engine.purchase.periods import periods_of
from engine.purchase.policy_review import review
from engine.purchase.progress import MovedLine
from engine.service import approve, audit, budget, people, purchase
from engine.service.budget import BudgetStatus
from engine.service.order_closing import close
from engine.service.order_receiving import receive
from engine.service.policy_file import parse_policy
from engine.service.stores import Stores
from engine.store.database import Database
from support.crowd import a_crowd
from support.crowd_calls import draft_vase, propose_one
from support.purchasing import (
    DAY,
    NOW,
    POLICY,
    buy,
    cap,
    click,
    draft,
    person,
    policy_file,
    pounds,
    proposed,
    purchasing_stores,
)
from support.sent import mark_sent

LAST, THIS = "2026-W44", "2026-W45"
LAST_WEEK = NOW - 7 * DAY


def rules(*written: str) -> str:
    return POLICY + "budgets:\n  carry_over:\n" + "".join(f"    - {{{r}}}\n" for r in written)


WEEKLY = "period: week, carry: all, since: 2026-W40"


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    stores = purchasing_stores(database, tmp_path)
    people.sync(stores, policy_file(rules(WEEKLY)), now=LAST_WEEK)
    cap(stores, 2000, period=LAST)
    cap(stores, 1000, period=THIS)
    return stores


def status(stores: Stores, period: str = THIS, on: datetime = NOW) -> BudgetStatus:
    (found,) = [each for each in budget.current(stores, on.date()) if each.period == period]
    return found


def test_what_last_week_left_can_be_spent_this_week(stores: Stores) -> None:
    proposed(stores, buy("LAMP-OAK-01", 60), now=LAST_WEEK)  # 1,200 of 2,000
    assert (status(stores).carried_minor, status(stores).left_minor) == (pounds(800), pounds(1800))
    card = proposed(stores, buy("CHAIR-1", 15), run_id="run-2")
    (effect,) = card.budgets
    assert (effect.carried_minor, effect.left_after_minor) == (pounds(800), pounds(300))
    assert click(stores, card, "max").result == "approved"
    assert audit.verify(stores).verified


def test_beyond_what_was_carried_over_it_takes_a_right_and_a_reason(stores: Stores) -> None:
    proposed(stores, buy("LAMP-OAK-01", 60), now=LAST_WEEK)
    (view,) = draft(stores, buy("CHAIR-1", 19))
    with pytest.raises(NotAllowed, match=r"which has GBP 1,800\.00 left"):
        purchase.propose(stores, view.number, person=person(stores, "bea"), now=NOW)


@pytest.mark.parametrize("ending", ["cancelled", "rejected", "expired", "closed short"])
def test_what_an_order_of_last_week_gives_back_comes_over_as_well(
    stores: Stores, ending: str
) -> None:
    card = proposed(stores, buy("LAMP-OAK-01", 60), now=LAST_WEEK)
    assert status(stores).carried_minor == pounds(800)
    max_ = person(stores, "max")
    freed = pounds(1200)
    if ending == "cancelled":
        purchase.cancel(stores, card.number, person=max_, now=NOW, reason="no")
    elif ending == "rejected":
        click(stores, card, "max", "reject", now=LAST_WEEK)
    elif ending == "expired":
        assert purchase.expire_due(stores, now=NOW) == (card.number,)
    else:
        click(stores, card, "max", now=LAST_WEEK)
        mark_sent(stores, card.number, LAST_WEEK)
        came = [MovedLine(line=1, units=24)]
        receive(stores, card.number, lines=came, person=max_, now=NOW)
        close(stores, card.number, person=max_, now=NOW, reason="the rest is lost")
        freed = pounds(36 * 20)
    assert status(stores).carried_minor == pounds(800) + freed
    assert audit.verify(stores).verified


def test_planning_may_spend_what_was_carried_over(stores: Stores) -> None:
    with stores.database.read() as look:
        frame = budget.in_force(look, periods_of(NOW.date()))
    assert frame.to_numpy().tolist() == [["total", THIS, pounds(3000), 0]]


def test_quarters_and_years_hold_all_their_months(stores: Stores) -> None:
    cap(stores, 5000, period="2026-Q4")
    cap(stores, 2500, period="2026")
    proposed(stores, buy("LAMP-OAK-01", 60), now=LAST_WEEK)  # in October
    assert status(stores, "2026-Q4").committed_minor == pounds(1200)
    (view,) = draft(stores, buy("CHAIR-1", 14))
    assert [e.period for e in view.budgets] == ["2026", "2026-Q4", THIS]
    with pytest.raises(NotAllowed, match=r"budget of 2026, which has GBP 1,300\.00 left"):
        purchase.propose(stores, view.number, person=person(stores, "bea"), now=NOW)
    new_year = NOW + timedelta(days=60)
    assert [each.period for each in budget.current(stores, new_year.date())] == []


def test_a_foreign_order_takes_its_value_at_the_recorded_rate(stores: Stores) -> None:
    cap(stores, 1000, period="2026-Q4")
    card = proposed(stores, buy("CHAIR-1", 11, currency="EUR"), now=LAST_WEEK)  # 1,100 EUR
    taken = {effect.period: effect.order_minor for effect in card.budgets}
    assert taken == {"2026-Q4": pounds(946), LAST: pounds(946)}
    assert status(stores).carried_minor == pounds(2000 - 946)


def test_a_new_rule_makes_cards_stale_because_what_they_show_changes(stores: Stores) -> None:
    card = proposed(stores, buy("LAMP-ASH-02", 24))
    people.sync(stores, policy_file(rules(WEEKLY.replace("all", "none"))), now=NOW)
    assert click(stores, card, "max").result == "stale"
    fresh = approve.card(stores, card.request_id, now=NOW)
    assert fresh.budgets[0].carried_minor == 0


def test_eight_processes_cannot_spend_what_was_carried_over_twice(stores: Stores) -> None:
    cap(stores, 400, period=LAST)
    cap(stores, 800, period=THIS)
    orders = [draft_vase(stores, n) for n in range(8)]  # 222 each
    bea = person(stores, "bea")
    with a_crowd() as crowd:
        won = crowd.at_once(propose_one, [(stores, number, bea, NOW) for number in orders])
    assert sum(won) == 5
    assert status(stores).committed_minor == 5 * 1850 * 12


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("period: week, carry: capped, since: 2026-W40", "up_to"),
        ("period: week, carry: all, up_to: 5, since: 2026-W40", "up_to"),
        ("period: month, carry: all, since: 2026-W40", "names a week"),
        ("period: month, carry: all, since: soon", "no budget period"),
        ("period: fortnight, carry: all, since: 2026-W40", "'week'"),
        ("period: year, carry: half, since: 2026", "'all'"),
        ("period: week, carry: all, since: 2026-W40, scope: lamps", "no budget scope"),
        ("period: week, carry: all", "since"),
        ("period: week, carry: all, since: 2026-W40, upto: 3", "up_to"),
    ],
)
def test_a_rule_that_makes_no_sense_is_named(rule: str, says: str) -> None:
    with pytest.raises(BadSettings, match=says):
        parse_policy(rules(rule), "people.yaml")


def test_two_rules_for_one_budget_are_refused_and_odd_ones_remarked_on() -> None:
    with pytest.raises(BadSettings, match="every budget each week"):
        parse_policy(rules(WEEKLY, "period: week, carry: none, since: 2026-W01"), "people.yaml")
    year = parse_policy(rules("period: year, carry: all, since: 2026"), "people.yaml").policy
    assert year.carry_over[0].since == "2026"
    assert not [r for r in review(year) if r.subject == "carry_over"]
    weekly = parse_policy(rules(WEEKLY), "people.yaml").policy
    assert "piles up without a limit" in " ".join(r.sentence for r in review(weekly))
    assert weekly.version != policy_file().policy.version


def test_a_policy_without_rules_keeps_its_version() -> None:
    assert "carry_over" not in policy_file().policy.text
