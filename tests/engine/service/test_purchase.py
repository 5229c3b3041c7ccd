"""Purchase orders before approval: each need is drafted once, every change is a revision."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from engine.errors import IllegalTransition, InvalidInput, NotAllowed, Stale, Tampered, UnknownName
from engine.model.decisions import OPEN_ORDERS
from engine.purchase.revise import ChangeUnits, RemoveLine
from engine.purchase.states import OrderState
from engine.service import approve, audit, purchase
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.purchasing import po_revisions, purchase_orders
from engine.store.tables.work import outbox
from support.purchasing import (
    DAY,
    NOW,
    Run,
    buy,
    click,
    count,
    draft,
    person,
    pounds,
    proposed,
    purchasing_stores,
)

OAK, ASH, CHAIR = buy("LAMP-OAK-01", 60), buy("LAMP-ASH-02", 24), buy("CHAIR-1", 4)


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


def test_a_plan_becomes_one_draft_per_supplier_numbered_without_gaps(stores: Stores) -> None:
    lamps, chairs = draft(stores, OAK, CHAIR, ASH)
    assert [(v.number, v.content.supplier, v.state) for v in (lamps, chairs)] == [
        ("PO-1001", "NORDLICHT", OrderState.DRAFT),
        ("PO-1002", "OAKHURST", OrderState.DRAFT),
    ]
    assert lamps.content.total_minor == pounds(60 * 20 + 24 * 10)
    assert (lamps.revision, lamps.changes, lamps.request_id) == (1, None, None)
    assert audit.verify(stores).verified


def test_a_draft_that_fails_uses_up_no_number(stores: Stores) -> None:
    draft(stores, CHAIR)
    with pytest.raises(InvalidInput, match="fx_rates"):
        draft(stores, buy("LAMP-OAK-01", 12, currency="NOK"), OAK)
    with pytest.raises(NotAllowed, match="no right to draft"):
        draft(stores, OAK, who="dana")
    assert [view.number for view in draft(stores, OAK)] == ["PO-1002"]


def test_drafting_the_same_run_twice_returns_the_same_drafts_and_says_so(stores: Stores) -> None:
    first = draft(stores, OAK, CHAIR)
    again = draft(stores, OAK, CHAIR, who="ben")
    assert [view.number for view in again] == [view.number for view in first]
    assert not any(view.already_there for view in first)
    assert all(view.already_there for view in again)
    assert count(stores, purchase_orders) == count(stores, po_revisions) == 2


def test_more_lines_of_the_same_run_join_the_open_draft(stores: Stores) -> None:
    (before,) = draft(stores, OAK)
    (after,) = draft(stores, OAK, ASH)
    assert (after.number, after.revision, after.already_there) == (before.number, 2, False)
    assert after.changes is not None
    assert [(c.kind, c.sku) for c in after.changes.lines] == [("added", "LAMP-ASH-02")]


def test_more_lines_after_it_was_proposed_are_an_order_of_their_own(stores: Stores) -> None:
    card = proposed(stores, OAK)
    views = draft(stores, OAK, ASH)
    assert [(v.number, v.already_there) for v in views] == [
        (card.number, True), ("PO-1002", False),
    ]  # fmt: skip
    assert [line.sku for line in views[1].content.lines] == ["LAMP-ASH-02"]


def test_a_removed_line_stays_removed_unless_it_is_named(stores: Stores) -> None:
    bea = person(stores, "bea")
    draft(stores, OAK, ASH)
    purchase.revise(
        stores, "PO-1001", changes=[RemoveLine(line=1)], person=bea, now=NOW, why="not now"
    )
    (again,) = draft(stores, OAK, ASH)
    assert again.already_there
    assert [line.sku for line in again.content.lines] == ["LAMP-OAK-01"]
    (named,) = draft(stores, ASH, named=True)
    assert [(line.line, line.sku) for line in named.content.lines] == [
        (2, "LAMP-OAK-01"), (3, "LAMP-ASH-02"),
    ]  # fmt: skip


def test_a_need_is_drafted_again_once_its_order_has_ended(stores: Stores) -> None:
    draft(stores, OAK)
    purchase.cancel(
        stores, "PO-1001", person=person(stores, "bea"), now=NOW, reason="wrong supplier"
    )
    (again,) = draft(stores, OAK)
    assert (again.number, again.already_there) == ("PO-1002", False)


def test_a_plan_that_could_not_count_a_draft_does_not_order_its_need_again(stores: Stores) -> None:
    # Two plans from before the draft: the plan of record and a what-if with another budget.
    what_if = Run(id="run-what-if", created_at=NOW - timedelta(minutes=1))
    (first,) = draft(stores, OAK, run=what_if)
    (again,) = draft(stores, OAK, run=Run())
    assert (again.number, again.already_there) == (first.number, True)
    later = Run(id="run-tomorrow", created_at=NOW + DAY)
    (more,) = draft(stores, buy("LAMP-OAK-01", 12), run=later, now=NOW + DAY)
    assert (more.number, more.already_there) == ("PO-1002", False)


def test_a_line_added_to_an_older_draft_counts_from_when_it_was_added(stores: Stores) -> None:
    draft(stores, OAK)
    between = Run(id="run-2", created_at=NOW + DAY)
    draft(stores, OAK, ASH, now=NOW + 2 * DAY)
    (again,) = draft(stores, ASH, run=between, now=NOW + 3 * DAY)
    assert (again.number, again.already_there) == ("PO-1001", True)


def test_open_orders_count_as_supply_from_draft_to_postponed(stores: Stores) -> None:
    # Acid test 11: whatever becomes of a draft, planning sees it until it ends.
    bea = person(stores, "bea")
    draft(stores, OAK, CHAIR)
    purchase.postpone(stores, "PO-1002", until=date(2026, 11, 9), person=bea, now=NOW)
    purchase.propose(stores, "PO-1001", person=bea, now=NOW)
    frame = purchase.open_orders(stores)
    assert tuple(frame.columns) == OPEN_ORDERS
    assert frame[["po", "sku", "location", "units", "state"]].to_numpy().tolist() == [
        ["PO-1001", "LAMP-OAK-01", "LEEDS", 60, "proposed"],
        ["PO-1002", "CHAIR-1", "LEEDS", 4, "postponed"],
    ]
    assert frame["ordered_on"].isna().tolist() == [True, False]
    assert frame["ordered_on"].iloc[1] == pd.Timestamp("2026-11-09")
    assert list(purchase.open_orders(stores, in_snapshot={("PO-1001", "NORDLICHT")})["po"]) == [
        "PO-1002"
    ]


def test_no_open_orders_are_an_empty_frame_of_the_same_columns(stores: Stores) -> None:
    frame = purchase.open_orders(stores)
    assert frame.empty
    assert tuple(frame.columns) == OPEN_ORDERS


def test_a_revision_keeps_who_when_and_why_and_shows_what_changed(stores: Stores) -> None:
    draft(stores, OAK, ASH)
    view = purchase.revise(
        stores,
        "po-1001",
        changes=[ChangeUnits(line=2, units=120), RemoveLine(line=1)],
        person=person(stores, "ben"),
        now=NOW,
        why="the price break pays",
    )
    assert view.revision == 2
    assert view.changes is not None
    assert view.changes.money_minor == pounds(120 * 18 - 60 * 20 - 24 * 10)
    assert purchase.difference_between(stores, "1001", 1, 2) == view.changes
    assert (
        purchase.difference_between(stores, "1001", 2, 1).money_minor == -view.changes.money_minor
    )
    with pytest.raises(UnknownName, match="1 to 2"):
        purchase.difference_between(stores, "1001", 1, 3)
    assert "the price break pays" not in audit.events(stores, subject="PO-1001")[-1].body


def test_a_change_that_changes_nothing_makes_no_revision(stores: Stores) -> None:
    draft(stores, OAK)
    view = purchase.revise(
        stores,
        "PO-1001",
        changes=[ChangeUnits(line=1, units=60)],
        person=person(stores, "bea"),
        now=NOW,
        why="no reason",
    )
    assert (view.revision, view.already_there) == (1, True)


def test_a_change_of_what_somebody_else_changed_meanwhile_shows_it(stores: Stores) -> None:
    draft(stores, OAK)
    bea, ben = person(stores, "bea"), person(stores, "ben")
    change = [ChangeUnits(line=1, units=72)]
    purchase.revise(
        stores, "PO-1001", changes=change, person=bea, now=NOW, why="more", expected_revision=1
    )
    with pytest.raises(Stale, match="revision 2, you looked at revision 1") as caught:
        purchase.revise(
            stores, "PO-1001", changes=change, person=ben, now=NOW, why="more", expected_revision=1
        )
    assert caught.value.difference.money_minor == pounds(240)
    with pytest.raises(Stale):
        purchase.propose(stores, "PO-1001", person=ben, now=NOW, expected_revision=1)


def test_revising_a_proposed_order_closes_its_question(stores: Stores) -> None:
    card = proposed(stores, OAK)
    view = purchase.revise(
        stores,
        card.number,
        changes=[ChangeUnits(line=1, units=12)],
        person=person(stores, "bea"),
        now=NOW,
        why="less",
    )
    assert view.state is OrderState.DRAFT
    assert approve.status(stores, card.request_id) == "void"


def test_what_is_decided_cannot_be_revised_or_put_off(stores: Stores) -> None:
    card = proposed(stores, OAK)
    bea = person(stores, "bea")
    with pytest.raises(IllegalTransition, match="'proposed' and cannot become 'put off'"):
        purchase.postpone(stores, card.number, until=date(2026, 12, 1), person=bea, now=NOW)
    click(stores, card, "max")
    change = [ChangeUnits(line=1, units=72)]
    with pytest.raises(IllegalTransition, match="'approved' and cannot become 'revised'"):
        purchase.revise(stores, card.number, changes=change, person=bea, now=NOW, why="more")
    with pytest.raises(IllegalTransition, match=r"'approved'.*'proposed'"):
        purchase.propose(stores, card.number, person=bea, now=NOW)


def test_a_postponed_draft_comes_back_or_is_proposed_as_it_is(stores: Stores) -> None:
    bea = person(stores, "bea")
    draft(stores, OAK)
    with pytest.raises(InvalidInput, match="not later than today"):
        purchase.postpone(stores, "PO-1001", until=NOW.date(), person=bea, now=NOW)
    put_off = purchase.postpone(stores, "PO-1001", until=date(2026, 11, 9), person=bea, now=NOW)
    assert (put_off.state, put_off.postponed_until) == (OrderState.POSTPONED, date(2026, 11, 9))
    assert draft(stores, OAK)[0].already_there
    back = purchase.resume(stores, "PO-1001", person=bea, now=NOW)
    assert (back.state, back.postponed_until) == (OrderState.DRAFT, None)
    purchase.postpone(stores, "PO-1001", until=date(2026, 11, 9), person=bea, now=NOW)
    view = purchase.propose(stores, "PO-1001", person=bea, now=NOW)
    assert (view.state, view.postponed_until) == (OrderState.PROPOSED, None)


def test_cancelling_an_approved_order_stops_what_has_not_left(stores: Stores) -> None:
    card = proposed(stores, OAK)
    click(stores, card, "max")
    with pytest.raises(NotAllowed, match="no right to approve"):
        purchase.cancel(
            stores, card.number, person=person(stores, "bea"), now=NOW, reason="too late"
        )
    view = purchase.cancel(
        stores, card.number, person=person(stores, "max"), now=NOW, reason="wrong item"
    )
    assert view.state is OrderState.CANCELLED
    assert count(stores, outbox, state="pending") == 0
    with pytest.raises(IllegalTransition, match="cancelled"):
        purchase.cancel(stores, card.number, person=person(stores, "max"), now=NOW, reason="again")


def test_cancelling_a_proposal_closes_its_question(stores: Stores) -> None:
    card = proposed(stores, OAK)
    purchase.cancel(stores, card.number, person=person(stores, "bea"), now=NOW, reason="no")
    assert approve.status(stores, card.request_id) == "void"
    assert click(stores, card, "max").result == "stale"


def test_an_order_that_does_not_exist_is_answered_with_those_that_do(stores: Stores) -> None:
    draft(stores, OAK, CHAIR)
    with pytest.raises(UnknownName, match="PO-1001"):
        purchase.order_view(stores, "PO-101")


def test_orders_are_listed_newest_first_by_state_and_supplier(stores: Stores) -> None:
    draft(stores, OAK, CHAIR)
    proposed(stores, buy("LAMP-ASH-02", 24, location="LONDON"), run_id="run-2")
    assert [v.number for v in purchase.list_orders(stores)] == ["PO-1003", "PO-1002", "PO-1001"]
    drafts = purchase.list_orders(stores, states={OrderState.DRAFT}, supplier="NORDLICHT")
    assert [view.number for view in drafts] == ["PO-1001"]


def test_a_revision_that_no_longer_has_its_digest_is_not_shown(stores: Stores) -> None:
    draft(stores, OAK)
    with stores.database.write() as work:
        work.execute(po_revisions.update().values(digest="0" * 64))
    with pytest.raises(Tampered, match="qm audit verify"):
        purchase.order_view(stores, "PO-1001")


def test_a_large_plan_becomes_its_orders_in_one_unit_of_work(
    stores: Stores,
) -> None:
    buys = [
        buy(f"SKU-{supplier}-{item}", 12, supplier=f"S{supplier:03d}")
        for supplier in range(40)
        for item in range(50)
    ]
    views = draft(stores, *buys, run=replace(Run(), created_at=NOW + DAY))
    assert len(views) == 40
    assert sum(len(view.content.lines) for view in views) == 2000
