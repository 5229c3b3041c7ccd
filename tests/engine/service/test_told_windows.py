"""Windows that customers were told, as the hit rate judges them; customers who were served."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.measure import Period
from engine.measure.promise_hit_rate import promise_hit_rate
from engine.service.stores import Stores
from engine.service.told_windows import customers_served, windows_told
from engine.store.database import Database
from engine.store.tables.promises import backorder_promises, promise_runs, told_windows
from support.purchasing import NOW, purchasing_stores

TOLD = date(2026, 11, 2)
NOVEMBER = Period(start=date(2026, 11, 1), end=date(2026, 11, 30))


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


def line(name: str, ready: date | None, state: str = "served") -> dict[str, Any]:
    return {
        "order_line": name, "run_id": 1, "sku": "LAMP-OAK-01", "location": "LEEDS",
        "channel": "web", "units": 3, "held": 0, "ready": ready is not None, "ready_on": ready,
        "rank": 1, "ahead": 0, "basis": "stock", "why": "", "pos": [], "at_risk": False,
        "times_told": 0, "state": state,
    }  # fmt: skip


def told(stores: Stores, name: str, ready: date | None, outcome: str | None) -> None:
    """A window of a week from three days on; the line was all there on `ready`."""
    first = TOLD + timedelta(days=3)
    with stores.database.write() as work:
        known = work.execute(sa.select(promise_runs.c.id)).first()
        if known is None:
            work.execute(sa.insert(promise_runs).values(
                id=1, at=NOW, day=TOLD, snapshot_id="s", digest="d", cause="",
                policy={"confidence": 0.8},
            ))  # fmt: skip
        work.execute(sa.insert(backorder_promises).values(line(name, ready)))
        work.execute(sa.insert(told_windows).values(
            order_line=name, number=1, first_on=first, last_on=first + timedelta(days=6),
            told_on=TOLD, origin="engine", outcome=outcome,
        ))  # fmt: skip


def test_windows_are_settled_when_the_goods_came_or_the_window_was_over(stores: Stores) -> None:
    told(stores, "W1-1", TOLD + timedelta(days=5), "held")
    told(stores, "W2-1", TOLD + timedelta(days=2), "early")
    told(stores, "W3-1", None, "late")
    told(stores, "W4-1", TOLD + timedelta(days=40), "late")
    told(stores, "W5-1", None, None)  # still open

    found = windows_told(stores)

    assert found["outcome"].tolist() == ["kept", "early", "late", "late"]
    over = TOLD + timedelta(days=10)
    assert [day.date() for day in found["settled_on"]] == [
        TOLD + timedelta(days=5), TOLD + timedelta(days=2), over, over,
    ]  # fmt: skip
    kpi = promise_hit_rate(found, NOVEMBER)
    assert (kpi.numerator, kpi.denominator) == (1, 4)


def test_a_window_told_when_the_goods_were_there_already_promised_nothing(stores: Stores) -> None:
    told(stores, "W1-1", TOLD, "early")
    told(stores, "W2-1", TOLD - timedelta(days=2), "early")

    assert windows_told(stores).empty


def test_customers_served_are_known_by_their_order(stores: Stores) -> None:
    told(stores, "W900001-1", TOLD + timedelta(days=5), "held")

    served = customers_served(stores)

    assert served["order_id"].tolist() == ["W900001"]
    assert served["units"].tolist() == [3]
    assert served["shipped_on"].dt.date.tolist() == [TOLD + timedelta(days=5)]
