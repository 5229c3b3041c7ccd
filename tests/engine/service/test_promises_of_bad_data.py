"""Exports with mistakes in them: set aside and told, and nothing promised that is not there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.model.config import PlanConfig
from engine.promise.policy import PromisePolicy
from engine.service.backorders import queue
from engine.service.importing import import_folder
from engine.service.promising import promise_anew
from engine.store.database import Database
from support.plans import stores_for

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
FILES = {
    "sales": "date,sku,location,units\n2026-11-20,A,MAIN,2\n2026-11-22,A,MAIN,1\n",
    "stock": "date,sku,location,on_hand\n2026-11-22,A,MAIN,-4\n",
    "suppliers": "supplier,name\nACME,Acme\nGHOST,Ghost\n",
    "supplier_items": "supplier,sku\nACME,A\n",
    # Without any date but the order's; never delivered; and one whose day cannot be read.
    "purchase_orders": "po,line,supplier,sku,location,ordered_on,units\n"
    "P-1,1,ACME,A,MAIN,2026-11-16,10\nP-2,1,GHOST,A,MAIN,2024-01-02,500\n"
    "P-3,1,ACME,A,MAIN,someday,900\n",
    "receipts": "po,line,received_on,units\nP-1,1,2026-11-20,-6\nNOBODY,9,2026-11-21,70\n",
    "backorders": "order_line,sku,location,units,paid_at,contact_ref\n"
    "W1,A,MAIN,4,2026-11-20 10:00,anna\nW2,GONE,NOWHERE,2,2026-10-25 02:30,\n"
    "W3,A,MAIN,-5,2026-11-20 10:00,ben\n",
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_is_lost_and_nothing_promised_that_is_not_there(
    database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text)
    stores = stores_for(database, tmp_path)
    report = import_folder(stores, folder, now=NOW)
    policy = PromisePolicy(lead_time_promise=False)
    done = promise_anew(stores, PlanConfig(), policy, now=NOW)
    found = {line.order_line: line for line in queue(stores).lines}

    assert report.is_exact  # every row and unit of the files is accounted for
    assert report.quarantined >= 3  # a receipt below zero, a wait for less than nothing, a day
    assert done.given == 0
    assert set(found) == {"W1", "W2"}
    # What the ghost was sent years ago counts no more; P-1 does, without a date of its own.
    assert found["W1"].basis == "inbound"
    assert found["W1"].pos == ("P-1",)
    assert (found["W2"].basis, found["W2"].why) == ("none", "nothing on its way")
    assert found["W2"].contact_ref is None
