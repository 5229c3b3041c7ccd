"""What the worker makes of each way a delivery can end."""

from pathlib import Path

import pytest

from agent.bootstrap import Company
from agent.worker.loop import Worker
from engine.service import jobs, outbox
from engine.service.delivery import NotSent, Void
from engine.store.database import Database
from support.carriers import Carrier
from support.running import HandClock, company_at
from support.work import post


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def company(database: Database, tmp_path: Path, clock: HandClock) -> Company:
    return company_at(database, tmp_path, clock)


def worker(company: Company, carrier: Carrier | None = None, owner: str = "one") -> Worker:
    carrier = carrier or Carrier(folder=company.settings.outgoing_folder)
    return Worker(company, kinds={}, routes={"letter": carrier}, owner=owner)


def test_a_message_is_delivered_once_and_its_effect_recorded_with_it(company: Company) -> None:
    database = company.stores.database
    post(database, "po-7")
    one = worker(company)
    assert one.round()
    assert one.round()
    assert [path.name for path in company.settings.outgoing_folder.iterdir()] == ["po-7"]
    assert outbox.counts(database) == {"delivered": 1}
    assert jobs.counts(database) == {"queued": 1}  # the one settlement


def test_what_certainly_did_not_leave_is_tried_again(company: Company, clock: HandClock) -> None:
    post(company.stores.database, "po-7")
    folder = company.settings.outgoing_folder
    refusing = worker(company, carrier=Carrier(folder=folder, raises=NotSent("disk full")))
    refusing.round()
    assert outbox.counts(company.stores.database) == {"pending": 1}
    refusing.leave()
    clock.advance(5)
    worker(company, owner="two").round()
    assert outbox.counts(company.stores.database) == {"delivered": 1}


def test_what_is_no_longer_wanted_never_leaves(company: Company) -> None:
    post(company.stores.database, "po-7")
    folder = company.settings.outgoing_folder
    worker(company, carrier=Carrier(folder=folder, raises=Void("cancelled"))).round()
    assert outbox.counts(company.stores.database) == {"dead": 1}
    assert not folder.exists()


def test_a_lost_answer_leaves_the_message_in_doubt_and_it_is_not_sent_again(
    company: Company, clock: HandClock
) -> None:
    post(company.stores.database, "po-7")
    carrier = Carrier(
        folder=company.settings.outgoing_folder, is_repeatable=False, raises=TimeoutError("lost")
    )
    one = worker(company, carrier=carrier)
    for _ in range(5):
        one.round()
        clock.advance(3600)
    (waiting,) = outbox.needs_person(company.stores.database)
    assert (waiting.state, waiting.claims) == ("unconfirmed", 1)
    assert waiting.last_error == "TimeoutError: lost"


def test_a_delivery_whose_record_fails_is_in_doubt_and_not_repeated(
    company: Company, clock: HandClock
) -> None:
    class Forgetful(Carrier):
        def settle(self, *_: object) -> None:
            raise RuntimeError("a bug")

    post(company.stores.database, "po-7")
    one = worker(company, carrier=Forgetful(folder=company.settings.outgoing_folder))
    for _ in range(3):
        one.round()
        clock.advance(3600)
    (waiting,) = outbox.needs_person(company.stores.database)
    assert "was handed over" in (waiting.last_error or "")
    assert waiting.claims == 1
