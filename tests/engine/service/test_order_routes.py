"""An approved order leaves by mail or webhook at most once, and what is in doubt is shown."""

from collections.abc import Mapping
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from engine.connect.order_mail import Sender
from engine.connect.smtp import MailServer
from engine.purchase.states import OrderState
from engine.service import audit, outbox, purchase
from engine.service.delivery import Delivery, Route, deliver_next
from engine.service.importing import import_folder
from engine.service.order_delivery import OrderByMail, OrderToFolder
from engine.service.order_doubt import settle_doubt
from engine.service.order_paper import Letterhead
from engine.service.order_steps import SEND
from engine.service.stores import Stores
from engine.store.database import Database
from support.mail import mail_server
from support.purchasing import NOW, buy, click, person, proposed, purchasing_stores
from support.work import lead

SUPPLIERS = """supplier,name,email,address,country
NORDLICHT,Nordlicht Leuchten GmbH,orders@nordlicht.example,Hauptstr. 5|Berlin,DE
"""
COMPANY = "company: {name: Fern & Oak, base_currency: GBP, demo: true}\n"
SALES = "date,sku,units\n2026-11-01,LAMP-OAK-01,3\n"


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    """PO-1001 is approved, and the data know where its supplier lives."""
    stores = purchasing_stores(database, tmp_path)
    source = tmp_path / "exports"
    source.mkdir()
    (source / "suppliers.csv").write_text(SUPPLIERS)
    (source / "sales.csv").write_text(SALES)
    (source / "mapping.yaml").write_text(COMPANY)
    import_folder(stores, source, now=NOW)
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")
    return stores


def by_mail(stores: Stores, server: MailServer) -> Mapping[str, Route]:
    route = OrderByMail(
        seal=stores.seal, server=server, letterhead=Letterhead(address=("1 Mill Lane",)),
        sender=Sender(address="buying@fern.example", name="Fern & Oak"),
    )  # fmt: skip
    return {SEND: route}


def deliver(stores: Stores, routes: Mapping[str, Route]) -> Delivery | None:
    return deliver_next(
        stores, routes, lease=lead(stores.database, now=NOW), now=NOW, claim_seconds=60,
        failures_limit=3,
    )  # fmt: skip


def state_of(stores: Stores) -> OrderState:
    return purchase.order_view(stores, "PO-1001").state


def test_an_order_by_mail_goes_to_the_suppliers_address_and_is_then_sent(stores: Stores) -> None:
    with mail_server("kind") as (server, mailbox):
        delivery = deliver(stores, by_mail(stores, server))
    assert delivery is not None
    assert (delivery.state, delivery.note) == ("delivered", "250 taken as 4711")
    assert mailbox.to == ["orders@nordlicht.example"]
    assert state_of(stores) is OrderState.SENT
    assert audit.verify(stores).verified


def test_a_mail_whose_answer_is_lost_is_in_doubt_and_never_sent_again_by_itself(
    stores: Stores,
) -> None:
    with mail_server("drops at the end") as (server, mailbox):
        routes = by_mail(stores, server)
        delivery = deliver(stores, routes)
        assert delivery is not None
        assert delivery.state == "unconfirmed"
        assert deliver(stores, routes) is None
    assert len(mailbox.kept) == 1
    assert state_of(stores) is OrderState.SEND_UNCONFIRMED


def test_a_person_who_sends_it_again_sends_a_mail_that_is_recognised_as_the_same(
    stores: Stores,
) -> None:
    with mail_server("drops at the end") as (server, first):
        deliver(stores, by_mail(stores, server))
    settle_doubt(
        stores, "1001", outcome="send_again", note="Ann says it never came",
        person=person(stores, "max"), now=NOW,
    )  # fmt: skip
    with mail_server("kind") as (server, second):
        deliver(stores, by_mail(stores, server))
    assert first.kept == second.kept
    assert state_of(stores) is OrderState.SENT


def test_a_mail_refused_for_now_is_tried_again_and_for_good_waits_for_a_person(
    stores: Stores,
) -> None:
    with mail_server("come later") as (server, _):
        delivery = deliver(stores, by_mail(stores, server))
    assert delivery is not None
    assert delivery.state == "pending"
    with stores.database.write() as work:
        assert outbox.find(work, "PO-1001:r1:send").failures == 1


def test_a_wrong_address_waits_for_a_person_at_once_and_the_order_stays_approved(
    stores: Stores,
) -> None:
    with mail_server("no such address") as (server, _):
        delivery = deliver(stores, by_mail(stores, server))
    assert delivery is not None
    assert delivery.state == "dead"
    assert "550 no such user here" in delivery.note
    assert state_of(stores) is OrderState.APPROVED
    (waiting,) = outbox.needs_person(stores.database)
    assert waiting.key == "PO-1001:r1:send"


def test_a_supplier_without_an_address_is_told_with_the_way_out(
    database: Database, tmp_path: Path
) -> None:
    stores = purchasing_stores(database, tmp_path)
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")
    with mail_server("kind") as (server, mailbox):
        delivery = deliver(stores, by_mail(stores, server))
    assert delivery is not None
    assert delivery.state == "dead"
    assert "Add one to the column email of the suppliers" in delivery.note
    assert mailbox.kept == []


def test_the_mail_names_the_people_and_places_of_the_data(stores: Stores) -> None:
    with mail_server("kind") as (server, mailbox):
        deliver(stores, by_mail(stores, server))
    message = message_from_bytes(mailbox.kept[0], policy=policy.default)
    body = message.get_body()
    assert body is not None
    assert "Dear Nordlicht Leuchten GmbH" in body.get_content()


def test_an_x12_order_without_addresses_waits_for_a_person_and_says_what_it_lacks(
    stores: Stores, tmp_path: Path
) -> None:
    route = OrderToFolder(seal=stores.seal, folder=tmp_path / "out", formats=("x12", "json"))
    delivery = deliver(stores, {SEND: route})
    assert delivery is not None
    assert delivery.state == "dead"
    assert "set edi.sender" in delivery.note
