"""Approvals: once, by somebody entitled, on exactly what was shown."""

from datetime import timedelta
from pathlib import Path

import pytest

from engine.purchase.states import OrderState
from engine.service import approve, audit, people, purchase
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.tables.purchasing import approval_decisions
from engine.store.tables.work import outbox
from support.purchasing import (
    NOW,
    POLICY,
    buy,
    click,
    count,
    person,
    policy_file,
    pounds,
    proposed,
    purchasing_stores,
)


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


def test_an_order_is_approved_once_with_one_event_and_one_message(stores: Stores) -> None:
    card = proposed(stores, buy("LAMP-OAK-01", 60))
    assert card.who_may == ("max", "mia", "dana")
    outcome = click(stores, card, "max")
    assert (outcome.result, outcome.number) == ("approved", "PO-1001")
    assert purchase.order_view(stores, "PO-1001").state is OrderState.APPROVED
    assert count(stores, outbox) == 1
    kinds = [event.kind for event in audit.events(stores, subject="PO-1001")]
    assert kinds == ["order.drafted", "order.proposed", "order.approved"]
    assert audit.verify(stores).verified
