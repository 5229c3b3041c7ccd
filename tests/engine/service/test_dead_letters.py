"""A dead letter is told and shown, and sending it again by a person's word cannot double it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from pathlib import Path

import pytest

from engine.connect.order_mail import Sender
from engine.connect.smtp import MailServer
from engine.errors import IllegalTransition, NotAllowed
from engine.purchase.states import OrderState
from engine.service import audit, conversation, outbox, purchase
from engine.service.delivery import Delivery, Route, deliver_next, take_over
from engine.service.importing import import_folder
from engine.service.order_delivery import OrderByMail
from engine.service.order_doubt import settle_doubt
from engine.service.order_steps import SEND
from engine.service.order_troubles import order_troubles
from engine.service.stores import Stores
from engine.store.database import Database
from support.crowd import CROWD, Crowd, a_crowd
from support.crowd_calls import send_again
from support.mail import Mailbox, mail_server
from support.purchasing import DAY, NOW, buy, click, person, pounds, proposed, purchasing_stores
from support.work import lead

pytestmark = pytest.mark.xdist_group("crowd")
SUPPLIERS = "supplier,name,email\nNORDLICHT,Nordlicht GmbH,orders@nordlicht.example\n"


@pytest.fixture(scope="module")
def crowd() -> Iterator[Crowd]:
    with a_crowd() as crowd:
        yield crowd


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    """PO-1001 is approved, and its supplier's server has refused the address: a dead letter."""
    stores = purchasing_stores(database, tmp_path)
    source = tmp_path / "exports"
    source.mkdir()
    (source / "suppliers.csv").write_text(SUPPLIERS)
    (source / "sales.csv").write_text("date,sku,units\n2026-11-01,LAMP-OAK-01,3\n")
    (source / "mapping.yaml").write_text(
        "company: {name: Fern & Oak, base_currency: GBP, demo: true}\n"
    )
    import_folder(stores, source, now=NOW)
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")
    with mail_server("no such address") as (server, _):
        (dead,) = deliver(stores, server)
    assert dead.state == "dead"
    return stores


def routes(stores: Stores, server: MailServer) -> Mapping[str, Route]:
    sender = Sender(address="buying@fern.example", name="Fern & Oak")
    return {SEND: OrderByMail(seal=stores.seal, server=server, sender=sender)}


def deliver(stores: Stores, server: MailServer) -> list[Delivery]:
    """Everything that is due, as the worker does it."""
    told: list[Delivery] = []
    lease = lead(stores.database, now=NOW)
    while one := deliver_next(
        stores, routes(stores, server), lease=lease, now=NOW, claim_seconds=60, failures_limit=3
    ):
        told.append(one)
    return told


def again(stores: Stores, who: str = "max") -> None:
    settle_doubt(
        stores, "PO-1001", outcome="send_again", note="the address is right now",
        person=person(stores, who), now=NOW,
    )  # fmt: skip


def state(stores: Stores) -> OrderState:
    return purchase.order_view(stores, "PO-1001").state


def ids(*boxes: Mailbox) -> list[str]:
    mails = [mail for box in boxes for mail in box.kept]
    return [str(message_from_bytes(mail)["Message-ID"]) for mail in mails]


def test_a_dead_letter_is_told_to_who_asked_and_shown_with_its_reason(stores: Stores) -> None:
    told = conversation.take_notices(stores, "bea", now=NOW)
    assert [notice["kind"] for notice in told].count("undelivered") == 1
    (trouble,) = order_troubles(stores)
    assert (trouble.number, trouble.kind, trouble.worth_minor) == (
        "PO-1001", "undelivered", pounds(1200),
    )  # fmt: skip
    assert "550 no such user here" in trouble.told


def test_it_is_never_sent_again_by_itself(stores: Stores) -> None:
    with mail_server("kind") as (server, box):
        assert deliver(stores, server) == []
    assert (box.kept, state(stores)) == ([], OrderState.APPROVED)


def test_sent_again_it_leaves_once_and_the_trouble_is_over(stores: Stores) -> None:
    again(stores)
    with mail_server("kind") as (server, box):
        assert [each.state for each in deliver(stores, server)] == ["delivered"]
        with pytest.raises(IllegalTransition):
            again(stores)  # there is nothing to send again any more
        assert deliver(stores, server) == []
    assert (len(box.kept), state(stores), order_troubles(stores)) == (1, OrderState.SENT, ())
    assert audit.verify(stores).verified


