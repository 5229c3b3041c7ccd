"""The supplier's own system confirms, changes or refuses an order; told again, nothing changes."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.errors import IllegalTransition, InvalidInput, UnknownName
from engine.model.money import to_micros
from engine.purchase.revise import RemoveLine
from engine.purchase.states import OrderState
from engine.service import approve, audit, budget, conversation, purchase
from engine.service.amending import amend
from engine.service.order_answering import answer_855
from engine.service.order_confirming import accept_confirmation
from engine.service.order_troubles import order_troubles
from engine.service.order_view import OrderView
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.fulfilment import po_acknowledgements, po_confirmations
from support.purchasing import (
    NOW,
    buy,
    cap,
    click,
    count,
    person,
    pounds,
    proposed,
    purchasing_stores,
)
from support.sent import mark_sent
from support.x12 import answer

OAK = "PO1*2*60*EA*20*PE*BP*LAMP-OAK-01"


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    """PO-1001: 24 ash lamps on line 1, 60 oak lamps on line 2, wanted by 16 November; sent."""
    stores = purchasing_stores(database, tmp_path)
    cap(stores, 2000)
    click(stores, proposed(stores, buy("LAMP-ASH-02", 24), buy("LAMP-OAK-01", 60)), "max")
    mark_sent(stores, "PO-1001")
    return stores


def read(stores: Stores, *segments: str, control: int = 77) -> OrderView:
    content = answer(*segments, control=control)
    (view,) = answer_855(stores, content, person=person(stores, "bea"), now=NOW)
    return view


def told(stores: Stores) -> list[str]:
    return [each["kind"] for each in conversation.take_notices(stores, "bea", now=NOW)]


def test_an_order_accepted_whole_is_confirmed_as_ordered(stores: Stores) -> None:
    view = read(stores, "AT")
    assert (view.state, view.must_answer) == (OrderState.CONFIRMED, False)
    assert [(line.confirmed, line.expected_on) for line in view.progress] == [
        (24, date(2026, 11, 16)), (60, date(2026, 11, 16)),
    ]  # fmt: skip
    assert told(stores).count("confirmation") == 0


def test_the_same_file_read_three_times_is_one_confirmation(stores: Stores) -> None:
    for again in (False, True, True):
        view = read(stores, "AC", OAK, "ACK*IQ*48*EA*067*20261207")
        assert view.already_there is again
    assert count(stores, po_confirmations) == 1
    assert told(stores).count("confirmation") == 1
    assert audit.verify(stores).verified


def test_a_late_answer_moves_planning_at_once_and_costs_nothing_more(stores: Stores) -> None:
    # Acid test 12, its state part: a supplier that confirms late.
    before = budget.current(stores, NOW.date())
    view = read(stores, "AC", OAK, "ACK*DR*60*EA*067*20261214")
    assert (view.state, view.must_answer) == (OrderState.CONFIRMED, True)
    coming = purchase.open_orders(stores).set_index("sku")["confirmed_on"]
    assert coming["LAMP-OAK-01"].date() == date(2026, 12, 14)
    assert coming["LAMP-ASH-02"].date() == date(2026, 11, 16)
    assert budget.current(stores, NOW.date()) == before
    accepted = accept_confirmation(
        stores, "PO-1001", person=person(stores, "bea"), now=NOW, reason="in time for Christmas"
    )
    assert not accepted.must_answer
    # A day later still: asked again, once.
    later = read(stores, "AC", OAK, "ACK*DR*60*EA*067*20261215", control=78)
    assert later.must_answer
    assert told(stores).count("confirmation") == 2
    assert audit.verify(stores).verified


def test_what_is_rejected_or_left_out_of_a_rejection_does_not_come(stores: Stores) -> None:
    view = read(stores, "RD", OAK, "ACK*IA*60*EA")
    assert [line.confirmed for line in view.progress] == [0, 60]
    assert view.must_answer
    assert purchase.open_orders(stores)["units"].tolist() == [60]


def test_another_price_waits_for_a_person_and_changes_no_amount(stores: Stores) -> None:
    view = read(stores, "AC", OAK.replace("*20*", "*21.5*"), "ACK*IP*60*EA")
    assert view.must_answer
    assert view.content.base_total_minor == pounds(24 * 10 + 60 * 20)
    assert view.progress[1].confirmed_price_micros == to_micros("21.5")
    with stores.database.read() as look:
        note = look.execute(po_confirmations.select()).one().note
    assert note == "line 2: accepted at another price; line 2: price 21.5 instead of 20"


def test_another_price_is_not_accepted_but_amended_at_what_it_costs_more(stores: Stores) -> None:
    said = ("AC", OAK.replace("*20*", "*2150*").replace("*PE*", "*HP*"), "ACK*IP*60*EA")
    assert read(stores, *said).must_answer
    bea = person(stores, "bea")
    with pytest.raises(InvalidInput, match=r"price 21\.5 instead of 20.*--as-confirmed"):
        accept_confirmation(stores, "PO-1001", person=bea, now=NOW, reason="fine")

    asked = amend(stores, "PO-1001", changes=None, person=bea, now=NOW, why="copper is dearer")
    assert asked.amendment is not None
    card = approve.card(stores, asked.amendment.request_id, now=NOW)
    assert (card.changes and card.changes.money_minor) == pounds(90)
    assert (read(stores, *said).already_there, purchase.order_view(stores, "PO-1001").revision) == (
        True, 1,
    )  # fmt: skip
    assert click(stores, card, "bea").result == "refused"
    assert click(stores, card, "max").result == "approved"

    view = purchase.order_view(stores, "PO-1001")
    assert view.content.base_total_minor == pounds(24 * 10) + pounds("1290")
    assert (view.must_answer, view.progress[1].confirmed_price_micros) == (False, None)
    assert budget.current(stores, NOW.date())[0].consumed_minor == view.content.base_total_minor
    assert audit.verify(stores).verified


def test_an_answer_read_again_after_an_amendment_changes_nothing(stores: Stores) -> None:
    said = ("AC", OAK, "ACK*IQ*48*EA*067*20261207")
    read(stores, *said)
    amended = amend(
        stores, "PO-1001", changes=[RemoveLine(line=1)], person=person(stores, "bea"), now=NOW,
        why="no room for them",
    )  # fmt: skip
    assert amended.amendment is not None
    click(stores, approve.card(stores, amended.amendment.request_id, now=NOW), "max")
    mark_sent(stores, "PO-1001")
    again = read(stores, *said)
    assert (again.already_there, again.revision, count(stores, po_confirmations)) == (True, 2, 1)
    # Another answer under the number of the first is a mistake of the sender's.
    with pytest.raises(InvalidInput, match="recorded for this order with other lines"):
        read(stores, "AC", OAK, "ACK*IQ*36*EA*067*20261207")


def test_an_order_on_hold_is_told_and_stays_sent(stores: Stores) -> None:
    view = read(stores, "AH")
    assert view.state is OrderState.SENT
    assert count(stores, po_acknowledgements, verdict="with_errors") == 1
    assert "refused_document" in told(stores)


@pytest.mark.parametrize(
    ("segments", "error", "says"),
    [
        (("AC", "PO1*7*60*EA"), InvalidInput, "does not have. Its lines: 1"),
        (("AC", "PO1*1*60*EA*20*PE*BP*LAMP-OAK-01"), InvalidInput, "does not have"),
        (("AC", OAK, OAK), InvalidInput, "a line twice"),
        (("AC", OAK, "ACK*IA*60*EA*067*20200101"), InvalidInput, "before the order was sent"),
    ],
)
def test_an_answer_that_does_not_fit_the_order_changes_nothing(
    stores: Stores, segments: tuple[str, ...], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        read(stores, *segments)
    assert purchase.order_view(stores, "PO-1001").state is OrderState.SENT
    assert count(stores, po_confirmations) == 0


def test_an_order_that_left_after_the_day_it_was_wanted_for_is_accepted_late(
    database: Database, tmp_path: Path
) -> None:
    stores = purchasing_stores(database, tmp_path)
    click(stores, proposed(stores, buy("LAMP-ASH-02", 24)), "max")
    mark_sent(stores, "PO-1001", NOW + timedelta(days=30))
    view = read(stores, "AT")
    assert [line.expected_on for line in view.progress] == [date(2026, 12, 2)]
    assert view.must_answer  # 16 November was wanted


def test_an_order_that_was_cancelled_waits_for_no_answer(stores: Stores) -> None:
    assert read(stores, "AC", OAK, "ACK*IQ*48*EA*067*20261207").must_answer
    assert [each.kind for each in order_troubles(stores)] == ["not_as_ordered"]
    max_ = person(stores, "max")
    ended = purchase.cancel(
        stores, "PO-1001", person=max_, now=NOW, reason="Ms Weber agreed", supplier_agreed=True
    )
    assert (ended.must_answer, order_troubles(stores)) == (False, ())
    with pytest.raises(IllegalTransition, match="'cancelled' and cannot be 'accepted"):
        accept_confirmation(stores, "PO-1001", person=max_, now=NOW, reason="late")
    assert audit.verify(stores).verified


def test_one_bad_answer_in_a_file_does_not_lose_the_others(stores: Stores) -> None:
    first, second = answer("AT", order="PO-4711"), answer("AT")
    body = second[second.index(b"ST*") : second.index(b"GE*")]
    both = first.replace(b"GE*", body + b"GE*")
    for _ in range(2):
        with pytest.raises(InvalidInput, match=r"Recorded: PO-1001\. Not recorded: No .*PO-4711"):
            answer_855(stores, both, person=person(stores, "bea"), now=NOW)
    assert purchase.order_view(stores, "PO-1001").state is OrderState.CONFIRMED
    assert count(stores, po_confirmations) == 1


def test_an_answer_to_a_strange_order_or_one_that_was_not_sent_is_refused(stores: Stores) -> None:
    bea = person(stores, "bea")
    with pytest.raises(UnknownName, match="purchase order"):
        answer_855(stores, answer("AT", order="4711"), person=bea, now=NOW)
    proposed(stores, buy("CHAIR-1", 2), run_id="run-2")
    with pytest.raises(IllegalTransition, match="'proposed' and cannot be 'confirmed'"):
        answer_855(stores, answer("AT", order="PO-1002"), person=bea, now=NOW)
