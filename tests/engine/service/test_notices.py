"""Customers are told once, by whom the policy says; what fails is lost by nobody."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from engine.connect.order_mail import Sender
from engine.connect.webhook import Webhook
from engine.errors import IllegalTransition, NotAllowed
from engine.promise.policy import MessagePolicy, PromisePolicy
from engine.purchase.progress import ConfirmedLine
from engine.service import audit, outbox
from engine.service.backorders import queue
from engine.service.delivery import Delivery, Route, deliver_next, take_over
from engine.service.notice_delivery import NoticeByMail, NoticeToWebhook
from engine.service.notice_sending import NOTICE
from engine.service.notices import (
    Notice,
    dismiss_notice,
    notice_arrived,
    notices,
    opt_out,
    send_notice,
)
from engine.service.order_confirming import confirm
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.work import outbox as messages
from support.mail import mail_server
from support.purchasing import NOW, count, person
from support.receiver import Receiver, receiving
from support.waiting_shop import bring, promise, shop_stores, waits
from support.work import lead

SEND = PromisePolicy(messages=MessagePolicy(telling="send"))
DRAFT = PromisePolicy()
ALL = ("draft", "queued", "sent", "unconfirmed", "failed", "dismissed", "replaced", "needless",
       "no_contact", "opted_out")  # fmt: skip
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    """One customer waits for PO-1001, first confirmed for the 12th."""
    stores = shop_stores(database, tmp_path, sent=True)
    bring(stores, [waits("W1", contact_ref="anna")])
    confirmed(stores, 12)
    promise(stores)
    return stores


def confirmed(stores: Stores, day: int) -> None:
    confirm(
        stores, "PO-1001", person=person(stores, "bea"), now=NOW, key=f"day-{day}",
        lines=[ConfirmedLine(line=1, units=60, expected_on=date(2026, 11, day))],
    )  # fmt: skip


def late(stores: Stores, day: int = 27, policy: PromisePolicy = DRAFT) -> Notice:
    confirmed(stores, day)
    promise(stores, policy)
    return notices(stores, states=ALL)[-1]


def states(stores: Stores) -> list[str]:
    return [notice.state for notice in notices(stores, states=ALL)]


def hook(receiver: Receiver) -> Mapping[str, Route]:
    webhook = Webhook(url=receiver.url, secret="hush", timeout_seconds=5)
    return {NOTICE: NoticeToWebhook(locale="en_GB", webhook=webhook)}


def deliver(stores: Stores, routes: Mapping[str, Route], now: datetime = NOW) -> Delivery | None:
    return deliver_next(
        stores, routes, lease=lead(stores.database, now=now), now=now, claim_seconds=60,
        failures_limit=3,
    )  # fmt: skip


def test_a_draft_leaves_only_when_somebody_sends_it_and_then_once(stores: Stores) -> None:
    draft = late(stores)
    with receiving(200) as receiver:
        assert deliver(stores, hook(receiver)) is None
        send_notice(stores, draft.id, person=person(stores, "bea"), now=NOW)
        promise(stores, day=1)
        assert deliver(stores, hook(receiver)) is not None
        assert deliver(stores, hook(receiver)) is None

    ((headers, body),) = receiver.got
    assert headers["webhook-id"] == f"notice:{draft.id}"
    assert b'"contact_ref":"anna"' in body
    assert b"now ships by" in body
    assert states(stores) == ["sent"]
    with pytest.raises(IllegalTransition, match="'sent'"):
        send_notice(stores, draft.id, person=person(stores, "bea"), now=NOW)
    assert audit.verify(stores).verified


def test_by_policy_it_is_sent_without_a_person_and_said_once(stores: Stores) -> None:
    late(stores, policy=SEND)
    promise(stores, SEND, day=1)

    assert states(stores) == ["queued"]
    assert count(stores, messages, kind=NOTICE) == 1
    (line,) = queue(stores).lines
    assert line.told_last == line.last_on


def test_a_second_delay_replaces_what_has_not_left_and_is_apologised_for(stores: Stores) -> None:
    late(stores, 20, SEND)
    second = late(stores, 28, SEND)

    assert states(stores) == ["replaced", "queued"]
    assert second.apology == "sincere"
    assert count(stores, messages, kind=NOTICE, state="pending") == 1


def test_a_receiver_that_is_away_for_a_day_gets_it_once_it_is_back(stores: Stores) -> None:
    late(stores, policy=SEND)
    now = NOW
    with receiving(503) as receiver:
        while now < NOW + timedelta(days=1):
            deliver(stores, hook(receiver), now)
            now += timedelta(hours=1, minutes=1)
        assert states(stores) == ["queued"]
        receiver.answer = 200
        deliver(stores, hook(receiver), now)

    assert states(stores) == ["sent"]
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


def test_an_answer_that_is_lost_leaves_it_to_a_person(stores: Stores) -> None:
    notice = late(stores, policy=SEND)
    with receiving(0) as receiver:
        deliver(stores, hook(receiver))
        assert deliver(stores, hook(receiver), NOW + timedelta(days=1)) is None
    assert states(stores) == ["unconfirmed"]

    notice_arrived(stores, notice.id, person=person(stores, "bea"), now=NOW, note="she wrote")

    assert states(stores) == ["sent"]
    assert outbox.needs_person(stores.database) == []


def test_a_sender_that_died_in_the_middle_leaves_it_in_doubt(stores: Stores) -> None:
    late(stores, policy=SEND)
    lease = lead(stores.database, now=NOW)
    assert outbox.claim(stores.database, lease=lease, kinds=[NOTICE], now=NOW, seconds=1)

    with receiving(200) as receiver:
        take_over(stores, hook(receiver), lease=lease, now=NOW + timedelta(seconds=5))

    assert states(stores) == ["unconfirmed"]
    assert receiver.got == []


def test_who_wants_no_messages_gets_none_even_one_that_waits_to_leave(stores: Stores) -> None:
    late(stores, policy=SEND)
    assert opt_out(stores, "anna", person=person(stores, "bea"), now=NOW)
    assert not opt_out(stores, "anna", person=person(stores, "bea"), now=NOW)
    with receiving(200) as receiver:
        deliver(stores, hook(receiver))
    late(stores, 29, SEND)

    assert receiver.got == []
    assert states(stores)[0] == "opted_out"
    assert opt_out(stores, "anna", person=person(stores, "bea"), now=NOW, wanted=False)


def test_what_somebody_dismissed_is_not_drafted_again_for_jitter(stores: Stores) -> None:
    draft = late(stores, 26)
    bea = person(stores, "bea")
    dismiss_notice(stores, draft.id, person=bea, now=NOW, reason="called her")
    late(stores, 27)
    assert states(stores) == ["dismissed"]

    late(stores, 30)

    assert states(stores) == ["dismissed", "draft"]


def test_only_who_may_draft_or_approve_sends(stores: Stores) -> None:
    draft = late(stores)
    send_notice(stores, draft.id, person=person(stores, "dana"), now=NOW)
    from engine.model.people import Person

    stranger = Person(id="eve", name="Eve", rights=frozenset(), source="demo")
    with pytest.raises(NotAllowed, match="Eve has no right"):
        opt_out(stores, "anna", person=stranger, now=NOW)


def test_by_email_the_address_is_looked_up_when_it_leaves_and_stands_nowhere(
    stores: Stores, tmp_path: Path
) -> None:
    contacts = tmp_path / "contacts.csv"
    contacts.write_text("contact_ref,email,locale\nanna,anna@example.com,de\n")
    late(stores, policy=SEND)
    with mail_server("kind") as (server, mailbox):
        sender = Sender(address="shop@fern.example", name="Fern & Oak")
        route = NoticeByMail(locale="en_GB", server=server, sender=sender, contacts=contacts)
        deliver(stores, {NOTICE: route})

    assert mailbox.to == ["anna@example.com"]
    assert b"Versand" in mailbox.kept[0] or b"VmVyc2FuZ" in mailbox.kept[0]
    assert states(stores) == ["sent"]
    dump = "\n".join(stores.database.engine.raw_connection().driver_connection.iterdump())  # type: ignore[union-attr]  SQLite's own connection has it
    assert "anna@example.com" not in dump


@pytest.mark.parametrize(
    ("rows", "mood", "told"),
    [("ben,ben@example.com", "kind", "then: qm messages send 1"),
     ("anna,anna@example.com", "no such address", "550"), ("anna,anna", "kind", "anna")],
)  # fmt: skip
def test_an_address_that_is_missing_or_wrong_fails_by_name_of_the_reference(
    stores: Stores, tmp_path: Path, rows: str, mood: str, told: str
) -> None:
    contacts = tmp_path / "contacts.csv"
    contacts.write_text(f"contact_ref,email\n{rows}\n")
    late(stores, policy=SEND)
    with mail_server(mood) as (server, _):  # type: ignore[arg-type]  one of its moods, as a string
        sender = Sender(address="shop@fern.example", name="Fern & Oak")
        route = NoticeByMail(locale="en_GB", server=server, sender=sender, contacts=contacts)
        delivery = deliver(stores, {NOTICE: route})

    assert delivery is not None
    assert told in delivery.note
    assert "@example" not in delivery.note
    assert states(stores) == ["failed"]
