"""Life after sending: confirmations, deliveries, refusals, returns, the end; told once, sealed."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.errors import IllegalTransition, InvalidInput, NotAllowed
from engine.purchase.progress import ConfirmedLine, MovedLine
from engine.purchase.revise import ChangeDate, ChangeUnits
from engine.purchase.states import OrderState
from engine.service import approve, audit, budget, conversation, people, purchase
from engine.service.amending import amend, withdraw_amendment
from engine.service.order_closing import close
from engine.service.order_confirming import accept_confirmation, confirm
from engine.service.order_receiving import receive, send_back
from engine.service.order_view import OrderView
from engine.service.proposing import expire_due
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.fulfilment import po_receipts
from engine.store.tables.work import outbox
from support.purchasing import NOW, buy, cap, click, count, person, proposed, purchasing_stores
from support.sent import mark_sent

LATER = NOW + timedelta(days=10)


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    """PO-1001: line 1, 60 ash lamps at 10; line 2, 60 oak lamps at 20; 1,800 of a cap of 2,000."""
    stores = purchasing_stores(database, tmp_path)
    cap(stores, 2000)
    card = proposed(stores, buy("LAMP-OAK-01", 60), buy("LAMP-ASH-02", 60))
    click(stores, card, "max")
    mark_sent(stores, "PO-1001")
    return stores


def goods(line: int, units: int, **other: object) -> MovedLine:
    return MovedLine(line=line, units=units, **other)  # type: ignore[arg-type]  as the test says


def came(stores: Stores, *lines: MovedLine, who: str = "bea", **other: object) -> OrderView:
    return receive(
        stores, "PO-1001", lines=lines, person=person(stores, who), now=LATER, **other,  # type: ignore[arg-type]  as above
    )  # fmt: skip


def left(stores: Stores) -> int:
    """What is left of the week's cap, in pounds."""
    (status,) = budget.current(stores, NOW.date())
    return status.left_minor // 100


def verified(stores: Stores) -> bool:
    return audit.verify(stores).require().verified


def test_an_order_confirmed_as_ordered_asks_nothing(stores: Stores) -> None:
    view = confirm(stores, "PO-1001", person=person(stores, "bea"), now=LATER)

    assert (view.state, view.must_answer) == (OrderState.CONFIRMED, False)
    assert [line.confirmed for line in view.progress] == [60, 60]
    assert verified(stores)


def test_other_units_and_a_later_day_wait_for_an_answer_and_planning_counts_on_them(
    stores: Stores,
) -> None:
    said = [
        ConfirmedLine(line=1, units=48, expected_on=date(2026, 12, 1)),
        ConfirmedLine(line=2, units=60, expected_on=date(2026, 11, 16)),
    ]
    view = confirm(stores, "PO-1001", lines=said, person=person(stores, "bea"), now=LATER)
    again = confirm(stores, "PO-1001", lines=said, person=person(stores, "bea"), now=LATER)
    coming = purchase.open_orders(stores).set_index("line")

    assert view.must_answer
    assert again.already_there
    assert list(coming["units"]) == [48, 60]
    assert coming["confirmed_on"].dt.date.tolist() == [date(2026, 12, 1), date(2026, 11, 16)]
    (told,) = conversation.take_notices(stores, "bea", now=LATER)[-1:]
    assert told["kind"] == "confirmation"
    settled = accept_confirmation(
        stores, "PO-1001", person=person(stores, "bea"), now=LATER, reason="it will do"
    )
    assert not settled.must_answer
    assert verified(stores)


def test_more_than_was_ordered_cannot_be_accepted_without_an_amendment(stores: Stores) -> None:
    said = [ConfirmedLine(line=1, units=120, expected_on=date(2026, 11, 16))]
    confirm(stores, "PO-1001", lines=said, person=person(stores, "bea"), now=LATER)

    with pytest.raises(InvalidInput, match="confirmed 120 of LAMP-ASH-02, 60 were ordered"):
        accept_confirmation(stores, "PO-1001", person=person(stores, "bea"), now=LATER, reason="")


def test_an_order_comes_in_parts_and_a_delivery_told_twice_is_booked_once(stores: Stores) -> None:
    first = came(stores, goods(1, 48), key="DN-1")
    again = came(stores, goods(1, 48), key="DN-1")

    assert first.state == again.state == OrderState.PART_RECEIVED
    assert again.already_there
    assert count(stores, po_receipts) == 1
    assert list(purchase.open_orders(stores)["units"]) == [12, 60]
    last = came(stores, goods(1, 12), goods(2, 60), key="DN-2")
    assert last.state == OrderState.RECEIVED
    assert left(stores) == 200
    assert verified(stores)


def test_a_key_that_told_other_goods_is_refused(stores: Stores) -> None:
    came(stores, goods(1, 48), key="DN-1")
    with pytest.raises(InvalidInput, match="'DN-1' has been recorded"):
        came(stores, goods(1, 12), key="DN-1")


