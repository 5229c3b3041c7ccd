"""Every source, by one suite: read whole, then what is new; replays, interruptions, refusals."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from engine.connect.sources.folders import LocalFolder, SftpFolder
from engine.connect.sources.landing import Landing
from engine.connect.sources.port import Page, Source, SourceAway, SourceRefused
from engine.connect.sources.shopify import Shopify
from engine.connect.sources.warehouse import Warehouse
from engine.service.connecting import connected, forget, pull
from engine.service.importing import import_folder
from engine.service.stores import Stores
from engine.store.database import Database
from engine.store.snapshots import load_snapshot
from support.plans import stores_for
from support.sftp import sftp_folder
from support.shopify import order, product, shop
from support.vendors import Vendor, throttled, vendor

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # still the 22nd in New York
Rows = Mapping[str, str]
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@dataclass
class Rig:
    """A source and how to make news in what it reads."""

    source: Source
    news: Callable[[], None]
    rows_at_first: dict[str, int]
    rows_of_news: dict[str, int]
    refused: Source


def shopify(server: Vendor, token: str = "shpat_good") -> Shopify:  # noqa: S107  made up
    http = server.http(**{"x-shopify-access-token": token})
    return Shopify(server.url, token, lambda: NOW, http)


def _shopify_rig(stack: ExitStack, _place: Path) -> Rig:
    server = stack.enter_context(vendor())
    server.shop = shop()

    def news() -> None:
        server.shop["orders"].append(order("#1004", "C", 4, left=4, updated="2026-11-11T08:00:00Z"))
        server.shop["products"][0] = product("A", "2026-11-12T08:00:00Z", title="Oak lamp")

    return Rig(
        source=shopify(server), news=news, refused=shopify(server, "shpat_bad"),
        rows_at_first={"locations": 2, "items": 3, "stock": 3, "sales": 4, "backorders": 2,
                       "purchase_orders": 1},
        rows_of_news={"items": 1, "sales": 1, "backorders": 1},
    )  # fmt: skip


def _files(place: Path) -> Callable[[], None]:
    place.mkdir(exist_ok=True)
    (place / "receipts-1.csv").write_text(
        "PO;Line;Received On;Units\nPO-1;1;2026-11-20;40\nPO-1;1;2026-11-20;20\n"
    )
    (place / "asn_7.csv").write_text(
        "po,line,shipped_on,expected_on\nPO-2,1,2026-11-19,2026-11-29\n"
    )
    (place / "stock.csv").write_text("date,sku,location,on_hand\n2026-11-22,A,LEEDS,5\n")
    (place / "readme.txt").write_text("nothing of ours")

    def news() -> None:
        (place / "receipts-2.csv").write_text(
            "po,line,received_on,units,rejected_units\nPO-2,1,2026-11-23,7,1\n"
        )
        (place / "receipts-1-again.csv").write_bytes((place / "receipts-1.csv").read_bytes())

    return news


def _warehouse_rig(stack: ExitStack, place: Path) -> Rig:
    news = _files(place / "drop")
    return Rig(
        source=Warehouse(folder=LocalFolder(path=place / "drop")), news=news,
        refused=Warehouse(folder=LocalFolder(path=place / "elsewhere")),
        rows_at_first={"receipts": 2, "purchase_orders": 1, "stock": 1},
        rows_of_news={"receipts": 1},
    )  # fmt: skip


def _sftp_rig(stack: ExitStack, place: Path) -> Rig:
    rig = _warehouse_rig(stack, place)
    folder = stack.enter_context(sftp_folder(place / "drop"))
    rig.source = Warehouse(folder=folder)
    rig.refused = Warehouse(folder=replace(folder, password="wrong"))
    return rig


RIGS = {"shopify": _shopify_rig, "warehouse": _warehouse_rig, "sftp": _sftp_rig}


@pytest.fixture(params=sorted(RIGS))
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with ExitStack() as stack:
        yield RIGS[request.param](stack, tmp_path)


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return stores_for(database, tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "landed"


def test_everything_is_read_and_then_only_what_is_new(
    rig: Rig, stores: Stores, folder: Path
) -> None:
    first = pull(stores, rig.source, folder, now=NOW)
    again = pull(stores, rig.source, folder, now=NOW)
    rig.news()
    news = pull(stores, rig.source, folder, now=NOW)

    assert first.changed == rig.rows_at_first
    assert again.changed == {}
    assert news.changed == rig.rows_of_news
    (seen,) = connected(stores)
    assert (seen.name, seen.read_at, seen.last_error) == (rig.source.name, NOW, None)


def test_a_pull_that_breaks_off_loses_nothing_and_doubles_nothing(
    rig: Rig, stores: Stores, folder: Path, tmp_path: Path
) -> None:
    whole = tmp_path / "whole"
    pull(stores, rig.source, whole, now=NOW)
    forget(stores, rig.source.name)
    for pages in range(1, 7):
        with pytest.raises(SourceAway):
            pull(stores, Breaking(rig.source, pages), folder, now=NOW)
    pull(stores, rig.source, folder, now=NOW)

    for path in sorted(whole.glob("*.csv")):
        assert (folder / path.name).read_text() == path.read_text()


class Breaking:
    """The source, until so many pages were read."""

    def __init__(self, source: Source, pages: int) -> None:
        self._source, self._left = source, pages
        self.name, self.tables = source.name, source.tables

    def check(self) -> Any:
        return self._source.check()

    def read(self, table: str, cursor: str) -> Iterator[Page]:
        for page in self._source.read(table, cursor):
            if self._left == 0:
                raise SourceAway("the line is cut")
            self._left -= 1
            yield page
        if self._left == 0 or table == self.tables[-1]:
            raise SourceAway("the line is cut")


def test_reading_from_the_beginning_again_changes_no_row(
    rig: Rig, stores: Stores, folder: Path
) -> None:
    pull(stores, rig.source, folder, now=NOW)
    assert forget(stores, rig.source.name)
    assert not forget(stores, rig.source.name)

    # A warehouse's receipts are known by file and row, so this holds for them, too.
    assert pull(stores, rig.source, folder, now=NOW).changed == {}


def test_a_source_that_refuses_us_is_recorded_with_what_to_do(
    rig: Rig, stores: Stores, folder: Path
) -> None:
    with pytest.raises(SourceRefused):
        pull(stores, rig.refused, folder, now=NOW)

    (seen,) = connected(stores)
    assert seen.last_error
    assert seen.read_at is None


def test_a_shop_is_imported_with_its_days_stock_and_those_who_wait(
    stores: Stores, folder: Path
) -> None:
    with vendor() as server:
        server.shop = shop()
        pull(stores, shopify(server), folder, now=NOW)
    report = import_folder(stores, folder, now=NOW)
    snapshot = load_snapshot(stores.database, stores.blobs)

    assert report.quarantined == 0
    assert (snapshot.company.name, snapshot.company.time_zone) == ("Lantern", "America/New_York")
    sales = snapshot["sales"]
    assert {str(day.date()) for day in sales[sales["kind"] == "sale"]["date"]} == {"2026-11-09"}
    assert sorted(sales["units"]) == [-1, 1, 2, 3]
    waiting = snapshot["backorders"].set_index("order_line")
    assert list(waiting.index) == ["#1002/91002", "#1003/91003"]
    assert waiting.loc["#1002/91002", "contact_ref"] == "shopify-4711"
    assert str(waiting.loc["#1002/91002", "paid_at"]) == "2026-11-10 02:31:00"
    stock = snapshot["stock"].set_index("sku")
    assert (stock.loc["A", "on_hand"], stock.loc["A", "reserved"]) == (5, 1)
    assert str(stock.loc["A", "date"].date()) == "2026-11-22"
    assert list(snapshot["purchase_orders"]["po"]) == ["PO-1"]


def test_an_order_that_ships_or_is_cancelled_waits_no_more(stores: Stores, folder: Path) -> None:
    with vendor() as server:
        server.shop = shop()
        pull(stores, shopify(server), folder, now=NOW)
        at = "2026-11-13T00:00:00Z"
        server.shop["orders"][1] = order("#1002", "B", 3, left=0, updated=at)
        server.shop["orders"][2] = order("#1003", "A", 1, left=1, updated=at, cancelledAt=at)
        pull(stores, shopify(server), folder, now=NOW)

    assert (folder / "backorders.csv").read_text().count("#") == 0
    sales = (folder / "sales.csv").read_text()
    assert sales.count("#1003") == 2  # the cancellation in place of the sale, and the refund
    assert "cancellation" in sales


def test_a_full_bucket_and_a_busy_server_are_waited_for_as_long_as_they_ask(
    stores: Stores, folder: Path
) -> None:
    with vendor() as server:
        server.shop = shop()
        server.answers = [throttled(), (429, {"retry-after": "7"}, {}), (503, {}, {})]
        pull(stores, shopify(server), folder, now=NOW)
        assert server.waited == [3.0, 7.0, 2.0]  # 150 points at 50 a second; as told; doubling

        server.answers = [throttled()] * 20
        with pytest.raises(SourceAway, match="patience"):
            pull(stores, shopify(server), folder, now=NOW)


def test_a_server_that_is_not_who_it_was_is_refused(tmp_path: Path, database: Database) -> None:
    _files(tmp_path / "drop")
    with sftp_folder(tmp_path / "drop") as folder:
        other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
        with pytest.raises(SourceRefused, match="Check the warehouse settings"):
            replace(folder, host_key=other).files()
    gone = SftpFolder(host="127.0.0.1", port=1, user="x", host_key=other, timeout_seconds=2)
    with pytest.raises(SourceAway, match="cannot be reached"):
        gone.files()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [("receipts.csv", "po,line\nPO-1,1\n", "lacks the column 'received_on'"),
     ("asn-1.csv", "", "lacks the column 'po'")],
)  # fmt: skip
def test_a_file_without_its_columns_is_refused_by_name(
    tmp_path: Path, database: Database, name: str, text: str, told: str
) -> None:
    (tmp_path / name).write_text(text)
    warehouse = Warehouse(folder=LocalFolder(path=tmp_path))

    with pytest.raises(SourceRefused, match=told):
        [page for table in warehouse.tables for page in warehouse.read(table, "")]


def test_a_notice_before_its_order_adds_to_it_once_both_are_there(
    tmp_path: Path, database: Database
) -> None:
    landing = Landing(folder=tmp_path)
    key = ("PO-2", "1")
    landing.land(Page(table="purchase_orders", updates={key: {"shipped_on": "2026-11-19"}}))
    landing.land(Page(table="purchase_orders", updates={key: {"po": "PO-2", "line": "1"}}))
    landing.flush()

    assert (tmp_path / "purchase_orders.csv").read_text() == (
        "po,line,shipped_on\nPO-2,1,2026-11-19\n"
    )
