"""The inbox: every event is worked once, in the order of its conversation, also after a crash."""

from datetime import datetime, timedelta

from engine.service import inbox
from engine.service.inbox import ATTEMPTS, Incoming
from engine.store.database import Database
from support.work import NOW

LATER = NOW + timedelta(seconds=1000)


def keep(database: Database, key: str, conversation: str = "c", kind: str = "message") -> bool:
    return inbox.keep(
        database, key=key, surface="slack", kind=kind, conversation=conversation,
        payload={"text": key}, now=NOW,
    )  # fmt: skip


def claim(database: Database, now: datetime = NOW, kind: str = "message") -> Incoming | None:
    return inbox.claim(database, owner="one", surface="slack", kinds=[kind], now=now, seconds=60)


def claimed(database: Database, now: datetime = NOW) -> Incoming:
    event = claim(database, now)
    assert event is not None
    return event


def finish(database: Database, event: Incoming) -> bool:
    with database.write() as work:
        return inbox.done(work, event, NOW)


def test_what_is_delivered_three_times_is_kept_once(database: Database) -> None:
    assert [keep(database, "e1") for _ in range(3)] == [True, False, False]
    assert claimed(database).payload == {"text": "e1"}
    assert claim(database) is None


def test_a_conversation_is_worked_in_its_order_and_others_do_not_wait(database: Database) -> None:
    for key, conversation in (("e1", "a"), ("e2", "a"), ("e3", "b")):
        keep(database, key, conversation)
    first, other = claimed(database), claimed(database)
    assert (first.key, other.key) == ("e1", "e3")
    assert claim(database) is None
    finish(database, first)
    assert claimed(database).key == "e2"


def test_a_kind_is_claimed_by_those_who_work_it(database: Database) -> None:
    keep(database, "e1", kind="click")
    assert claim(database) is None
    assert claim(database, kind="click") is not None


def test_an_event_whose_process_ended_is_taken_over_with_its_turn(database: Database) -> None:
    keep(database, "e1")
    lost = claimed(database)
    inbox.began(database, lost, "thread/1")
    assert claim(database) is None
    again = claimed(database, LATER)
    assert (again.key, again.turn_id) == ("e1", "thread/1")
    assert not finish(database, lost)
    assert finish(database, again)
    assert inbox.counts(database) == {"done": 1}


def test_a_failed_event_is_tried_again_later_and_in_the_end_given_up(database: Database) -> None:
    keep(database, "e1")
    now = NOW
    for attempt in range(ATTEMPTS):
        event = claimed(database, now)
        assert event.is_last_attempt is (attempt == ATTEMPTS - 1)
        gave_up = inbox.failed(database, event, error="model down", now=now)
        assert gave_up is event.is_last_attempt
        assert claim(database, now) is None
        now += timedelta(hours=1)
    assert inbox.counts(database) == {"dead": 1}


def test_what_failed_holds_its_conversation_until_it_is_settled(database: Database) -> None:
    keep(database, "e1")
    keep(database, "e2")
    inbox.failed(database, claimed(database), error="x", now=NOW)
    assert claim(database) is None
    assert claimed(database, LATER).key == "e1"


def test_old_events_are_forgotten_and_those_at_work_are_not(database: Database) -> None:
    keep(database, "e1", "a")
    keep(database, "e2", "b")
    finish(database, claimed(database))
    with database.write() as work:
        assert inbox.forget(work, ended_before=LATER) == 1
    assert inbox.counts(database) == {"new": 1}
