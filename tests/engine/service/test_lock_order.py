"""On PostgreSQL two who hold both the audit's turn and an outbox row take them in one order."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.service import audit, outbox
from engine.service.delivery import deliver_next, take_over
from engine.service.order_delivery import OrderToFolder
from engine.service.order_steps import SEND, send_key
from engine.service.outbox import Message
from engine.service.stores import Stores
from engine.store import migrate
from engine.store.database import open_database
from support.purchasing import DAY, NOW, buy, click, proposed, purchasing_stores
from support.work import lead


class Mail(OrderToFolder):
    """Hands the order over and hears no answer."""

    def hand_over(self, stores: Stores, message: Message, now: datetime) -> str:  # noqa: ARG002  as the port has it
        raise ConnectionResetError(f"{message.key} on {stores.database.dialect}")


@pytest.fixture
def stores(postgres_url: str, tmp_path: Path) -> Iterator[Stores]:
    """PO-1001 is approved and about to leave."""
    database = open_database(postgres_url)
    migrate.upgrade(database)
    stores = purchasing_stores(database, tmp_path)
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")
    yield stores
    database.close()


def send(stores: Stores) -> list[str]:
    mail = Mail(folder=Path("/nowhere"), seal=stores.seal, is_repeatable=False)
    told = deliver_next(
        stores, {SEND: mail}, lease=lead(stores.database, now=NOW), now=NOW, claim_seconds=60,
        failures_limit=3,
    )  # fmt: skip
    return [told.state] if told else []


def take(stores: Stores) -> list[str]:
    later = NOW + DAY
    mail = Mail(folder=Path("/nowhere"), seal=stores.seal, is_repeatable=False)
    lease = lead(stores.database, "two", now=later, seconds=864_000)
    return [told.state for told in take_over(stores, {SEND: mail}, lease=lease, now=later)]


def left_in_the_middle(stores: Stores) -> None:
    outbox.claim(
        stores.database, lease=lead(stores.database, now=NOW), kinds=[SEND], now=NOW, seconds=60
    )


def wait_until_blocked(stores: Stores, other: Future[list[str]]) -> None:
    """Until the other waits for a lock that we hold."""
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while not other.done():
        with stores.database.read() as look:
            if look.execute(waiting).scalar_one():
                return


@pytest.mark.parametrize("sender", [send, take])
def test_a_sender_in_doubt_and_a_person_who_decides_do_not_wait_crosswise(
    stores: Stores, sender: Callable[[Stores], list[str]]
) -> None:
    if sender is take:
        left_in_the_middle(stores)
    with ThreadPoolExecutor(max_workers=1) as pool:
        with stores.database.write() as work:
            audit.take_turn(work)  # as settle_doubt and cancel do before they look at the message
            other = pool.submit(sender, stores)
            wait_until_blocked(stores, other)
            assert outbox.find(work, send_key("PO-1001", 1)).state == "sending"
        assert other.result() == ["unconfirmed"]
    audit.verify(stores).require()
