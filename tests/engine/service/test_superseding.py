"""A newer plan's draft takes the place of an older one: one live order, nothing lost or doubled."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import IllegalTransition, InvalidInput
from engine.purchase.revise import ChangeDate, ChangeUnits
from engine.purchase.states import OrderState
from engine.service import approve, audit, budget, purchase
from engine.service.merging import merge
from engine.service.order_view import OrderView
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.conversation import notices
from engine.store.tables.purchasing import po_successors, purchase_orders
from support.purchasing import (
    DAY,
    NOW,
    Run,
    buy,
    cap,
    click,
    count,
    draft,
    person,
    pounds,
    proposed,
    purchasing_stores,
)

OAK, ASH = buy("LAMP-OAK-01", 60), buy("LAMP-ASH-02", 24)
NEXT = Run(id="run-2", created_at=NOW + DAY, as_of=date(2026, 11, 3))


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


def units(view: OrderView) -> dict[str, int]:
    return {line.sku: line.units for line in view.content.lines}


def view(stores: Stores, number: str) -> OrderView:
    return purchase.order_view(stores, number)


def test_a_newer_plans_draft_holds_what_the_older_held_and_takes_its_place(stores: Stores) -> None:
    draft(stores, OAK, ASH)
    (newer,) = draft(stores, buy("LAMP-OAK-01", 60), who="ben", run=NEXT, now=NOW + 2 * DAY)
    assert (newer.number, newer.state, newer.replaces) == (
        "PO-1002", OrderState.DRAFT, ("PO-1001",),
    )  # fmt: skip
    assert units(newer) == {"LAMP-ASH-02": 24, "LAMP-OAK-01": 120}
    # Together they reach the price break that neither would have reached.
    assert newer.content.total_minor == pounds(120 * 18 + 24 * 10)
    older = view(stores, "PO-1001")
    assert (older.state, older.superseded_by) == (OrderState.SUPERSEDED, ("PO-1002",))
    assert [e.kind for e in audit.events(stores, subject="PO-1001")][-1] == "order.superseded"
    assert count(stores, notices, person_id="bea", kind="superseded") == 1
    assert audit.verify(stores).verified


def test_planning_counts_only_the_order_that_lives(stores: Stores) -> None:
    draft(stores, OAK, ASH)
    draft(stores, buy("LAMP-OAK-01", 24), run=NEXT)
    counted = purchase.open_orders(stores)
    assert set(counted["po"]) == {"PO-1002"}
    assert dict(zip(counted["sku"], counted["units"], strict=True)) == {
        "LAMP-ASH-02": 24, "LAMP-OAK-01": 84,
    }  # fmt: skip


def test_drafting_either_plan_once_more_orders_nothing_again(stores: Stores) -> None:
    draft(stores, OAK, ASH)
    draft(stores, buy("LAMP-OAK-01", 24), run=NEXT)
    for run, buys in ((Run(), (OAK, ASH)), (NEXT, (buy("LAMP-OAK-01", 24),))):
        (again,) = draft(stores, *buys, run=run)
        assert (again.number, again.already_there) == ("PO-1002", True)
    assert count(stores, purchase_orders) == 2


@pytest.mark.parametrize("stays", ["postponed", "proposed"])
def test_what_somebody_put_off_or_asked_for_stays_as_it_is(stores: Stores, stays: str) -> None:
    draft(stores, OAK)
    bea = person(stores, "bea")
    if stays == "postponed":
        purchase.postpone(stores, "PO-1001", until=date(2026, 11, 9), person=bea, now=NOW)
    else:
        purchase.propose(stores, "PO-1001", person=bea, now=NOW)
    (newer,) = draft(stores, ASH, run=NEXT)
    assert (newer.replaces, units(newer)) == ((), {"LAMP-ASH-02": 24})
    assert view(stores, "PO-1001").state.value == stays
    assert set(purchase.open_orders(stores)["po"]) == {"PO-1001", "PO-1002"}


def test_another_place_supplier_or_currency_is_another_order(stores: Stores) -> None:
    draft(stores, OAK)
    for other in ({"location": "LONDON"}, {"supplier": "ELSEWHERE"}, {"currency": "EUR"}):
        (newer,) = draft(stores, buy("LAMP-ASH-02", 24, **other), run=NEXT)
        assert newer.replaces == ()
    assert view(stores, "PO-1001").state is OrderState.DRAFT


def test_whoever_wrote_the_older_order_cannot_approve_the_one_that_holds_it(
    stores: Stores,
) -> None:
    draft(stores, OAK)
    change = [ChangeUnits(line=1, units=72)]
    max_ = person(stores, "max")
    purchase.revise(stores, "PO-1001", changes=change, person=max_, now=NOW, why="more")
    card = proposed(stores, buy("LAMP-ASH-02", 12), run_id="run-2")
    assert card.number == "PO-1002"
    assert click(stores, card, "max").cause == "own_draft"
    assert click(stores, card, "mia").result == "approved"


def test_a_day_that_a_person_chose_is_kept_and_one_that_has_passed_is_not(stores: Stores) -> None:
    draft(stores, OAK, ASH)
    later = [ChangeDate(line=1, requested_on=date(2026, 12, 24))]
    purchase.revise(
        stores, "PO-1001", changes=later, person=person(stores, "bea"), now=NOW, why="Christmas"
    )
    run = Run(id="run-2", created_at=NOW + 5 * DAY, as_of=date(2026, 11, 9))
    (newer,) = draft(stores, buy("VASE-9", 12), run=run, now=NOW + 7 * DAY)
    wanted = {line.sku: line.requested_on for line in newer.content.lines}
    assert wanted == {
        "LAMP-ASH-02": date(2026, 12, 24), "LAMP-OAK-01": date(2026, 11, 23),
        "VASE-9": date(2026, 11, 23),
    }  # fmt: skip


def test_a_superseded_order_ends_there_and_says_so(stores: Stores) -> None:
    draft(stores, OAK)
    draft(stores, ASH, run=NEXT)
    bea = person(stores, "bea")
    with pytest.raises(IllegalTransition, match="'superseded' and cannot become 'proposed'"):
        purchase.propose(stores, "PO-1001", person=bea, now=NOW)
    with pytest.raises(IllegalTransition, match="'superseded'"):
        purchase.cancel(stores, "PO-1001", person=person(stores, "max"), now=NOW, reason="no")
    # What took its place may be cancelled: then nothing is left of either.
    purchase.cancel(stores, "PO-1002", person=bea, now=NOW, reason="no")
    assert purchase.open_orders(stores).empty


def test_people_make_one_order_of_several_and_open_questions_end(stores: Stores) -> None:
    cap(stores, 5000)
    first = proposed(stores, OAK)
    second = proposed(stores, buy("LAMP-OAK-01", 60), run_id="run-2")
    one = merge(stores, [second.number, first.number], person=person(stores, "bea"), now=NOW)
    assert (one.number, one.replaces) == ("PO-1003", ("PO-1001", "PO-1002"))
    assert units(one) == {"LAMP-OAK-01": 120}
    assert [approve.status(stores, card.request_id) for card in (first, second)] == ["void"] * 2
    assert click(stores, first, "max").result == "stale"
    (status,) = budget.current(stores, NOW.date())
    assert status.committed_minor == 0
    assert audit.verify(stores).verified


@pytest.mark.parametrize(
    ("numbers", "problem"),
    [
        (["PO-1001"], "at least two"),
        (["PO-1001", "1001"], "at least two"),
        (["PO-1001", "PO-1002"], "one supplier, place and currency"),
        (["PO-1001", "PO-1003"], "'approved' and cannot be 'merged'"),
    ],
)
def test_what_cannot_be_one_order_is_refused(
    stores: Stores, numbers: list[str], problem: str
) -> None:
    draft(stores, OAK, buy("CHAIR-1", 4))
    click(stores, proposed(stores, buy("VASE-9", 12, location="LONDON"), run_id="run-2"), "max")
    with pytest.raises((InvalidInput, IllegalTransition), match=problem):
        merge(stores, numbers, person=person(stores, "bea"), now=NOW)
    assert count(stores, purchase_orders, state="superseded") == 0


def test_a_link_that_somebody_puts_in_or_takes_away_is_found(stores: Stores) -> None:
    draft(stores, OAK)
    draft(stores, ASH, run=NEXT)
    with stores.database.write() as work:
        work.execute(sa.delete(po_successors))
    (found,) = audit.verify(stores).findings
    assert found.sentence == "What came in the place of PO-1001 was changed beside the audit."


def test_half_a_year_of_plans_leaves_one_live_draft(stores: Stores) -> None:
    for week in range(26):
        day = timedelta(weeks=week)
        run = Run(id=f"run-{week}", created_at=NOW + day, as_of=(NOW + day).date())
        draft(stores, buy("LAMP-ASH-02", 12), run=run, now=NOW + day + timedelta(minutes=1))
    assert count(stores, purchase_orders, state="draft") == 1
    assert list(purchase.open_orders(stores)["units"]) == [26 * 12]
