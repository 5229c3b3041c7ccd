"""The outbox: a message leaves at most once, and what nobody knows is left to a person."""

from datetime import datetime, timedelta

import pytest

from engine.errors import IllegalTransition, UnknownName
from engine.service import outbox
from engine.service.leases import Lease, Overtaken
from engine.service.outbox import Message
from engine.store.database import Database
from support.work import NOW, lead, post

LATER = NOW + timedelta(seconds=100)


@pytest.fixture
def leader(database: Database) -> Lease:
    return lead(database, seconds=3600)


def take(database: Database, leader: Lease, now: datetime = NOW) -> Message | None:
    return outbox.claim(database, lease=leader, kinds=["letter"], now=now, seconds=60)


def taken(database: Database, leader: Lease) -> Message:
    post(database, "po-7")
    message = take(database, leader)
    assert message is not None
    return message


def test_a_message_belongs_to_the_transaction_that_caused_it(
    database: Database, leader: Lease
) -> None:
    def cause_then_fail() -> None:
        with database.write() as work:
            outbox.enqueue(work, kind="letter", key="po-7", payload={}, now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        cause_then_fail()
    assert outbox.counts(database) == {}
    assert not outbox.has_due(database, leader, NOW)


def test_one_key_is_one_message_however_often_it_is_posted(
    database: Database, leader: Lease
) -> None:
    message = taken(database, leader)
    post(database, "po-7")
    with database.write() as work:
        outbox.delivered(work, message, receipt="outgoing/po-7", now=NOW)
    post(database, "po-7")
    assert outbox.counts(database) == {"delivered": 1}
    assert take(database, leader) is None


def test_a_message_that_did_not_leave_is_tried_again_later_and_later(
    database: Database, leader: Lease
) -> None:
    message = taken(database, leader)
    with database.write() as work:
        outbox.failed(work, message, error="no space left", now=NOW, failures_limit=3)
    assert take(database, leader) is None
    assert not outbox.has_due(database, leader, NOW + timedelta(seconds=4))
    assert outbox.has_due(database, leader, NOW + timedelta(seconds=5))
    assert [outbox.retry_seconds(n) for n in (1, 2, 3, 9)] == [5, 20, 80, 3600]


def test_after_the_last_attempt_it_waits_for_a_person(database: Database, leader: Lease) -> None:
    message = taken(database, leader)
    with database.write() as work:
        assert (
            outbox.failed(work, message, error="no such folder", now=NOW, failures_limit=1)
            == "dead"
        )
    (waiting,) = outbox.needs_person(database)
    assert (waiting.key, waiting.last_error) == ("po-7", "no such folder")
    assert take(database, leader, LATER) is None


def test_what_a_dead_sender_left_is_found_and_nothing_else(
    database: Database, leader: Lease
) -> None:
    message = taken(database, leader)
    with database.write() as work:
        assert outbox.abandoned(work, leader, NOW) == []
        (found,) = outbox.abandoned(work, leader, LATER)
        outbox.unconfirmed(work, found, error="the sender ended in the middle")
    assert found.key == message.key
    assert outbox.counts(database) == {"unconfirmed": 1}


def test_a_new_leader_finds_at_once_what_the_old_one_had_in_hand(database: Database) -> None:
    old = lead(database, seconds=10)
    taken(database, old)
    new = lead(database, owner="two", now=NOW + timedelta(seconds=10))
    with database.write() as work:
        assert outbox.abandoned(work, old, NOW) == []
        assert [message.key for message in outbox.abandoned(work, new, NOW)] == ["po-7"]
    assert outbox.has_due(database, new, NOW)


def test_an_unconfirmed_message_is_never_sent_again_by_itself(
    database: Database, leader: Lease
) -> None:
    message = taken(database, leader)
    with database.write() as work:
        outbox.unconfirmed(work, message, error="no answer")
    far = NOW + timedelta(days=400)
    assert not outbox.has_due(database, leader, far)
    assert take(database, leader, far) is None
    with database.write() as work:
        assert outbox.abandoned(work, leader, far) == []


def test_a_sender_that_was_overtaken_cannot_record_anything(
    database: Database, leader: Lease
) -> None:
    slept = taken(database, leader)
    with database.write() as work:
        outbox.again(work, outbox.abandoned(work, leader, LATER)[0], now=LATER)
    second = take(database, leader, LATER)
    assert second is not None
    with pytest.raises(Overtaken), database.write() as work:
        outbox.delivered(work, slept, receipt="late", now=LATER)
    with database.write() as work:
        outbox.delivered(work, second, receipt="in time", now=LATER)
        assert outbox.find(work, "po-7").receipt == "in time"


def test_a_person_may_say_that_it_arrived(database: Database, leader: Lease) -> None:
    message = taken(database, leader)
    with database.write() as work:
        outbox.unconfirmed(work, message, error="no answer")
        outbox.resolve(work, key="po-7", outcome="delivered", note="they called", now=LATER)
    assert outbox.counts(database) == {"delivered": 1}


def test_a_person_may_have_it_sent_again_and_the_old_sender_stays_overtaken(
    database: Database, leader: Lease
) -> None:
    slept = taken(database, leader)
    with database.write() as work:
        outbox.unconfirmed(work, slept, error="no answer")
        outbox.resolve(work, key="po-7", outcome="again", note="", now=LATER)
    second = take(database, leader, LATER)
    assert second is not None
    assert second.claims > slept.claims
    with pytest.raises(Overtaken), database.write() as work:
        outbox.delivered(work, slept, receipt="", now=LATER)


def test_nobody_can_judge_a_message_that_is_on_its_way(database: Database, leader: Lease) -> None:
    taken(database, leader)
    with pytest.raises(IllegalTransition), database.write() as work:
        outbox.resolve(work, key="po-7", outcome="again", note="", now=NOW)
    with pytest.raises(UnknownName), database.write() as work:
        outbox.resolve(work, key="po-8", outcome="again", note="", now=NOW)


def test_a_cancellation_stops_a_message_that_has_not_left(
    database: Database, leader: Lease
) -> None:
    post(database, "po-7")
    with database.write() as work:
        assert outbox.withdraw(work, key="po-7", reason="cancelled", now=NOW)
        assert not outbox.withdraw(work, key="po-8", reason="cancelled", now=NOW)
    assert take(database, leader) is None


def test_a_cancellation_cannot_call_back_what_is_being_sent(
    database: Database, leader: Lease
) -> None:
    taken(database, leader)
    with pytest.raises(IllegalTransition, match="sending"), database.write() as work:
        outbox.withdraw(work, key="po-7", reason="cancelled", now=NOW)


def test_a_leader_that_was_replaced_sends_nothing(database: Database) -> None:
    old = lead(database, seconds=10)
    lead(database, owner="two", now=LATER)
    post(database, "po-7")
    with pytest.raises(Overtaken):
        take(database, old, LATER)
    assert outbox.counts(database) == {"pending": 1}
