"""An approved order leaves once, as it was approved, and the delivery is sealed in the audit."""

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import IllegalTransition, InvalidInput, NotAllowed
from engine.model.canonical import canonical_json
from engine.purchase.order import OrderContent, content_digest
from engine.purchase.states import OrderState
from engine.service import audit, budget, outbox, people, purchase
from engine.service.delivery import Delivery, Route, deliver_next, take_over
from engine.service.order_delivery import OrderToFolder
from engine.service.order_doubt import settle_doubt
from engine.service.order_steps import SEND
from engine.service.stores import Stores
from engine.store.content import read_content
from engine.store.database import Database
from engine.store.tables.purchasing import po_revisions
from support.purchasing import DAY, NOW, buy, cap, click, person, proposed, purchasing_stores
from support.work import lead


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "outgoing"


@pytest.fixture
def routes(stores: Stores, folder: Path) -> Mapping[str, Route]:
    return {SEND: OrderToFolder(folder=folder, seal=stores.seal)}


def approve(stores: Stores) -> None:
    """60 oak lamps at 20 pounds, approved by Max: PO-1001."""
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")


def deliver(stores: Stores, routes: Mapping[str, Route]) -> Delivery | None:
    return deliver_next(
        stores, routes, lease=lead(stores.database, now=NOW), now=NOW, claim_seconds=60,
        failures_limit=3,
    )  # fmt: skip


def test_an_approved_order_is_written_whole_and_is_then_sent(
    stores: Stores, routes: Mapping[str, Route], folder: Path
) -> None:
    approve(stores)
    delivery = deliver(stores, routes)
    assert delivery is not None
    assert (delivery.state, delivery.note) == ("delivered", f"{folder}/PO-1001-r1.json")
    order = purchase.order_view(stores, "PO-1001")
    assert (order.state, order.sent_at) == (OrderState.SENT, NOW)
    document = json.loads((folder / "PO-1001-r1.json").read_text())
    assert document["total"] == "1200.00"
    (sent,) = document["lines"]
    assert (sent["units"], sent["unit_price"]) == (60, "20.00")
    assert isinstance(sent["packs"], int)
    assert document["digest"] == order.digest
    assert document["idempotency_key"] == "PO-1001:r1:send"
    with (folder / "PO-1001-r1.csv").open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["sku"], line["units"], line["unit_price"], line["line_total"]) == (
        "LAMP-OAK-01", "60", "20.00", "1200.00",
    )  # fmt: skip


def test_the_delivery_is_sealed_in_the_audit(stores: Stores, routes: Mapping[str, Route]) -> None:
    approve(stores)
    deliver(stores, routes)
    last = audit.events(stores, subject="PO-1001")[-1]
    assert (last.kind, last.actor, last.source) == ("order.sent", "quartermaster", "system")
    assert audit.verify(stores).verified


def test_an_order_is_delivered_once(stores: Stores, routes: Mapping[str, Route]) -> None:
    approve(stores)
    assert deliver(stores, routes) is not None
    assert deliver(stores, routes) is None


def test_an_order_that_was_cancelled_before_it_left_does_not_leave(
    stores: Stores, routes: Mapping[str, Route], folder: Path
) -> None:
    approve(stores)
    purchase.cancel(stores, "PO-1001", person=person(stores, "max"), now=NOW, reason="no need")
    assert deliver(stores, routes) is None
    assert not folder.exists()
    assert outbox.counts(stores.database) == {"dead": 1}


def test_an_order_that_was_sent_is_cancelled_only_when_the_supplier_agreed(
    stores: Stores, routes: Mapping[str, Route]
) -> None:
    cap(stores, 9000)
    approve(stores)
    deliver(stores, routes)
    max_ = person(stores, "max")
    with pytest.raises(InvalidInput, match="--supplier-agreed"):
        purchase.cancel(stores, "PO-1001", person=max_, now=NOW, reason="no need")
    with pytest.raises(InvalidInput, match="Say why PO-1001 is cancelled"):
        purchase.cancel(stores, "PO-1001", person=max_, now=NOW, reason=" ", supplier_agreed=True)
    (held,) = budget.current(stores, NOW.date())
    assert held.consumed_minor == 1200_00
    assert purchase.order_view(stores, "PO-1001").state is OrderState.SENT
    view = purchase.cancel(
        stores, "PO-1001", person=max_, now=NOW, reason="Ms Weber agreed", supplier_agreed=True
    )
    assert view.state is OrderState.CANCELLED
    last = audit.events(stores, subject="PO-1001")[-1]
    assert (last.actor, json.loads(last.body)["supplier_agreed"]) == ("max", True)
    (free,) = budget.current(stores, NOW.date())
    assert free.consumed_minor == 0
    audit.verify(stores).require()


def test_an_order_cannot_be_cancelled_while_it_is_being_sent(stores: Stores) -> None:
    approve(stores)
    outbox.claim(
        stores.database, lease=lead(stores.database, now=NOW), kinds=[SEND], now=NOW, seconds=60
    )
    with pytest.raises(IllegalTransition, match="sending"):
        purchase.cancel(stores, "PO-1001", person=person(stores, "max"), now=NOW, reason="late")
    assert purchase.order_view(stores, "PO-1001").state is OrderState.APPROVED


