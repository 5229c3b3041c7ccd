"""Receivers of the feed get every change, in order, signed, however long they were away."""

import base64
import hmac
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import InvalidInput, NotAllowed, UnknownName
from engine.service import feed_hooks
from engine.service.feed_hooks import deliver_feed, subscribe, subscriptions, unsubscribe
from engine.service.promise_feed import KEPT, forget_changes
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.storefront import promise_changes
from support.purchasing import NOW, person
from support.receiver import Receiver, receiving
from support.waiting_shop import bring, promise, shop_stores

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    stores = shop_stores(database, tmp_path)
    bring(stores, [], on_hand=1)
    promise(stores)
    return stores


def changed(stores: Stores, count: int) -> None:
    row = {"at": NOW, "run_id": 1, "sku": "A", "location": "B", "body": {"before": None}}
    with stores.database.write() as work:
        work.execute(sa.insert(promise_changes), [row] * count)


def told(receiver: Receiver) -> list[int]:
    return [change["seq"] for _, body in receiver.got for change in json.loads(body)["changes"]]


def add(stores: Stores, receiver: Receiver) -> tuple[int, str]:
    return subscribe(stores, receiver.url, person=person(stores, "ada"), now=NOW)


def test_a_receiver_is_told_what_changes_from_then_on_signed(stores: Stores) -> None:
    with receiving(200) as receiver:
        _, secret = add(stores, receiver)
        changed(stores, 2)
        assert deliver_feed(stores, lambda: NOW) == 1
        assert deliver_feed(stores, lambda: NOW) == 0

    assert told(receiver) == [2, 3]  # the first was before
    ((headers, body),) = receiver.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    # As Standard Webhooks has it: what follows whsec_ is the key, in base64.
    secret_key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    proof = base64.b64encode(hmac.new(secret_key, signed, "sha256").digest()).decode()
    assert headers["webhook-signature"] == f"v1,{proof}"


def test_a_receiver_that_is_away_for_days_gets_all_of_it_in_order(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_hooks, "PAGE", 2)
    now = NOW
    with receiving(503) as receiver:
        add(stores, receiver)
        for _ in range(30):
            changed(stores, 1)
            deliver_feed(stores, lambda at=now: at)
            now += timedelta(hours=2)
        receiver.got.clear()
        receiver.answer = 200
        assert deliver_feed(stores, lambda: now) == 15

    assert told(receiver) == list(range(2, 32))
    assert subscriptions(stores)[0].behind == 0


def test_a_lost_answer_is_told_again_under_the_same_key(stores: Stores) -> None:
    with receiving(0) as receiver:
        add(stores, receiver)
        changed(stores, 1)
        assert deliver_feed(stores, lambda: NOW) == 0
        receiver.answer = 200
        assert deliver_feed(stores, lambda: NOW + timedelta(minutes=1)) == 1

    first, second = (headers["webhook-id"] for headers, _ in receiver.got)
    assert first == second
    assert told(receiver) == [2, 2]


def test_one_that_fails_waits_and_holds_up_nobody_else(stores: Stores) -> None:
    with receiving(500) as broken, receiving(200) as good:
        add(stores, broken)
        add(stores, good)
        changed(stores, 1)
        deliver_feed(stores, lambda: NOW)
        deliver_feed(stores, lambda: NOW)  # not yet its turn again

    assert len(broken.got) == 1
    assert told(good) == [2]
    failing = subscriptions(stores)[0]
    assert (failing.behind, failing.failures) == (1, 1)
    assert "500" in str(failing.last_error)


def test_what_somebody_has_not_got_is_not_forgotten(stores: Stores) -> None:
    with receiving(503) as receiver:
        number, _ = add(stores, receiver)
    changed(stores, 4)
    late: datetime = NOW + KEPT + timedelta(days=1)
    with stores.database.write() as work:
        assert forget_changes(work, late) == 1  # the one before it subscribed
    unsubscribe(stores, number, person=person(stores, "ada"), now=NOW)
    with stores.database.write() as work:
        assert forget_changes(work, late) == 3  # the newest stays
    with pytest.raises(UnknownName):
        unsubscribe(stores, number, person=person(stores, "ada"), now=NOW)


@pytest.mark.parametrize("url", ["http://shop.example/x", "ftp://shop.example", "shop", "https://"])
def test_changes_are_posted_over_https_only(stores: Stores, url: str) -> None:
    with pytest.raises(InvalidInput):
        subscribe(stores, url, person=person(stores, "ada"), now=NOW)
    with pytest.raises(NotAllowed):
        subscribe(stores, "https://shop.example", person=person(stores, "bea"), now=NOW)
