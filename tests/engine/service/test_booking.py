"""Orders and bills reach accounting once each, whatever is lost on the way; by one suite."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.connect.books.files import BookFiles
from engine.connect.books.port import BookDocument, BookLine, Books
from engine.connect.books.quickbooks import QuickBooks
from engine.connect.books.tokens import Tokens
from engine.connect.books.xero import Xero
from engine.connect.sources.port import SourceAway, SourceRefused
from engine.purchase.progress import MovedLine
from engine.service.booking import BOOKS, ToBooks, book_document, queue_for_books
from engine.service.delivery import Delivery, deliver_next, take_over
from engine.service.order_receiving import receive
from engine.service.stores import Stores
from engine.store.database import Database
from support.purchasing import NOW, person
from support.vendors import Vendor, vendor
from support.waiting_shop import shop_stores
from support.work import lead

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LAMPS = BookLine(
    sku="LAMP", description="Oak lamp", units=3, unit_price=Decimal("18.4999"),
    amount=Decimal("55.50"),
)  # fmt: skip
ORDER = BookDocument(
    kind="order", key="books:x:PO-7:r1:order", number="PO-7", supplier="NORDLICHT",
    supplier_name="Nordlicht GmbH", currency="EUR", issued_on=date(2026, 11, 2),
    due_on=date(2026, 11, 30), lines=(LAMPS,),
)  # fmt: skip


def bill(number: str = "PO-7-B", supplier_name: str = "Nordlicht GmbH") -> BookDocument:
    key = f"books:x:{number}:bill"
    return BookDocument(**{
        **{name: getattr(ORDER, name) for name in BookDocument.__dataclass_fields__},
        "kind": "bill", "key": key, "number": number, "supplier_name": supplier_name,
    })  # fmt: skip


@dataclass
class Ledger:
    """The books of one system, and what stands in them: document number and amount."""

    books: Books
    entries: Callable[[], list[tuple[str, str]]]
    server: Vendor | None = None


def tokens(server: Vendor, place: Path) -> Tokens:
    file = place / "refresh"
    file.write_text("refresh-0\n")
    return Tokens(
        http=server.http(), path="/token", client_id="us", client_secret="hush", file=file
    )


def _quickbooks(stack: ExitStack, place: Path) -> Ledger:
    server = stack.enter_context(vendor())
    books = QuickBooks(http=server.http(), tokens=tokens(server, place), realm="99", account="7")

    def entries() -> list[tuple[str, str]]:
        return [
            (made["DocNumber"], f"{made['Line'][0]['Amount']:.2f}") for made in server.made.values()
        ]

    return Ledger(books, entries, server)


def _xero(stack: ExitStack, place: Path) -> Ledger:
    server = stack.enter_context(vendor())
    books = Xero(http=server.http(), tokens=tokens(server, place), tenant="t-1", account="310")

    def entries() -> list[tuple[str, str]]:
        return [
            (made.get("PurchaseOrderNumber") or made["InvoiceNumber"],
             made["LineItems"][0]["LineAmount"])
            for made in server.made.values()
        ]  # fmt: skip

    return Ledger(books, entries, server)


def _files(_stack: ExitStack, place: Path) -> Ledger:
    books = BookFiles(folder=place / "books", dialect="quickbooks", account="7")

    def entries() -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for path in sorted((place / "books").glob("*.csv"), reverse=True):
            with path.open(newline="") as opened:
                rows: list[dict[str, Any]] = list(csv.DictReader(opened))
            number = rows[0].get("Purchase Order No") or rows[0]["Bill No"]
            found.append((str(number), rows[0]["Line Amount"]))
        return found

    return Ledger(books, entries)


RIGS = {"quickbooks": _quickbooks, "xero": _xero, "files": _files}


@pytest.fixture(params=sorted(RIGS))
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    with ExitStack() as stack:
        yield RIGS[request.param](stack, tmp_path)


def test_a_document_that_is_posted_again_is_the_same_document(
    ledger: Ledger, database: Database
) -> None:
    assert ledger.books.check()
    first, again = ledger.books.post(ORDER), ledger.books.post(ORDER)
    ledger.books.post(bill())

    assert first == again
    assert ledger.entries() == [("PO-7", "55.50"), ("PO-7-B", "55.50")]


def test_a_busy_or_locked_door_is_tried_again_and_leaves_one_document(
    ledger: Ledger, database: Database
) -> None:
    if ledger.server is None:
        pytest.skip("files are never busy")
    ledger.books.post(ORDER)  # has asked for its first token
    ledger.server.good = "another"  # the one in hand has run out
    ledger.server.answers = [(429, {"retry-after": "3"}, {}), (503, {}, {})]
    ledger.books.post(bill())

    assert ledger.server.waited == [3.0, 2.0]
    assert len(ledger.entries()) == 2
    ledger.server.answers = [(503, {}, {})] * 30
    with pytest.raises(SourceAway):
        ledger.books.post(bill("PO-8-B"))


def test_a_refresh_token_is_replaced_in_its_file_and_only_we_may_read_it(
    tmp_path: Path, database: Database
) -> None:
    with vendor() as server:
        kept = tokens(server, tmp_path)
        kept.access()
        kept.refused()
        assert kept.access() == "token-2"

    assert (tmp_path / "refresh").read_text() == "refresh-2"
    assert (tmp_path / "refresh").stat().st_mode & 0o077 == 0
    sent = [told["body"] for _, _, told in server.asked]
    assert "refresh-0" in sent[0]
    assert "refresh-1" in sent[1]


def test_a_supplier_that_quickbooks_does_not_know_is_named(
    tmp_path: Path, database: Database
) -> None:
    with vendor() as server:
        books = QuickBooks(
            http=server.http(), tokens=tokens(server, tmp_path), realm="99", account="7"
        )
        with pytest.raises(SourceRefused, match='no vendor "O\'Hara & Sons"'):
            books.post(bill(supplier_name="O'Hara & Sons"))
    asked = next(told["query"]["query"] for _, path, told in server.asked if "query" in path)
    assert asked.endswith("DisplayName = 'O\\'Hara & Sons'")


def test_a_number_that_xero_has_from_last_week_is_not_posted_twice(
    tmp_path: Path, database: Database
) -> None:
    with vendor() as server:
        books = Xero(http=server.http(), tokens=tokens(server, tmp_path), tenant="t", account="3")
        first = books.post(ORDER)
        server.made = {"a key that Xero has forgotten": next(iter(server.made.values()))}

        assert books.post(ORDER) == first
        assert len(server.made) == 1


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    """PO-1001, 60 lamps at 20 pounds, is with Nordlicht."""
    return shop_stores(database, tmp_path, sent=True)


def deliver(stores: Stores, books: Books, now: datetime = NOW) -> Delivery | None:
    return deliver_next(
        stores, {BOOKS: ToBooks(books=books)}, lease=lead(stores.database, now=now), now=now,
        claim_seconds=60, failures_limit=3,
    )  # fmt: skip


def test_an_order_is_queued_once_and_its_bill_when_all_has_come(
    ledger: Ledger, stores: Stores
) -> None:
    assert queue_for_books(stores, "x", NOW) == 1
    assert queue_for_books(stores, "x", NOW) == 0
    receive(stores, "PO-1001", lines=[MovedLine(line=1, units=60)], person=person(stores, "bea"),
            now=NOW)  # fmt: skip
    assert queue_for_books(stores, "x", NOW) == 1
    while (done := deliver(stores, ledger.books)) is not None:
        assert done.state == "delivered"

    assert ledger.entries() == [("PO-1001", "1200.00"), ("PO-1001-B", "1200.00")]


def test_a_bill_is_of_what_came_at_the_orders_prices(stores: Stores) -> None:
    receive(stores, "PO-1001", lines=[MovedLine(line=1, units=25)], person=person(stores, "bea"),
            now=NOW)  # fmt: skip

    found = book_document(stores, "PO-1001", 1, "bill", key="k")

    assert [(line.units, line.amount) for line in found.lines] == [(25, Decimal("500.00"))]
    assert found.due_on == found.issued_on + timedelta(days=30)
    assert found.total == Decimal("500.00")


def test_a_sender_that_died_sends_again_and_accounting_has_it_once(
    ledger: Ledger, stores: Stores
) -> None:
    queue_for_books(stores, "x", NOW)
    lost = Dying(ledger.books)
    with pytest.raises(KeyboardInterrupt):
        deliver(stores, lost)
    later = NOW + timedelta(minutes=10)
    route = {BOOKS: ToBooks(books=ledger.books)}
    (told,) = take_over(stores, route, lease=lead(stores.database, now=later), now=later)
    assert told.state == "pending"
    assert deliver(stores, ledger.books, later) is not None

    assert ledger.entries() == [("PO-1001", "1200.00")]


class Dying:
    """Books whose process ends right after they took a document."""

    def __init__(self, books: Books) -> None:
        self._books, self.name = books, books.name

    def check(self) -> str:
        return self._books.check()

    def post(self, document: BookDocument) -> str:
        self._books.post(document)
        raise KeyboardInterrupt


def test_what_accounting_refuses_waits_for_a_person(stores: Stores, tmp_path: Path) -> None:
    queue_for_books(stores, "x", NOW)
    with vendor() as server:
        books = Xero(http=server.http(), tokens=tokens(server, tmp_path), tenant="t", account="3")
        books.check()
        server.answers = [(400, {}, {"Message": json.dumps("Account code '3' is not valid")})]
        done = deliver(stores, books)

    assert done is not None
    assert done.state == "dead"
    assert "not valid" in done.note