def test_what_was_refused_is_not_paid_and_what_is_replaced_stays_open(stores: Stores) -> None:
    view = came(stores, goods(1, 48, rejected_units=12, reason="crushed"), goods(2, 60))
    assert view.state == OrderState.RECEIVED
    assert left(stores) == 200 + 120

    back = send_back(
        stores, "PO-1001", lines=[goods(2, 10, replaced=True, reason="faulty")],
        person=person(stores, "bea"), now=LATER,
    )  # fmt: skip
    assert back.state == OrderState.PART_RECEIVED
    assert list(purchase.open_orders(stores)["units"]) == [10]
    assert left(stores) == 200 + 120
    assert verified(stores)


def test_goods_returned_for_good_are_credited_to_the_budget(stores: Stores) -> None:
    came(stores, goods(1, 60), goods(2, 60))
    send_back(
        stores, "PO-1001", lines=[goods(2, 10, reason="wrong colour")],
        person=person(stores, "bea"), now=LATER,
    )  # fmt: skip
    assert left(stores) == 200 + 200
    with pytest.raises(InvalidInput, match="50 have come and stayed"):
        send_back(
            stores, "PO-1001", lines=[goods(2, 51, reason="wrong colour")],
            person=person(stores, "bea"), now=LATER,
        )  # fmt: skip


def test_more_than_was_ordered_takes_the_right_to_approve_and_costs_more(stores: Stores) -> None:
    with pytest.raises(InvalidInput, match="60 units open; 66 came"):
        came(stores, goods(1, 66))
    with pytest.raises(NotAllowed, match="no right to approve"):
        came(stores, goods(1, 66), accept_over=True)
    view = came(stores, goods(1, 66), goods(2, 60), who="max", accept_over=True)

    assert view.progress[0].over == 6
    assert left(stores) == 200 - 60
    assert verified(stores)


def test_closing_short_needs_a_reason_and_frees_what_did_not_come(stores: Stores) -> None:
    came(stores, goods(1, 60), goods(2, 12))
    with pytest.raises(InvalidInput, match="48 units of PO-1001 have not come"):
        close(stores, "PO-1001", person=person(stores, "bea"), now=LATER)
    view = close(
        stores, "PO-1001", person=person(stores, "bea"), now=LATER, reason="out of production"
    )

    assert view.state == OrderState.CLOSED
    assert left(stores) == 200 + 48 * 20
    assert purchase.open_orders(stores).empty
    assert verified(stores)


@pytest.mark.parametrize("step", ["confirm", "receive", "return", "close", "amend"])
def test_a_step_out_of_turn_names_both_states(
    database: Database, tmp_path: Path, step: str
) -> None:
    stores = purchasing_stores(database, tmp_path)
    proposed(stores, buy("LAMP-OAK-01", 60))
    bea = person(stores, "bea")
    steps = {
        "confirm": lambda: confirm(stores, "PO-1001", person=bea, now=NOW),
        "receive": lambda: came(stores, goods(1, 1)),
        "return": lambda: send_back(
            stores, "PO-1001", lines=[goods(1, 1, reason="x")], person=bea, now=NOW
        ),
        "close": lambda: close(stores, "PO-1001", person=bea, now=NOW, reason="x"),
        "amend": lambda: amend(
            stores, "PO-1001", changes=[ChangeUnits(line=1, units=72)], person=bea, now=NOW, why="x"
        ),
    }
    wanted = {"confirm": "confirmed", "receive": "received", "return": "returned",
              "close": "closed", "amend": "amended"}[step]  # fmt: skip
    with pytest.raises(IllegalTransition, match=f"'proposed'.*'{wanted}'"):
        steps[step]()
    assert verified(stores)


def test_an_amendment_leaves_the_order_as_it_was_until_it_is_approved(stores: Stores) -> None:
    asked = amend(
        stores, "PO-1001", person=person(stores, "bea"), now=LATER, why="they had more",
        changes=[ChangeUnits(line=1, units=72),
                 ChangeDate(line=2, requested_on=date(2026, 12, 7))],
    )  # fmt: skip
    assert asked.amendment is not None
    assert (asked.revision, asked.state, asked.amendment.state) == (1, OrderState.SENT, "proposed")
    assert sorted(purchase.open_orders(stores)["units"]) == [60, 60]
    card = approve.card(stores, asked.amendment.request_id, now=LATER)
    assert card.is_amendment
    assert card.changes is not None
    assert card.changes.money_minor == 120_00
    own = click(stores, card, "bea", now=LATER)
    assert own.result == "refused"

    outcome = click(stores, card, "dana", now=LATER)
    after = purchase.order_view(stores, "PO-1001")

    assert outcome.result == "approved"
    assert (after.revision, after.state) == (2, OrderState.SENT)
    assert after.content.requested_on == date(2026, 12, 7)
    assert count(stores, outbox, key="PO-1001:r2:send", state="pending") == 1
    assert verified(stores)


