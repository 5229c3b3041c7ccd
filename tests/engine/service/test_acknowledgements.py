"""Acknowledgements are recorded once; a document that was refused is told to who asked for it."""

from pathlib import Path

import pytest

from engine.connect.x12_ack import read_997
from engine.errors import BadSource, IllegalTransition, UnknownName
from engine.service import audit, conversation
from engine.service.order_acknowledging import acknowledge, acknowledge_997
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.fulfilment import po_acknowledgements
from support.purchasing import NOW, buy, click, count, person, proposed, purchasing_stores
from support.sent import mark_sent


def interchange(control: int, verdict: str) -> bytes:
    """What Nordlicht's system answers to the message with this control number."""
    isa = (
        "ISA*00*          *00*          *01*NORDLICHT      *ZZ*FERNOAK        *261103*0900*U*00401"
        "*000000077*0*P*>~"
    )
    assert len(isa) == 106
    return (
        f"{isa}\nGS*FA*NORDLICHT*FERNOAK*20261103*0900*77*X*004010~\nST*997*0001~\n"
        f"AK1*PO*{control}~\nAK2*850*0001~\nAK5*{verdict}~\nAK9*{verdict}*1*1*1~\nSE*6*0001~\n"
        "GE*1*77~\nIEA*1*000000077~\n"
    ).encode()


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    stores = purchasing_stores(database, tmp_path)
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")
    return stores


def test_an_acknowledgement_is_recorded_once_however_often_it_is_read(stores: Stores) -> None:
    mark_sent(stores, "PO-1001")
    for again in (False, True, True):
        (view,) = acknowledge_997(
            stores, interchange(1, "A"), person=person(stores, "bea"), now=NOW
        )
        assert (view.number, view.already_there) == ("PO-1001", again)
    assert count(stores, po_acknowledgements, verdict="accepted") == 1
    assert audit.verify(stores).verified


def test_a_refused_document_is_told_to_who_asked(stores: Stores) -> None:
    mark_sent(stores, "PO-1001")
    acknowledge_997(stores, interchange(1, "R"), person=person(stores, "bea"), now=NOW)
    kinds = [notice["kind"] for notice in conversation.take_notices(stores, "bea", now=NOW)]
    assert "refused_document" in kinds


def test_a_person_may_say_it_and_only_of_what_has_left(stores: Stores) -> None:
    bea = person(stores, "bea")
    with pytest.raises(IllegalTransition, match="'approved' and cannot be 'acknowledged'"):
        acknowledge(stores, "1001", "accepted", note="", person=bea, now=NOW)
    mark_sent(stores, "PO-1001")
    view = acknowledge(stores, "1001", "accepted", note="Jo said so", person=bea, now=NOW)
    assert not view.already_there
    assert audit.verify(stores).verified


def test_an_answer_to_what_was_never_sent_is_refused(stores: Stores) -> None:
    with pytest.raises(UnknownName, match="sent message"):
        acknowledge_997(stores, interchange(99, "A"), person=person(stores, "bea"), now=NOW)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no X12 interchange"),
        (b"hello", "no X12 interchange"),
        (interchange(1, "A").replace(b"AK1*PO", b"AK1*IN"), "no acknowledgement"),
        (interchange(1, "?"), "says"),
    ],
)
def test_what_is_no_acknowledgement_is_said_so(content: bytes, told: str) -> None:
    with pytest.raises(BadSource, match=told):
        read_997(content)