def test_content_that_differs_from_what_was_approved_does_not_leave(
    stores: Stores, routes: Mapping[str, Route], folder: Path
) -> None:
    approve(stores)
    with stores.database.write() as work:  # somebody with the database's password
        revision = work.execute(sa.select(po_revisions)).one()
        content = read_content(OrderContent, revision.content)
        forged = replace(content, supplier="SOMEBODY-ELSE")
        work.execute(
            sa.update(po_revisions).values(
                content=canonical_json(forged), digest=content_digest(forged)
            )
        )
    delivery = deliver(stores, routes)
    assert delivery is not None
    assert delivery.state == "dead"
    assert "not the revision that was approved" in delivery.note
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_is_tried_again_and_the_order_stays_approved(
    stores: Stores, folder: Path, routes: Mapping[str, Route]
) -> None:
    approve(stores)
    folder.write_text("a file where a folder is expected")
    delivery = deliver(stores, routes)
    assert delivery is not None
    assert delivery.state == "pending"
    assert "outbox.folder" in delivery.note
    assert purchase.order_view(stores, "PO-1001").state is OrderState.APPROVED


def test_another_file_of_that_name_is_never_overwritten(
    stores: Stores, folder: Path, routes: Mapping[str, Route]
) -> None:
    approve(stores)
    folder.mkdir()
    (folder / "PO-1001-r1.csv").write_text("somebody else's")
    delivery = deliver(stores, routes)
    assert delivery is not None
    assert delivery.state == "pending"
    assert (folder / "PO-1001-r1.csv").read_text() == "somebody else's"


@pytest.fixture
def doubted(stores: Stores) -> Stores:
    """PO-1001 was handed over by mail, and the sender died before the answer came."""
    approve(stores)
    outbox.claim(
        stores.database, lease=lead(stores.database, now=NOW), kinds=[SEND], now=NOW, seconds=60
    )
    by_mail = OrderToFolder(folder=Path("/nowhere"), seal=stores.seal, is_repeatable=False)
    later = NOW + DAY
    lease = lead(stores.database, "two", now=later, seconds=864_000)
    take_over(stores, {SEND: by_mail}, lease=lease, now=later)
    return stores


def test_a_delivery_in_doubt_shows_on_the_order_until_a_person_decides(doubted: Stores) -> None:
    assert purchase.order_view(doubted, "PO-1001").state is OrderState.SEND_UNCONFIRMED
    assert audit.events(doubted, subject="PO-1001")[-1].kind == "order.send_unconfirmed"
    assert audit.verify(doubted).verified


def test_a_person_says_that_it_arrived_and_it_counts_as_sent(
    doubted: Stores, routes: Mapping[str, Route]
) -> None:
    view = settle_doubt(
        doubted, "1001", outcome="arrived", note="Ms Weber confirmed by telephone",
        person=person(doubted, "max"), now=NOW + DAY,
    )  # fmt: skip
    assert (view.state, view.sent_at) == (OrderState.SENT, NOW + DAY)
    last = audit.events(doubted, subject="PO-1001")[-1]
    assert (last.kind, last.actor) == ("order.sent_by_word", "max")
    assert "Weber" not in last.body
    assert outbox.counts(doubted.database) == {"delivered": 1}


def test_a_person_has_it_sent_again_once(
    doubted: Stores, routes: Mapping[str, Route], folder: Path
) -> None:
    again = {
        "outcome": "send_again", "note": "it never came", "person": person(doubted, "max"),
        "now": NOW + DAY,
    }  # fmt: skip
    assert settle_doubt(doubted, "1001", **again).state is OrderState.APPROVED
    with pytest.raises(IllegalTransition):  # a double click
        settle_doubt(doubted, "1001", **again)
    lease = lead(doubted.database, "two", now=NOW + DAY)
    delivery = deliver_next(
        doubted, routes, lease=lease, now=NOW + DAY, claim_seconds=60, failures_limit=3
    )
    assert delivery is not None
    assert delivery.state == "delivered"
    assert purchase.order_view(doubted, "PO-1001").state is OrderState.SENT


def test_who_may_not_approve_may_not_settle_a_doubt(doubted: Stores) -> None:
    with pytest.raises(NotAllowed):
        settle_doubt(
            doubted, "1001", outcome="arrived", note="", person=person(doubted, "bea"), now=NOW
        )


def test_a_terminal_that_may_not_decide_settles_and_cancels_nothing_approved(
    doubted: Stores,
) -> None:
    max_ = people.person_for_os_user(doubted, "mokafor")
    for outcome in ("arrived", "send_again"):
        with pytest.raises(NotAllowed, match="terminal_may_approve"):
            settle_doubt(doubted, "1001", outcome=outcome, note="", person=max_, now=NOW)
    with pytest.raises(NotAllowed, match="terminal_may_approve"):
        purchase.cancel(doubted, "1001", person=max_, now=NOW, reason="no")
    assert purchase.order_view(doubted, "1001").state is OrderState.SEND_UNCONFIRMED
    assert outbox.counts(doubted.database) == {"unconfirmed": 1}


def test_there_is_nothing_to_settle_on_an_order_that_waits(stores: Stores) -> None:
    approve(stores)
    with pytest.raises(IllegalTransition, match="pending"):
        settle_doubt(
            stores, "1001", outcome="send_again", note="", person=person(stores, "max"), now=NOW
        )
