"""Tax as stated and freight as estimated: shown, added up on paper, never guessed."""

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from engine.kernels.discounts import PriceTiers
from engine.model.contract import BY_NAME
from engine.purchase.compose import compose_orders
from engine.purchase.order import OrderContent
from engine.purchase.reprice import repriced
from engine.purchase.spending import TOTAL, spending_by_scope
from engine.purchase.terms import Offer, Terms, terms_on
from engine.purchase.totals import TaxPart, totals_of
from support.order_documents import order_document, order_line
from support.purchasing import TERMS, Run, buy, frame, offer, pounds, supplier_terms


def content(*rates: str | None, **lines: object) -> OrderContent:
    """Lines of 1,699.20 euros each, with these rates of tax."""
    taxed = [
        order_line(n, tax_percent=None if rate is None else Decimal(rate), **lines)
        for n, rate in enumerate(rates, start=1)
    ]
    return order_document(*taxed).content


def test_without_a_stated_rate_there_is_no_total_with_tax() -> None:
    totals = totals_of(content(None, None))
    assert (totals.taxes, totals.with_tax_minor) == ((), None)
    assert (totals.unstated_lines, totals.unstated_minor) == (2, 339_840)


def test_a_rate_of_zero_is_stated() -> None:
    totals = totals_of(content("0"))
    assert totals.with_tax_minor == totals.goods_minor == 169_920
    assert totals.taxes == (TaxPart(percent=Decimal(0), net_minor=169_920, tax_minor=0),)


def test_each_line_is_rounded_once_half_to_even_and_the_rates_add_up() -> None:
    totals = totals_of(content("19", "7", "19"))
    # 1,699.20 x 19 % = 322.848; x 7 % = 118.944
    assert totals.taxes == (
        TaxPart(percent=Decimal(7), net_minor=169_920, tax_minor=11_894),
        TaxPart(percent=Decimal(19), net_minor=339_840, tax_minor=2 * 32_285),
    )
    assert totals.with_tax_minor == 3 * 169_920 + 11_894 + 64_570


@pytest.mark.parametrize(("rate", "tax"), [("2.5", 2), ("7.5", 8), ("8.875", 9), ("100", 100)])
def test_half_a_minor_unit_goes_to_the_even_one(rate: str, tax: int) -> None:
    line = order_line(
        1, units=1, case_pack=1, tax_percent=Decimal(rate),
        tiers=PriceTiers(breaks=(0,), prices_micros=(1_000_000,)),
    )  # fmt: skip
    assert line.tax_minor("EUR") == tax
    assert line.tax_minor("JPY") in (0, 1)


def test_one_line_without_a_rate_leaves_the_whole_open() -> None:
    totals = totals_of(content("19", None))
    assert totals.with_tax_minor is None
    assert (totals.unstated_lines, totals.unstated_minor) == (1, 169_920)
    assert totals.taxes[0].tax_minor == 32_285


def test_limits_and_budgets_count_orders_without_tax_and_freight() -> None:
    plain, taxed = content(None), content("19", freight_minor=5_000)
    assert taxed.base_total_minor == plain.base_total_minor
    assert spending_by_scope(taxed)[TOTAL] == spending_by_scope(plain)[TOTAL]


def composed(terms: Terms, **other: object) -> OrderContent:
    (order,) = compose_orders(frame(buy("LAMP-OAK-01", 60, **other)), terms, on=Run().as_of)
    return order


def with_tax(supplier: str | None, item: str | None) -> Terms:
    oak: Offer = replace(offer((0, "20")), tax_percent=None if item is None else Decimal(item))
    stated = None if supplier is None else Decimal(supplier)
    return replace(
        TERMS, offers={("NORDLICHT", "LAMP-OAK-01"): oak},
        suppliers={"NORDLICHT": supplier_terms("Nordlicht GmbH", tax_percent=stated)},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("supplier", "item", "rate"),
    [(None, None, None), ("20", None, "20"), ("20", "0", "0"), (None, "5", "5")],
)
def test_an_items_own_rate_goes_before_its_suppliers(
    supplier: str | None, item: str | None, rate: str | None
) -> None:
    line = composed(with_tax(supplier, item)).lines[0]
    assert line.tax_percent == (None if rate is None else Decimal(rate))


def test_freight_is_the_plans_and_lies_within_the_landed_cost() -> None:
    totals = totals_of(composed(TERMS, freight_minor=1_200, duty_minor=300, charges_minor=50))
    assert (totals.freight_minor, totals.duty_minor, totals.charges_minor) == (1_200, 300, 50)
    assert totals.landed_minor == pounds(1200) + 1_550


def test_a_tax_that_is_newly_stated_counts_with_the_price_and_by_itself() -> None:
    before = composed(with_tax(None, None))
    taxed = with_tax("20", None)
    dearer = replace(taxed, offers={("NORDLICHT", "LAMP-OAK-01"): offer((0, "21"))})
    assert repriced(before, dearer).lines[0].tax_percent == Decimal(20)
    assert repriced(before, taxed).lines[0].tax_percent == Decimal(20)
    assert repriced(before, with_tax(None, None)) == before  # nothing new is stated


def test_a_rate_is_read_as_it_is_written_and_data_without_the_column_states_none() -> None:
    suppliers = pd.DataFrame(
        [{"supplier": "A", "name": None, "payment_days": 30, "incoterm": "DAP",
          "lead_time_days": None, "tax_percent": 8.875}]
    )  # fmt: skip
    nothing = pd.DataFrame(columns=["supplier", "sku", "name", "category", "date", "currency"])
    tables = {"suppliers": suppliers, **dict.fromkeys(("supplier_items", "items"), nothing)}
    tables["fx_rates"] = pd.DataFrame(
        {"date": pd.to_datetime([]), "currency": [], "rate": pd.Series([], dtype=float)}
    )
    terms = terms_on(tables, day=Run().as_of, base_currency="GBP")
    assert terms.suppliers["A"].tax_percent == Decimal("8.875")
    tables["suppliers"] = suppliers.drop(columns="tax_percent")
    terms = terms_on(tables, day=Run().as_of, base_currency="GBP")
    assert terms.suppliers["A"].tax_percent is None
    for table in ("suppliers", "supplier_items"):
        assert BY_NAME[table].column("tax_percent").minimum == 0
