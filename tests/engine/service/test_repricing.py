"""Prices and rates that change between the card and the click void the question."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from engine.purchase.states import OrderState
from engine.purchase.terms import Terms
from engine.service import audit, conversation, purchase
from engine.service.repricing import reprice_orders
from engine.service.stores import Stores
from engine.store.database import Database
from support.purchasing import (
    NOW,
    TERMS,
    buy,
    cap,
    click,
    draft,
    offer,
    proposed,
    purchasing_stores,
)
from support.sent import mark_sent


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return purchasing_stores(database, tmp_path)


def reprice(stores: Stores, terms: Terms) -> int:
    """How many orders got a new revision."""
    with stores.database.write() as work:
        found = reprice_orders(work, stores.seal, terms, snapshot_id="s-2", now=NOW)
    return sum(finding.rows for finding in found)


def dearer() -> Terms:
    offers = {**TERMS.offers, ("NORDLICHT", "LAMP-OAK-01"): offer((0, "22"), (120, "18"))}
    return replace(TERMS, offers=offers)


def test_a_price_that_rose_between_card_and_click_makes_the_card_stale(stores: Stores) -> None:
    cap(stores, 2000)
    card = proposed(stores, buy("LAMP-OAK-01", 60))
    assert reprice(stores, dearer()) == 1

    outcome = click(stores, card, "max")
    view = purchase.order_view(stores, "PO-1001")

    assert outcome.result == "stale"
    assert outcome.difference is not None
    assert outcome.difference.money_minor == 120_00
    assert (view.state, view.revision) == (OrderState.DRAFT, 2)
    told = conversation.take_notices(stores, "bea", now=NOW)
    assert "repriced" in [notice["kind"] for notice in told]
    assert audit.verify(stores).verified
    assert reprice(stores, dearer()) == 0


@pytest.mark.parametrize(("rate", "changed"), [("0.865", 0), ("0.90", 1)])
def test_a_rate_is_the_recorded_one_until_it_has_moved_far(
    stores: Stores, rate: str, changed: int
) -> None:
    draft(stores, buy("LAMP-OAK-01", 60, currency="EUR"))
    rates = {**TERMS.rates, "EUR": Decimal(rate)}

    assert reprice(stores, replace(TERMS, rates=rates)) == changed
    recorded = purchase.order_view(stores, "PO-1001").content.rate
    assert recorded == (Decimal(rate) if changed else TERMS.rates["EUR"])


def test_what_was_approved_or_sent_keeps_its_price(stores: Stores) -> None:
    click(stores, proposed(stores, buy("LAMP-OAK-01", 60)), "max")
    click(stores, proposed(stores, buy("LAMP-OAK-01", 12), run_id="run-2"), "max")
    mark_sent(stores, "PO-1001")
    assert reprice(stores, dearer()) == 0


def test_an_item_that_left_the_price_list_keeps_its_price(stores: Stores) -> None:
    draft(stores, buy("LAMP-OAK-01", 60))
    assert reprice(stores, replace(TERMS, offers={})) == 0


def test_a_tax_that_is_newly_stated_counts_though_no_price_has_changed(stores: Stores) -> None:
    card = proposed(stores, buy("LAMP-OAK-01", 60))
    nordlicht = replace(TERMS.suppliers["NORDLICHT"], tax_percent=Decimal(20))
    taxed = replace(TERMS, suppliers={**TERMS.suppliers, "NORDLICHT": nordlicht})
    assert reprice(stores, taxed) == 1
    assert click(stores, card, "max").result == "stale"
    (line,) = purchase.order_view(stores, "PO-1001").content.lines
    assert line.tax_minor("GBP") == 240_00
    # Neither data that repeats it nor data that states none is news.
    assert (reprice(stores, taxed), reprice(stores, TERMS)) == (0, 0)
