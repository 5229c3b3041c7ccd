"""Mail over a real SMTP server that accepts, refuses, drops the line or falls silent."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from engine.connect.order_mail import Sender, order_mail, recipients
from engine.connect.smtp import MailServer, NotAccepted, Refused
from engine.errors import InvalidInput
from support.mail import Mood, free_port, mail_server
from support.order_documents import order_document

SENDER = Sender(address="orders@fern.example", name="Fern & Oak, Buying")
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def order() -> bytes:
    return order_mail(order_document(), SENDER, ("orders@nordlicht.example",), AT)


def test_an_order_arrives_whole_with_its_pdf_and_csv() -> None:
    with mail_server("kind") as (server, mailbox):
        receipt = server.hand_over(SENDER.address, ("orders@nordlicht.example",), order())
    assert receipt == "250 taken as 4711"
    (raw,) = mailbox.kept
    message = message_from_bytes(raw, policy=policy.default)
    assert message["Subject"] == "Purchase order PO-1001 from Fern & Oak Ltd"
    assert message["Message-ID"] == f"<PO-1001-r1.{'ab' * 12}@fern.example>"
    names = [part.get_filename() for part in message.iter_attachments()]  # type: ignore[union-attr]  # the default policy's class
    assert names == ["PO-1001-r1.pdf", "PO-1001-r1.csv"]
    assert mailbox.to == ["orders@nordlicht.example"]


def test_the_same_order_is_the_same_mail_byte_for_byte() -> None:
    assert order() == order()


def test_a_line_that_begins_with_a_dot_arrives_as_it_was() -> None:
    with mail_server("kind") as (server, mailbox):
        server.hand_over("a@b.example", ("c@d.example",), b"Subject: x\n\n.hidden\n..two\n")
    assert mailbox.kept[0].endswith(b"\r\n.hidden\r\n..two\r\n")


@pytest.mark.parametrize(
    ("mood", "error"),
    [("no such address", Refused), ("too big", Refused), ("come later", NotAccepted)],
)
def test_what_the_server_says_no_to_did_not_leave(mood: Mood, error: type[Exception]) -> None:
    with mail_server(mood) as (server, mailbox), pytest.raises(error) as caught:
        server.hand_over(SENDER.address, ("orders@nordlicht.example",), order())
    assert type(caught.value) is error
    assert mailbox.kept == []


def test_a_server_that_takes_the_text_and_drops_the_line_leaves_it_open() -> None:
    with mail_server("drops at the end") as (server, mailbox), pytest.raises(Exception) as caught:  # noqa: PT011  whatever it is, it is no certainty
        server.hand_over(SENDER.address, ("orders@nordlicht.example",), order())
    assert not isinstance(caught.value, NotAccepted)
    assert len(mailbox.kept) == 1


def test_a_server_that_cannot_be_reached_has_nothing() -> None:
    server = MailServer(host="127.0.0.1", port=free_port(), security="none", timeout_seconds=2)
    with pytest.raises(NotAccepted, match="cannot be reached"):
        server.hand_over(SENDER.address, ("orders@nordlicht.example",), order())


def test_a_recipient_is_an_address_and_never_a_guess() -> None:
    assert recipients("a@b.example; c@d.example") == ("a@b.example", "c@d.example")
    for wrong in ("", "nobody", "a@b", "a b@c.example", "x@y.example\nBcc: evil@z.example"):
        with pytest.raises(InvalidInput):
            recipients(wrong)


def test_a_name_cannot_add_a_header() -> None:
    buyer = order_document().buyer
    document = order_document(buyer=type(buyer)(code="", name="Fern\r\nBcc: evil@z.example"))
    message = message_from_bytes(
        order_mail(document, SENDER, ("a@b.example",), AT), policy=policy.default
    )
    assert message["Bcc"] is None