def test_what_an_amendment_costs_more_is_held_at_once_and_less_is_freed_when_approved(
    stores: Stores,
) -> None:
    asked = amend(
        stores, "PO-1001", person=person(stores, "bea"), now=NOW, why="more",
        changes=[ChangeUnits(line=1, units=72)],
    )  # fmt: skip
    assert left(stores) == 200 - 120
    assert asked.amendment is not None
    card = approve.card(stores, asked.amendment.request_id, now=NOW)
    click(stores, card, "max", "reject")
    assert left(stores) == 200
    assert purchase.order_view(stores, "PO-1001").revision == 1

    less = amend(
        stores, "PO-1001", person=person(stores, "bea"), now=NOW, why="less",
        changes=[ChangeUnits(line=2, units=48)],
    )  # fmt: skip
    assert left(stores) == 200
    assert less.amendment is not None
    assert less.amendment.revision == 3
    click(stores, approve.card(stores, less.amendment.request_id, now=NOW), "max")
    assert left(stores) == 200 + 240
    assert verified(stores)


def test_an_amendment_over_the_budget_needs_a_reason_and_somebody_who_may(stores: Stores) -> None:
    cap(stores, 1850)
    changes = [ChangeUnits(line=1, units=72)]
    with pytest.raises(NotAllowed, match=r"takes GBP 120\.00 .* has GBP 50\.00 left"):
        amend(stores, "PO-1001", person=person(stores, "bea"), now=NOW, why="x", changes=changes)
    asked = amend(
        stores, "PO-1001", person=person(stores, "bea"), now=NOW, why="x", changes=changes,
        over_budget_reason="a fair",
    )  # fmt: skip
    assert asked.amendment is not None
    card = approve.card(stores, asked.amendment.request_id, now=NOW)
    assert click(stores, card, "max", reason="fine").cause == "over_budget"
    assert click(stores, card, "dana", reason="fine").result == "approved"
    assert verified(stores)


def test_one_amendment_at_a_time_and_it_can_be_withdrawn_or_run_out(stores: Stores) -> None:
    bea = person(stores, "bea")
    change = [ChangeUnits(line=1, units=72)]
    amend(stores, "PO-1001", person=bea, now=NOW, why="x", changes=change)
    with pytest.raises(IllegalTransition, match="'proposed'"):
        amend(stores, "PO-1001", person=bea, now=NOW, why="x", changes=change)
    gone = withdraw_amendment(stores, "PO-1001", person=bea, now=NOW, reason="not needed")
    assert gone.amendment is not None
    assert (gone.amendment.state, gone.state, left(stores)) == ("withdrawn", OrderState.SENT, 200)

    amend(stores, "PO-1001", person=bea, now=NOW, why="x", changes=change)
    expire_due(stores, now=NOW + timedelta(days=4))
    view = purchase.order_view(stores, "PO-1001")
    assert view.amendment is not None
    assert (view.amendment.state, view.state, left(stores)) == ("expired", OrderState.SENT, 200)
    assert verified(stores)


def test_what_has_come_cannot_be_amended_away(stores: Stores) -> None:
    came(stores, goods(1, 48))
    with pytest.raises(InvalidInput, match="48 units of line 1 have come already"):
        amend(
            stores, "PO-1001", person=person(stores, "bea"), now=LATER, why="x",
            changes=[ChangeUnits(line=1, units=36)],
        )  # fmt: skip


def test_cancelling_voids_an_amendment_that_waits(stores: Stores) -> None:
    asked = amend(
        stores, "PO-1001", person=person(stores, "bea"), now=NOW, why="x",
        changes=[ChangeUnits(line=1, units=72)],
    )  # fmt: skip
    purchase.cancel(
        stores, "PO-1001", person=person(stores, "max"), now=NOW, reason="Jo agreed",
        supplier_agreed=True,
    )  # fmt: skip
    assert asked.amendment is not None
    assert approve.status(stores, asked.amendment.request_id) == "void"
    assert left(stores) == 2000
    assert verified(stores)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "at least one line"),
        ([goods(7, 1)], "no line 7"),
        ([goods(1, 0)], "no delivery"),
        ([goods(1, -5)], "no delivery"),
        ([goods(1, 1), goods(1, 2)], "named twice"),
        ([goods(1, 0, rejected_units=3)], "say why 3 were refused"),
        ([goods(1, 10**12)], "open"),
    ],
)
def test_a_delivery_that_makes_no_sense_is_refused(
    stores: Stores, lines: list[MovedLine], told: str
) -> None:
    with pytest.raises(InvalidInput, match=told):
        came(stores, *lines)


def test_goods_are_not_booked_ahead_of_their_day(stores: Stores) -> None:
    with pytest.raises(InvalidInput, match="still to come"):
        came(stores, goods(1, 1), on_day=LATER.date() + timedelta(days=1))


def test_a_viewer_books_nothing(stores: Stores) -> None:
    stranger = people.SYSTEM
    with pytest.raises(NotAllowed):
        receive(stores, "PO-1001", lines=[goods(1, 1)], person=stranger, now=LATER)
