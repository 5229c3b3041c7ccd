"""A plan counts goods between our own places once: neither lost on their way nor there twice."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.purchase.progress import MovedLine
from engine.service.decisions import decisions_in_force
from engine.service.order_receiving import receive
from engine.service.stock_transfers import Transfer, end_transfer, send_transfer
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.snapshots import load_snapshot
from support.purchasing import NOW, person
from support.waiting_shop import AS_OF, LAMP, LEEDS, bring, shop_stores

DAY = timedelta(days=1)
PLACES = [{"location": LEEDS}, {"location": "YORK"}]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    """Nine lamps at York; four of them have left for Leeds, where they come in two days."""
    stores = shop_stores(database, tmp_path, sent=True)
    counted(stores, AS_OF, 9)
    moving = Transfer(sku=LAMP, from_location="YORK", to_location=LEEDS, units=4,
                      arrives_on=AS_OF + 2 * DAY, key="T-1")  # fmt: skip
    send_transfer(stores, moving, person=person(stores, "bea"), now=NOW)
    return stores


def counted(stores: Stores, as_of: date, at_york: int) -> None:
    """Import data whose last count of York was taken the evening before `as_of`."""
    york = {"date": as_of - DAY, "sku": LAMP, "location": "YORK", "on_hand": at_york}
    bring(stores, [], as_of=as_of, locations=PLACES, stock=[york])


def moving(stores: Stores) -> list[tuple[str, str, int, date, bool]]:
    """From, to, units, day and whether York's count still holds them, as the next plan sees it."""
    snapshot = load_snapshot(stores.database, stores.blobs)
    frame = decisions_in_force(stores, snapshot, NOW).open_transfers
    columns = ["from_location", "to_location", "units", "arrives_on", "still_counted"]
    return [
        (source, target, units, day.date(), counted)
        for source, target, units, day, counted in frame[columns].itertuples(index=False)
    ]


def test_a_transfer_that_has_left_is_inbound_where_it_goes_and_off_the_count_where_it_was(
    stores: Stores,
) -> None:
    assert moving(stores) == [("YORK", LEEDS, 4, AS_OF + 2 * DAY, True)]


def test_a_later_count_of_the_source_knows_that_the_units_have_left(stores: Stores) -> None:
    counted(stores, AS_OF + 5 * DAY, 5)

    assert moving(stores) == [("YORK", LEEDS, 4, AS_OF + 2 * DAY, False)]


def test_units_that_came_since_the_data_ends_are_there_until_the_next_count(stores: Stores) -> None:
    end_transfer(stores, "T-1", person=person(stores, "bea"), now=NOW, received=True)
    assert moving(stores) == [("YORK", LEEDS, 4, AS_OF, True)]

    counted(stores, AS_OF + 5 * DAY, 5)

    assert moving(stores) == []


def test_a_transfer_that_never_comes_is_counted_nowhere(stores: Stores) -> None:
    end_transfer(stores, "T-1", person=person(stores, "bea"), now=NOW, received=False)

    assert moving(stores) == []


def test_units_put_away_of_our_own_order_are_there_before_the_next_count(stores: Stores) -> None:
    """Else they were on no list between the receipt and the import, and would be bought again."""
    before = open_units(stores)
    receive(stores, "PO-1001", lines=[MovedLine(line=1, units=25)], person=person(stores, "bea"),
            now=NOW)  # fmt: skip

    assert ("", LEEDS, 25, AS_OF, False) in moving(stores)
    assert open_units(stores) == before - 25


def open_units(stores: Stores) -> int:
    snapshot = load_snapshot(stores.database, stores.blobs)
    return int(decisions_in_force(stores, snapshot, NOW).open_orders["units"].sum())