def test_said_twice_before_it_leaves_it_leaves_once(stores: Stores) -> None:
    again(stores)
    with pytest.raises(IllegalTransition, match="'pending'"):
        again(stores, "dana")
    with mail_server("kind") as (server, box):
        deliver(stores, server)
    assert len(box.kept) == 1


def test_eight_processes_that_say_it_at_once_send_it_once(stores: Stores, crowd: Crowd) -> None:
    who = [person(stores, name) for name in ("max", "mia", "dana", "max") * 2]
    said = crowd.at_once(send_again, [(stores, each, NOW) for each in who])
    assert Counter(said) == {"said": 1, "refused": CROWD - 1}
    with mail_server("kind") as (server, box):
        deliver(stores, server)
    assert len(box.kept) == 1
    assert audit.verify(stores).verified


def test_a_reply_lost_on_the_second_try_is_in_doubt_and_waits_for_a_person(stores: Stores) -> None:
    again(stores)
    with mail_server("drops at the end") as (server, lost):
        assert [each.state for each in deliver(stores, server)] == ["unconfirmed"]
        assert deliver(stores, server) == []  # by itself never again
    assert (len(lost.kept), state(stores)) == (1, OrderState.SEND_UNCONFIRMED)
    (trouble,) = order_troubles(stores)
    assert trouble.kind == "in_doubt"
    settle_doubt(
        stores, "PO-1001", outcome="arrived", note="Ann has it", person=person(stores, "max"),
        now=NOW,
    )  # fmt: skip
    with mail_server("kind") as (server, box):
        assert deliver(stores, server) == []
    assert (box.kept, state(stores), order_troubles(stores)) == ([], OrderState.SENT, ())


def test_a_person_who_sends_it_although_it_may_have_arrived_sends_the_same_mail(
    stores: Stores,
) -> None:
    again(stores)
    with mail_server("drops at the end") as (server, lost):
        deliver(stores, server)
    again(stores)
    with mail_server("kind") as (server, box):
        deliver(stores, server)
    assert lost.kept == box.kept
    assert len(set(ids(lost, box))) == 1
    assert audit.verify(stores).verified


def test_a_sender_that_dies_on_the_second_try_leaves_it_in_doubt(stores: Stores) -> None:
    again(stores)
    first = lead(stores.database, now=NOW)
    taken = outbox.claim(stores.database, lease=first, kinds=[SEND], now=NOW, seconds=60)
    assert taken is not None  # and here it dies: nobody knows whether the mail had left
    later = NOW + DAY
    with mail_server("kind") as (server, box):
        lease, mail = lead(stores.database, owner="two", now=later), routes(stores, server)
        assert [t.state for t in take_over(stores, mail, lease=lease, now=later)] == ["unconfirmed"]
        idle = deliver_next(
            stores, mail, lease=lease, now=later, claim_seconds=60, failures_limit=3
        )
    assert (idle, box.kept, state(stores)) == (None, [], OrderState.SEND_UNCONFIRMED)


def test_whoever_may_not_approve_or_a_cancelled_order_sends_nothing(stores: Stores) -> None:
    with pytest.raises(NotAllowed, match="no right to approve"):
        again(stores, "bea")
    max_ = person(stores, "max")
    purchase.cancel(stores, "PO-1001", person=max_, now=NOW, reason="too late")
    assert order_troubles(stores) == ()
    with pytest.raises(IllegalTransition, match="'cancelled'"):
        again(stores)
    with mail_server("kind") as (server, box):
        deliver(stores, server)
    assert box.kept == []


def test_a_letter_that_dies_once_more_is_told_once_more(stores: Stores) -> None:
    again(stores)
    with mail_server("no such address") as (server, _):
        assert [each.state for each in deliver(stores, server)] == ["dead"]
    told = conversation.take_notices(stores, "bea", now=NOW)
    assert [notice["kind"] for notice in told].count("undelivered") == 2
    assert [trouble.kind for trouble in order_troubles(stores)] == ["undelivered"]
