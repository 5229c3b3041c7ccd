"""Orders take the assumptions of their run and count by the calendar of the company."""

from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from engine.service import purchase
from engine.service.reading import latest_run
from engine.store.database import Database
from engine.store.tables.company import companies
from engine.store.tables.purchasing import purchase_orders
from support.agent import planned_stores
from support.plans import line, plan_of, save
from support.purchasing import NOW, buy, draft, person, purchasing_stores


def test_an_order_assumes_the_lead_time_that_its_run_assumed(
    database: Database, tmp_path: Path
) -> None:
    stores = planned_stores(database, tmp_path)
    save(
        stores,
        plan_of([line(1, supplier="NEWCO")]),
        "run-2",
        snapshot_id=latest_run(stores).snapshot_id,
        inputs={"config": {"default_lead_time_days": 30.0}},
    )
    (view,) = purchase.draft_orders(stores, run_id="run-2", person=person(stores, "bea"), now=NOW)
    assert view.content.requested_on == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Pacific/Auckland", "2026-11-06"), ("Europe/London", "2026-11-05"),
     ("America/Los_Angeles", "2026-11-05")],
)  # fmt: skip
def test_an_order_counts_from_the_day_it_was_sent_at_the_company(
    database: Database, tmp_path: Path, zone: str, day: str
) -> None:
    stores = purchasing_stores(database, tmp_path)
    evening = datetime(2026, 11, 5, 20, tzinfo=UTC)
    draft(stores, buy("LAMP-OAK-01", 60), now=evening)
    with stores.database.write() as work:
        work.execute(sa.update(companies).values(time_zone=zone))
        work.execute(sa.update(purchase_orders).values(state="sent", sent_at=evening))
    (order,) = purchase.open_orders(stores).to_dict("records")
    assert order["ordered_on"] == order["drafted_on"] == pd.Timestamp(day)
