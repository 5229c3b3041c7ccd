"""What is sealed of an order is the same whichever way its rows are read, with few questions."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event

from engine.model.money import to_micros
from engine.purchase.progress import MovedLine
from engine.service import audit, purchase
from engine.service.order_acknowledging import acknowledge
from engine.service.order_confirming import confirm
from engine.service.order_facts import SEALED, facts_of, order_facts
from engine.service.order_receiving import receive
from engine.service.stores import Stores
from engine.store.database import Database
from support.purchasing import DAY, NOW, Run, buy, click, draft, person, proposed, purchasing_stores
from support.sent import mark_sent

MOST_QUESTIONS = 24  # to the database, of one decision: each is a round trip to PostgreSQL


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


def live(stores: Stores) -> None:
    """Orders with every kind of row that is sealed, and text that JSON must escape."""
    bea, max_ = person(stores, "bea"), person(stores, "max")
    draft(stores, buy("VASE-9", 12))
    draft(stores, buy("VASE-9", 24), run=Run(id="run-9", created_at=NOW + DAY))
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60, location="X"), run_id="run-2"), "max")
    mark_sent(stores, "PO-1003")
    odd = 'a "quote", a \\ and a line\nbreak — \N{SNOWMAN}\N{LINE SEPARATOR}'
    confirm(stores, "PO-1003", prices={1: to_micros("21")}, person=bea, now=NOW, note=odd)
    acknowledge(stores, "PO-1003", "accepted", note=odd, person=bea, now=NOW)
    came = [MovedLine(line=1, units=24, rejected_units=6, replaced=True, reason=odd)]
    receive(stores, "PO-1003", lines=came, on_day=date(2026, 11, 2), person=max_, now=NOW)


def test_one_order_is_sealed_as_all_orders_are_verified(stores: Stores) -> None:
    live(stores)
    with stores.database.read() as look:
        all_of_them = order_facts(look)
        for view in purchase.list_orders(stores):
            assert facts_of(look, view.id, has_left=True) == all_of_them[view.id]
    seen = {name for facts in all_of_them.values() for name in facts}
    assert seen == set(SEALED) - {"amendments"}


def test_a_decision_asks_the_database_few_questions(stores: Stores) -> None:
    card = proposed(stores, buy("LAMP-OAK-01", 60))
    who, asked = person(stores, "max"), 0

    def count(*_: object) -> None:
        nonlocal asked
        asked += 1

    event.listen(stores.database.engine, "before_cursor_execute", count)
    assert click(stores, card, "max", person=who).took_effect
    event.remove(stores.database.engine, "before_cursor_execute", count)
    assert 10 < asked <= MOST_QUESTIONS


def test_the_head_of_the_audit_is_asked_for_anew_in_each_unit_of_work(stores: Stores) -> None:
    draft(stores, buy("LAMP-OAK-01", 60))
    with suppress(RuntimeError), stores.database.write() as work:
        audit.take_turn(work)
        audit.append(
            work, stores.seal, at=NOW, actor="bea", source="demo", kind="k", subject="s", body={}
        )
        raise RuntimeError("this unit of work is rolled back")
    draft(stores, buy("CHAIR-1", 6))
    assert [each.seq for each in audit.events(stores)] == [1, 2, 3]
    assert audit.verify(stores).verified
